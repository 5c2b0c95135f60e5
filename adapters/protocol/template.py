"""Declared requests filled in: `{page}`, `{from}` … from the run, `${NAME}` and `file:` from where secrets are kept.

Both are filled in one pass, so that nothing that came from a system is ever taken for the name of a secret.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from adapters.protocol.paging import Ask

PAGE_SLOTS = ("page", "size", "from", "to", "offset", "next", "id")
LEFT_OUT = frozenset({"{next}", "{id}"})
"""What is nothing but one of these isn't sent while it is empty: the first request has no token yet."""
SLOTS = (*PAGE_SLOTS, "token", "json", "json64", "text", "text64")
SLOT = re.compile(r"\$\{[A-Za-z_][A-Za-z0-9_]*\}|\{([A-Za-z_][A-Za-z0-9_]*)\}")
# characters of Unicode's private use, between which stands the name of what is known only when a call is sent
OPEN, CLOSE = "\ue000", "\ue001"
MARK = re.compile(f"{OPEN}([A-Za-z_][A-Za-z0-9_]*){CLOSE}")

Values = Mapping[str, str | int]
Reveal = Callable[[str], str]


def fill(template: str, values: Values, reveal: Reveal) -> str:
    """The text with all slots filled; `reveal` is handed each `${NAME}` (or a whole `file:…`). What only the moment of
    sending knows, such as a signature, is marked (`resolved`). KeyError for a slot of a page without value."""
    if template.startswith("file:"):
        return reveal(template)

    def one(found: re.Match[str]) -> str:
        name = found[1]
        if not name:
            return reveal(found[0])
        return str(values[name]) if name in values or name in SLOTS else f"{OPEN}{name}{CLOSE}"

    return SLOT.sub(one, template)


def marked(text: str) -> bool:
    """Whether something in it isn't known yet."""
    return MARK.search(text) is not None


def resolved(text: str, known: Mapping[str, str]) -> str:
    """The text with what is known now; the rest stays marked.

    >>> resolved(fill("{time} {sign}", {}, str), {"time": "12"}) == fill("12 {sign}", {}, str)
    True
    """
    return MARK.sub(lambda found: known.get(found[1], found[0]), text)


def fill_all(templates: Mapping[str, str], values: Values, reveal: Reveal) -> dict[str, str]:
    return {name: fill(template, values, reveal) for name, template in sent(templates, values)}


def sent(templates: Mapping[str, Any], values: Values) -> Iterator[tuple[str, Any]]:
    return (
        (name, template)
        for name, template in templates.items()
        if not isinstance(template, str) or template not in LEFT_OUT or values.get(template[1:-1])
    )


def fill_json(templates: Mapping[str, Any], values: Values, reveal: Reveal) -> dict[str, Any]:
    """As `fill_all`, at any depth; what is nothing but a slot keeps its value's type."""
    return {name: _fill_any(template, values, reveal) for name, template in sent(templates, values)}


def _fill_any(template: Any, values: Values, reveal: Reveal) -> Any:
    if isinstance(template, dict):
        return fill_json(template, values, reveal)
    if isinstance(template, list):
        return [_fill_any(one, values, reveal) for one in template]
    if template[:1] == "{" and template[1:-1] in values:
        return values[template[1:-1]]
    return fill(template, values, reveal)


def texts_in(declared: Any, place: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Each text of declared arguments of any depth, with where it stands."""
    if isinstance(declared, dict):
        for name, one in declared.items():
            yield from texts_in(one, (*place, name))
    elif isinstance(declared, list):
        for number, one in enumerate(declared):
            yield from texts_in(one, (*place, number))
    else:
        yield place, str(declared)


def page_values(ask: Ask) -> dict[str, str | int]:
    told = (ask.page, ask.size, ask.since, ask.until, ask.offset, ask.next, ask.id)
    return dict(zip(PAGE_SLOTS, told, strict=True))
