"""What is asked of a system."""

from typing import Literal

from pydantic import Field, JsonValue

from adapters.spec.strict import Strict
from adapters.texts import Text, UrlPath


class RequestSpec(Strict):
    """What is asked. REST: method, path, query, headers and a body. SOAP: operation, arguments in the WSDL's order, json.

    The body is `form` (fields of a form), else `text` as it stands, else `json`, written in `charset`. Where it isn't the
    body itself, `json` and `text` fill `{json}` and `{text}`, their Base64 `{json64}` and `{text64}`.

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
    arguments: tuple[str, ...] = ()
