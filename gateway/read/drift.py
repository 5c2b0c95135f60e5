"""How a source has changed, in words, and what its documents have shown so far."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection

from gateway.errors import NoSuchAdapter, NoSuchDrift
from gateway.packs import Packs
from gateway.store import adapters, datasets, descriptions, drift
from gateway.store.descriptions import Described
from gateway.store.drift import Drift, ShownPlace
from mappings import Program
from mappings.coverage import place_of
from mappings.drift import SCALARS, Known, Tally

Json = dict[str, Any]

_WORDS: Final = {
    "new_place": ("出现映射未提及的新字段", "a new place that the mapping doesn't name"),
    "changed_type": ("值的类型变了: {detail}", "its values have another type: {detail}"),
    "vanished_place": ("一直有值的字段不再出现 (已连续 {count} 次)", "it used to be filled and isn't any more ({count} in a row)"),
    "unseen_code": ("代码表中没有的值: {detail}", "a value that no list has: {detail}"),
    "changed_wsdl": ("接口描述(WSDL)变了 {count} 处: {detail}", "its WSDL has changed in {count} place(s): {detail}"),
}  # fmt: skip
_OF_WSDL: Final = "wsdl-"
_RENAMED: Final = ("; 可能改名为 {places}", "; perhaps it's now {places}")
_NEXT: Final = {
    "new_place": (
        "用 map coverage {of} 查看, 加规则, 或写入 ignore 并说明原因",
        "look at it with map coverage {of}; add a rule, or `ignore` it with a reason",
    ),
    "changed_type": ("核对读取该处的规则, 再确认", "check the rule that reads it, then acknowledge"),
    "vanished_place": ("向对方核实; 若改名, 修改规则的路径", "ask the system's people; if it was renamed, change the rule's path"),
    "unseen_code": ("在该规则的对照表中加入此值", "add it to the table of the rule that reads it"),
    "changed_wsdl": ("核对请求与映射, 再确认", "check requests and mapping against it, then acknowledge"),
}  # fmt: skip


def listing(
    conn: Connection, adapter: str | None = None, dataset: str | None = None, *, closed: bool = False
) -> list[Json]:
    """What has changed, the oldest first; `closed`: also what was acknowledged or has ended."""
    rows = drift.rows(conn, adapter, dataset)
    known = {row: drift.known(conn, row) or Known() for row in {one.dataset_id for one in rows}}
    shown = {row: drift.shown(conn, row) for row in known}
    listed = [one for one in rows if closed or one.state == "open"]
    told = [_item(one, known[one.dataset_id], shown[one.dataset_id], rows) for one in listed]
    if dataset is None:
        told += [_described(one) for one in descriptions.changed(conn, adapter) if closed or one.state == "open"]
    return told


def require_known(conn: Connection, packs: Packs, adapter: str, dataset: str | None = None) -> None:
    """NoSuchAdapter for what neither the store nor a loaded pack has ever heard of."""
    if dataset is None:
        if adapter not in adapters.stages(conn):
            packs.province(adapter)
    elif datasets.row(conn, adapter, dataset) is None and dataset not in (known := packs.province(adapter).mappings):
        listed = ", ".join(sorted(known)) or "-"
        raise NoSuchAdapter(
            f"适配器 {adapter} 没有数据集 {dataset!r}; 已有: {listed}",
            f"adapter {adapter} has no dataset {dataset!r}; there are: {listed}",
        )


def acknowledge(conn: Connection, item: str, why: str, at: datetime) -> None:
    """NoSuchDrift."""
    digits = item.removeprefix(_OF_WSDL)
    number = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 19 else 0
    kept = descriptions if item.startswith(_OF_WSDL) else drift
    if not kept.acknowledge(conn, number, why, at):
        raise NoSuchDrift(item[:80])


def counted(conn: Connection, program: Program, adapter: str, dataset: str) -> list[Json]:
    """Every place that the store has counted, as coverage of files tells it, with when it was last seen and what showed it."""
    row = drift.dataset_row(conn, adapter, dataset)
    known = drift.known(conn, row) if row is not None else None
    if row is None or known is None:
        return []
    shown, sources = drift.shown(conn, row), program.detector.sources
    out: list[Json] = []
    for place, first in shown.items():
        tally, state = known.places[place], sources.of(place_of(place))
        out.append(
            {
                "place": place,
                "state": state.state,
                "fields": state.fields,
                "reason": state.reason,
                "count": _values(tally),
                "example": first.example,
                "types": sorted(SCALARS & tally.types.keys()),
                "payload_hash": first.payload_hash,
                "first_at": first.first_at,
                "last_at": tally.last,
            }
        )
    return out


def _item(one: Drift, known: Known, shown: Mapping[str, ShownPlace], rows: Iterable[Drift]) -> Json:
    # What vanished has no value to show: the first one tells what it was.
    before = shown[one.place].example if one.kind == "vanished_place" and one.place in shown else ""
    count, last = _counted(one, known)
    said = {"detail": one.detail, "count": count, "of": f"{one.adapter} {one.dataset}"}
    words = [text.format_map(said) for text in _WORDS[one.kind]]
    if one.kind == "vanished_place" and (places := _appeared(one, rows)):
        words = [text + more.format(places=places) for text, more in zip(words, _RENAMED, strict=True)]
    return {
        "id": one.id,
        "adapter": one.adapter,
        "dataset": one.dataset,
        "kind": one.kind,
        "place": one.place,
        "detail": one.detail,
        "example": one.example or before,
        "payload_hash": one.payload_hash,
        "first_at": one.first_at,
        "last_at": last,
        "count": count,
        "state": one.state,
        "why": one.why,
        "words": words,
        "next": [text.format_map(said) for text in _NEXT[one.kind]],
    }


def _described(one: Described) -> Json:
    """A WSDL belongs to the adapter as a whole: its dataset is empty, and its id is told apart from the others'."""
    said = {"detail": "; ".join(one.changes), "count": len(one.changes)}
    return {
        "id": f"{_OF_WSDL}{one.id}",
        "adapter": one.adapter,
        "dataset": "",
        "kind": "changed_wsdl",
        "place": "WSDL",
        "detail": said["detail"],
        "example": "",
        "payload_hash": one.sha256,
        "first_at": one.first_at,
        "last_at": one.last_at,
        "count": said["count"],
        "state": one.state,
        "why": one.why,
        "words": [text.format_map(said) for text in _WORDS["changed_wsdl"]],
        "next": list(_NEXT["changed_wsdl"]),
    }


def _appeared(gone: Drift, rows: Iterable[Drift]) -> str:
    """New places in the same object, first shown by the same payload."""
    return ", ".join(
        one.place
        for one in rows
        if one.kind == "new_place"
        and (one.dataset_id, one.payload_hash) == (gone.dataset_id, gone.payload_hash)
        and one.place.rpartition("/")[0] == gone.place.rpartition("/")[0]
    )


def _counted(one: Drift, known: Known) -> tuple[int, str]:
    """How often it was met, and when last (of a place that vanished: how often not, and when last it was there)."""
    if one.kind == "unseen_code":
        word = known.unlisted[one.place][one.detail]
        return word.count, word.last
    tally = known.places[one.place]
    if one.kind == "vanished_place":
        return tally.missed, tally.last
    if one.kind == "changed_type":
        new = one.detail.rpartition("→")[2].replace("number", "integer, number").split(",")
        return sum(tally.types.get(type_.strip(), 0) for type_ in new), tally.last
    return _values(tally), tally.last


def _values(tally: Tally) -> int:
    return sum(times for type_, times in tally.types.items() if type_ in SCALARS)
