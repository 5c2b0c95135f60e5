"""What is asked of a system."""

from typing import Literal

from pydantic import Field

from adapters.spec.strict import Strict
from adapters.texts import Text, UrlPath


class RequestSpec(Strict):
    """What is asked. REST: method, path, query, headers, json. SOAP: operation, arguments in the WSDL's order, json.

    `{page}`, `{size}`, `{from}`, `{to}`, `{token}` and, in SOAP arguments, `{json}` are filled in; a value that is nothing
    but `{page}` or `{size}` becomes a number in JSON.
    """

    method: Literal["GET", "POST"] = "GET"
    path: UrlPath | None = None
    query: dict[str, str] = {}
    headers: dict[str, str] = {}
    body: dict[str, str] = Field(default={}, alias="json")
    operation: Text | None = None
    arguments: tuple[str, ...] = ()
