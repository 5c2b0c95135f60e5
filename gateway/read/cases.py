"""The cases of a pack: an input as it comes from a system, and what must become of it.

    contract_tests/provinces/<id>/mapping/<dataset>/<case>/input.<json, xml, zip …>
                                                          /expected.json
    {"records": [{"source_key", "content", "findings": [{"id", "fields"}], "lineage": [{"field", "how", …}]}],
     "refused": [{"source_key", "place", "reasons"}]}

`lineage` is wanted only of the fields that are listed, and of an entry only what is written there.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import msgspec

from adapters.spec import AdapterSpec
from gateway.errors import NoSuchThing, UsedWrongly
from gateway.intake.judged import unplaced
from gateway.packs import Found
from gateway.read.answer import encode
from gateway.read.leaves import changes, explained
from gateway.read.tryout import Tried, mapped
from mappings import Program

Json = dict[str, Any]

EXPECTED: Final = "expected.json"
_LINEAGE: Final = ("field", "how", "value", "inputs", "steps")  # not the rule: its line moves with every comment


class _Finding(msgspec.Struct):
    id: str
    fields: list[str]


class _Lineage(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    field: str
    how: str | msgspec.UnsetType = msgspec.UNSET
    value: Any = msgspec.UNSET
    inputs: list[Json] | msgspec.UnsetType = msgspec.UNSET
    steps: list[str] | msgspec.UnsetType = msgspec.UNSET


class _Record(msgspec.Struct):
    source_key: str | None
    content: Json
    findings: list[_Finding] = []
    lineage: list[_Lineage] = []


class _Refused(msgspec.Struct):
    source_key: str | None
    reasons: list[str]
    place: str = ""


class _Expected(msgspec.Struct):
    records: list[_Record] = []
    refused: list[_Refused] = []


_decoder = msgspec.json.Decoder(_Expected, float_hook=Decimal)


@dataclass(frozen=True, slots=True)
class Case:
    adapter: str
    dataset: str
    name: str
    input: Path

    @property
    def expected(self) -> Path:
        return self.input.with_name(EXPECTED)


@dataclass(frozen=True, slots=True)
class Outcome:
    """`differences`: record, field, expected, got (what isn't there has no key), and the lineage entry of the field.
    `body`: the expected file as it would be for this result."""

    case: Case
    differences: list[Json]
    body: bytes


def cases(found: Found, dataset: str | None = None) -> list[Case]:
    """By dataset and name. NoSuchThing where there is none, UsedWrongly where a folder has no input or several."""
    home = found.pack / "contract_tests/provinces" / found.id / "mapping"
    folders = [
        folder for folder in sorted(home.glob("*/*")) if folder.is_dir() and dataset in {None, folder.parent.name}
    ]
    if not folders:
        where = home / (dataset or "<dataset>") / "<case>"
        raise NoSuchThing(
            f"没有用例: 请放入 {where}/input.* 并运行 --update",
            f"there are no cases: put an input into {where}/input.* and run with --update",
        )
    return [Case(found.id, folder.parent.name, folder.name, _input(folder)) for folder in folders]


def _input(folder: Path) -> Path:
    found = sorted(folder.glob("input.*"))
    if len(found) != 1:
        raise UsedWrongly(
            f"{folder} 中应有且只有一个 input.* 文件, 现有 {len(found)} 个",
            f"{folder} must hold one file input.*, and holds {len(found)}",
        )
    return found[0]


def outcome(case: Case, spec: AdapterSpec, program: Program) -> Outcome:
    """Decoded, mapped and judged as everything else is. UsedWrongly for an expected file that isn't one."""
    tried = mapped(spec, program, case.dataset, [case.input])
    expected = _read(case.expected)
    body = msgspec.json.format(encode(_expected(tried, expected)), indent=2) + b"\n"
    return Outcome(case, list(_differences(expected, tried)), body)


def is_written(one: Outcome) -> bool:
    """Whether the expected file already says so, to the byte."""
    return one.case.expected.is_file() and one.case.expected.read_bytes() == one.body


def _read(file: Path) -> Json:
    if not file.is_file():
        return {"records": [], "refused": []}
    try:
        known: Json = msgspec.to_builtins(_decoder.decode(file.read_bytes()), builtin_types=(Decimal,))
    except (msgspec.DecodeError, ValueError, ArithmeticError) as error:  # the last of a number beyond all bounds
        raise UsedWrongly(
            f"{file} 不是用例的预期结果: {error}", f"{file} isn't what a case expects: {error}"
        ) from error
    return known


def _differences(expected: Json, tried: Tried) -> Iterator[Json]:
    refused = {one["source_key"]: one["reasons"] for one in tried.refused}
    for key, (wanted, got) in _paired(expected["records"], tried.records):
        if wanted is None:
            yield {"record": key, "field": "", "got": got["content"]}
        elif got is None:
            told = {"got": refused[key]} if key in refused else {}
            yield {"record": key, "field": "", "expected": wanted["content"]} | told
        else:
            yield from _record(key, wanted, got)
    for key, (wanted, got) in _paired(expected["refused"], tried.refused):
        sides = {"expected": wanted, "got": got}
        told = {name: list(unplaced(side["reasons"])) for name, side in sides.items() if side is not None}
        if len(told) < 2 or told["expected"] != told["got"]:
            yield {"record": key, "field": "refused"} | told


def _record(key: str | None, wanted: Json, got: Json) -> Iterator[Json]:
    names = {"before": "expected", "after": "got"}
    for field, told in changes(wanted["content"], got["content"]):
        entry = explained(got["entries"], field)
        yield {"record": key, "field": field} | {names[side]: value for side, value in told.items()} | {"entry": entry}
    found = _findings(got["findings"])
    if wanted.get("findings", []) != found:
        yield {"record": key, "field": "findings", "expected": wanted.get("findings", []), "got": found}
    for entry in wanted.get("lineage", ()):
        there = explained(got["entries"], entry["field"]) or {}
        other = [name for name in entry if there.get(name) != entry[name]]
        if other:
            sides = {"expected": entry, "got": there}
            told = {name: {at: side.get(at) for at in other} for name, side in sides.items()}
            yield {"record": key, "field": f"lineage {entry['field']}"} | told


def _paired(wanted: Iterable[Json], got: Iterable[Json]) -> Iterator[tuple[str | None, tuple[Any, Any]]]:
    """Items of one key side by side, in order; None where one side has no more."""
    sides: dict[str | None, tuple[list[Json], list[Json]]] = {}
    for place, items in enumerate((wanted, got)):
        for one in items:
            sides.setdefault(one["source_key"], ([], []))[place].append(one)
    for key, (left, right) in sides.items():
        for at in range(max(len(left), len(right))):
            yield key, (left[at] if at < len(left) else None, right[at] if at < len(right) else None)


def _findings(findings: Iterable[Json]) -> list[Json]:
    return [{"id": one["id"], "fields": one["fields"]} for one in findings]


def _expected(tried: Tried, before: Json) -> Json:
    """The result as an expected file; lineage of the fields that it was wanted of before."""
    wanted: dict[str | None, list[str]] = {
        one["source_key"]: [entry["field"] for entry in one.get("lineage", ())] for one in before["records"]
    }
    return {
        "records": [_written(one, wanted.get(one["source_key"], [])) for one in tried.records],
        "refused": [
            {"source_key": one["source_key"], "place": one["place"], "reasons": unplaced(one["reasons"])}
            for one in tried.refused
        ],
    }


def _written(record: Json, fields: list[str]) -> Json:
    out = {"source_key": record["source_key"], "content": record["content"], "findings": _findings(record["findings"])}
    known = {entry["field"]: entry for entry in record["entries"]}
    lineage = [{name: known[at][name] for name in _LINEAGE if name in known[at]} for at in fields if at in known]
    return out | {"lineage": lineage} if lineage else out
