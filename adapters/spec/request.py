"""What is asked of a system."""

from typing import Literal

from pydantic import Field, JsonValue

from adapters.spec.strict import Strict
from adapters.texts import Text, UrlPath


class RequestSpec(Strict):
    """What is asked. REST: method, path, query, headers and a body. SOAP: operation, arguments, json, text.

    The body is `form` (fields of a form), else `text` as it stands, else `json`, written in `charset`. Where it isn't the
    body itself, `json` and `text` fill `{json}` and `{text}`, their Base64 `{json64}` and `{text64}`.

    `arguments` is a list in the WSDL's order or names with values, as deep as the operation's types (see `soap.arguments`);
    `order` sends them in another order than the WSDL's, `action` another SOAPAction, `header` XML in the SOAP header.

    `{page}`, `{size}`, `{from}`, `{to}`, `{token}` and, in SOAP arguments, `{json}` are filled in; a value that is nothing
    but `{page}` or `{size}` becomes a number in JSON.
    """

    method: Literal["GET", "POST"] = "GET"
    path: UrlPath | None = None
    query: dict[str, str] = {}
    headers: dict[str, str] = {}
    body: dict[str, JsonValue] = Field(default={}, alias="json")
    form: dict[str, str] = {}
    text: Text | None = None
    charset: Text = "utf-8"
    operation: Text | None = None
    arguments: list[JsonValue] | dict[str, JsonValue] = []
    order: tuple[Text, ...] = ()
    action: str | None = None
    header: Text | None = None
