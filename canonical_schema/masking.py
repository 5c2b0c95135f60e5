"""Personal data out of sight for readers without the right: `***` in its place, and the list of what was masked.

What is personal is what the models mark (`x-personal`): every person and the emergency telephone. A finding that quotes
a personal value (X001 quotes both sides, M000 the raw one) keeps its fields and loses its words.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any, get_args

from canonical_schema.fields import ObjectType, field_tree
from canonical_schema.record import MASK
from canonical_schema.rules import REGISTRY
from canonical_schema.types import FindingId

Json = dict[str, Any]
Plan = dict[str, "Plan | None"]
"""Field name → None where it is personal, else the plan of the object (or of each item) that holds something personal."""
QUOTING = frozenset(get_args(FindingId))
"""Rules whose findings may quote a value that was refused: people type names and telephones into any field."""
_WORDS = ("含个人信息，已遮蔽", "it quotes personal data, which is masked")


def masked(envelope: Json) -> Json:
    """The envelope as such a reader gets it; the same object where it holds nothing personal. Stored bytes stay as they are."""
    pointers: list[str] = []
    content = _part(_plan(envelope["kind"]), envelope["content"], "", pointers)
    findings = [_finding(envelope["kind"], one) for one in envelope["quality"]["findings"]]
    if not pointers and findings == envelope["quality"]["findings"]:
        return envelope
    out = envelope | {"content": content, "quality": envelope["quality"] | {"findings": findings}}
    return out | {"masked": pointers} if pointers else out


def is_personal(kind: str, pointer: str) -> bool:
    """Whether a JSON Pointer into the content of that kind leads to personal data, or to what holds some.

    >>> is_personal("manifest", "/legs/0/driver/phone"), is_personal("manifest", "/legs/0/vehicle/plate")
    (True, False)
    """
    plan: Plan | None = _plan(kind)
    for step in pointer.split("/")[1:]:
        if step.isdigit():
            continue
        if plan is None or step not in plan:
            return False
        plan = plan[step]
        if plan is None:
            return True
    return True


@cache
def _plan(kind: str) -> Plan:
    return _plan_of(field_tree(kind))


def _plan_of(part: ObjectType) -> Plan:
    plan: Plan = {}
    for name, field in part.fields.items():
        if field.personal:
            plan[name] = None
        elif isinstance(field.type, ObjectType) and (inner := _plan_of(field.type)):
            plan[name] = inner
    return plan


def _part(plan: Plan, value: Any, at: str, pointers: list[str]) -> Any:
    if isinstance(value, list):
        return [_part(plan, one, f"{at}/{place}", pointers) for place, one in enumerate(value)]
    out = dict(value)
    for name, inner in plan.items():
        if name in value:
            where = f"{at}/{name}"
            out[name] = (
                _hidden(value[name], where, pointers) if inner is None else _part(inner, value[name], where, pointers)
            )
    return out


def _hidden(value: Any, at: str, pointers: list[str]) -> Any:
    """Every scalar replaced; the shape stays, so that a masked record has the fields that the real one has."""
    if isinstance(value, dict):
        return {name: _hidden(inner, f"{at}/{name}", pointers) for name, inner in value.items()}
    if isinstance(value, list):
        return [_hidden(inner, f"{at}/{place}", pointers) for place, inner in enumerate(value)]
    pointers.append(at)
    return MASK


def _finding(kind: str, finding: Json) -> Json:
    """X001 quotes both sides; a finding on a refused value quotes what stood there, and that may be anything."""
    if finding["id"] in QUOTING:
        rule = REGISTRY[finding["id"]]
        return finding | {"message": rule.title, "message_en": rule.title_en}
    if any(_quotes(kind, pointer) for pointer in finding["fields"]):
        return finding | {"message": _WORDS[0], "message_en": _WORDS[1]}
    return finding


def _quotes(kind: str, pointer: str) -> bool:
    # A finding on a whole party or leg may quote anything in it; one on the whole record quotes nothing.
    return pointer != "" and is_personal(kind, pointer)


def outline(text: str) -> str:
    """What a personal value looks like, without what it says.

    >>> outline("王小明 13800138000 Li-7")
    '某某某 99999999999 aa-9'
    """
    return "".join(
        "9" if one.isdigit() else one if not one.isalpha() else "a" if one.isascii() else "某" for one in text
    )


def personal_fields(kind: str) -> Iterator[str]:
    """The personal fields of a kind, as pointers without positions."""
    yield from _pointers(_plan(kind), "")


def _pointers(plan: Plan, at: str) -> Iterator[str]:
    for name, inner in plan.items():
        if inner is None:
            yield f"{at}/{name}"
        else:
            yield from _pointers(inner, f"{at}/{name}")
