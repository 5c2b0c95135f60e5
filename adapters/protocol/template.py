"""Declared requests filled in: `{page}`, `{from}` … from the run, `${NAME}` and `file:` from where secrets are kept.

Both are filled in one pass, so that nothing that came from a system is ever taken for the name of a secret.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from adapters.protocol.paging import Ask
from adapters.spec import RequestSpec

PAGE_SLOTS = ("page", "size", "from", "to")
SLOTS = (*PAGE_SLOTS, "token", "json")
SLOT = re.compile(rf"\$\{{[A-Za-z_][A-Za-z0-9_]*\}}|\{{({'|'.join(SLOTS)})\}}")

Values = Mapping[str, str | int]
Reveal = Callable[[str], str]


def fill(template: str, values: Values, reveal: Reveal) -> str:
    """The text with all slots filled; `reveal` is handed each `${NAME}` (or a whole `file:…`). KeyError for a slot without value."""
    if template.startswith("file:"):
        return reveal(template)
    return SLOT.sub(lambda found: str(values[found[1]]) if found[1] else reveal(found[0]), template)


def fill_all(templates: Mapping[str, str], values: Values, reveal: Reveal) -> dict[str, str]:
    return {name: fill(template, values, reveal) for name, template in templates.items()}


def fill_json(templates: Mapping[str, str], values: Values, reveal: Reveal) -> dict[str, str | int]:
    """As `fill_all`; what is nothing but a slot keeps its value's type."""
    return {
        name: values[template[1:-1]]
        if template[:1] == "{" and template[1:-1] in values
        else fill(template, values, reveal)
        for name, template in templates.items()
    }


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
    return dict(zip(PAGE_SLOTS, (ask.page, ask.size, ask.since, ask.until), strict=True))


def asked(request: RequestSpec, values: Values) -> dict[str, str]:
    """What was asked, for the record: secrets stand there by their names, a token not at all."""
    shown = {**values, "token": "***"}
    parts = {"query": request.query, "json": request.body}
    return {
        part: json.dumps(fill_all(templates, shown, str), ensure_ascii=False)
        for part, templates in parts.items()
        if templates
    }
