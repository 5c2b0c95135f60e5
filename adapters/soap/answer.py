"""What a login's answer holds, as trees from the envelope in, and which of them has the token."""

from collections.abc import Sequence
from typing import Any

from lxml import etree

from adapters.decode.json_text import parse_json
from adapters.decode.places import value_at
from adapters.decode.xml_text import parse_xml
from adapters.errors import Malformed
from adapters.limits import Limits

NO_TOKEN = "the login returned no token (登录未返回令牌)"  # noqa: S105 - words


def login_trees(root: etree._Element, result: str, limits: Limits) -> list[Any]:
    """The envelope, and the document that a login may return as text; none where that is the token itself. Raises
    Malformed."""
    begins = result.strip()[:1]
    if begins == "{":
        return [root, parse_json(result, limits)]
    return [root, parse_xml(result.strip())[1]] if begins == "<" else [root]


def token_in(place: str | None, trees: Sequence[Any], result: str) -> str:
    """The text at that place in whichever document has one, or what was returned. Raises Malformed for none."""
    found = (value_at(tree, place) for tree in trees) if place else iter([result])
    token = next((one for one in found if one is not None), None)
    if not isinstance(token, str) or not token:
        raise Malformed(NO_TOKEN)
    return token
