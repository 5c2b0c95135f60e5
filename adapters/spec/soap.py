"""Where a SOAP service is, and how it wants to be called."""

from typing import Literal

from pydantic import Field

from adapters.spec.strict import Strict
from adapters.texts import Seconds, Text, UrlPath


class SecuritySpec(Strict):
    """WS-Security UsernameToken 1.1. `digest` sends Base64(SHA-1(nonce + created + password)), `text` the password itself.

    `nonce` and `created` go with a text password too where a system wants them; `timestamp` adds a wsu:Timestamp that is
    valid for so long. Moments are UTC by the gateway's clock.
    """

    user: Text
    password: Text
    kind: Literal["text", "digest"] = "digest"
    nonce: bool = True
    created: bool = True
    timestamp: Seconds | None = None
    must_understand: bool = False


class SoapSpec(Strict):
    """The address that a WSDL gives is often one that only its makers can reach: `endpoint` is below base_url.

    `wsdl` is a path below base_url, a URL, or a file beside the adapter file. `imports: here` asks base_url's host for what
    it imports, whatever host it names. It is asked for again once the kept one is `refresh` old. `service` and `port` choose by name, `version` by SOAP version; else the first SOAP
    port is used. `action` is how SOAPAction is sent: as a quoted string (SOAP 1.1 §6.1.1), bare, empty or not at all.
    """

    wsdl: Text
    endpoint: UrlPath
    imports: Literal["as_written", "here"] = "as_written"
    refresh: Seconds = 86400
    service: Text | None = None
    port: Text | None = None
    version: Literal["1.1", "1.2"] | None = None
    action: Literal["quoted", "bare", "empty", "none"] = "quoted"
    addressing: bool = False
    security: SecuritySpec | None = Field(default=None)
