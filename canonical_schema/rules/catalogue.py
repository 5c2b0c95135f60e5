"""Rule M010: waste codes and the national catalogue (国家危险废物名录) in force on the day of removal."""

from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache

from canonical_schema.codes import CodeList, editions
from canonical_schema.rules.rule import Content, Finding, warning

_IDENTIFIED = "900-000-"  # wastes found hazardous by identification that the list doesn't name


def codes_in_catalogue(content: Content, day: date) -> Iterator[Finding]:
    """M010: each code is in the catalogue in force, and the category is its last two digits."""
    removed = removal_day(content) or day.isoformat()
    for place, waste in enumerate(content["wastes"]):
        code = waste.get("code")
        if code is None:
            continue
        if not _listed(code, removed):
            edition = _edition(removed)
            name = edition.edition if edition else "?"
            yield warning(
                "M010",
                (f"/wastes/{place}/code",),
                f"废物代码 {code} 不在转移当日({removed})适用的《国家危险废物名录》({name} 年版)中",
                f"waste code {code} isn't in the catalogue in force on {removed} (edition {name})",
            )
        category = waste.get("category")
        if category is not None and category[2:] != code[-2:]:
            yield warning(
                "M010",
                (f"/wastes/{place}/category", f"/wastes/{place}/code"),
                f"废物类别 {category} 与废物代码 {code} 的末两位不一致",
                f"category {category} isn't the last two digits of waste code {code}",
            )


def hazards_agree(content: Content, day: date) -> Iterator[Finding]:
    """M011: a waste has the hazards that the catalogue calls certain for its code, and none that it doesn't name.

    Judged by the edition in force where its hazards are known here, else by the newest edition that knows the code.
    """
    removed = ""
    for place, waste in enumerate(content["wastes"]):
        told, code = waste.get("hazards"), waste.get("code")
        if told is None or code is None:
            continue
        removed = removed or removal_day(content) or day.isoformat()
        lacking, foreign = _disagreement(code, removed, tuple(told))
        if lacking or foreign:
            yield warning(
                "M011",
                (f"/wastes/{place}/hazards", f"/wastes/{place}/code"),
                f"废物代码 {code} 的危险特性与名录不符：缺 {_listed_or_dash(lacking)}，多 {_listed_or_dash(foreign)}",
                f"hazards of {code} don't agree with the catalogue: lacking {_listed_or_dash(lacking)}, "
                f"foreign {_listed_or_dash(foreign)}",
            )


def _listed_or_dash(signs: Iterable[str]) -> str:
    return ", ".join(sorted(signs)) or "—"


@lru_cache(maxsize=65_536)
def _disagreement(code: str, day: str, told: tuple[str, ...]) -> tuple[frozenset[str], frozenset[str]]:
    """The certain hazards that aren't told, and those told that the catalogue doesn't name."""
    known = _hazards(code, day)
    if known is None:
        return frozenset(), frozenset()
    certain, possible = known
    return certain.difference(told), frozenset(told) - certain - possible


@lru_cache(maxsize=65_536)
def _hazards(code: str, day: str) -> tuple[frozenset[str], frozenset[str]] | None:
    """The certain and the possible ones; None where no edition says any."""
    edition = _edition(day)
    for one in (*([edition] if edition else []), *reversed(editions("waste"))):
        row = one.rows.get(code, {})
        certain, possible = (
            frozenset(filter(None, row.get(f"hazards_{how}", "").split("|"))) for how in ("certain", "possible")
        )
        if certain or possible:
            return certain, possible
    return None


def removal_day(content: Content) -> str | None:
    """The day as text: handed over, else the first departure, else planned; None where nothing says it."""
    handed_over = content.get("consignor", _NOTHING).get("handed_over_at")
    if handed_over is not None:
        return str(handed_over["at"][:10])
    for leg in content.get("legs", ()):
        if "departed_at" in leg:
            return str(leg["departed_at"]["at"][:10])
    planned = content.get("planned_at")
    return None if planned is None else str(planned["at"][:10])


_NOTHING: Content = {}


@lru_cache(maxsize=4096)
def _edition(day: str) -> CodeList | None:
    """The edition in force, the newest where an older one has no end yet; None before the first that is kept here."""
    return next((one for one in reversed(editions("waste")) if one.in_force(date.fromisoformat(day))), None)


@lru_cache(maxsize=65_536)
def _listed(code: str, day: str) -> bool:
    """Whether the code passes. Where the edition isn't fully known here, a code of another known one is provisional."""
    edition = _edition(day)
    if code.startswith(_IDENTIFIED) or (edition is not None and edition.known(code)):
        return True
    if edition is not None and edition.complete:
        return False
    return any(other.known(code) for other in editions("waste"))
