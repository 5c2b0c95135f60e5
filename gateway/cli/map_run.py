"""liandan map run: saved answers mapped, each source value beside what became of it. Nothing is stored."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from gateway.cli.command import Json, Packs, example
from gateway.cli.opened import opened
from gateway.cli.output import emit_json, note, printable, say

COLOURS = {
    "mapped": "green", "looked_up": "cyan", "derived": "blue", "constant": "blue", "defaulted": "yellow", "blank": "dim",
    "missing": "dim",
}  # fmt: skip
Files = Annotated[
    list[Path], typer.Argument(metavar="FILE…", help="文件 · saved answers", exists=True, dir_okay=False, readable=True)
]


def register(app: typer.Typer) -> None:
    """Makes it a command of the group `map`."""
    app.command(
        epilog=example("liandan map run js manifests page.json", "liandan map run js manifests record.json --out")
    )(run)


def run(
    adapter: Annotated[str, typer.Argument(metavar="ADAPTER", help="适配器 · whose answer it is")],
    dataset: Annotated[str, typer.Argument(metavar="DATASET", help="数据集 · which dataset of it")],
    file: Files,
    *,
    out: Annotated[
        bool,
        typer.Option("--out", help="反向: 文件中是标准记录 · the way back: the file holds records of the standard"),
    ] = False,
    pack: Packs = None,
    as_json: Json = False,
) -> None:
    """试运行映射 · Saved answers mapped: each source value, its steps, and the value it became; nothing is stored"""
    from gateway.programs import outward  # noqa: PLC0415
    from gateway.read.tryout import mapped  # noqa: PLC0415
    from gateway.read.written import written  # noqa: PLC0415
    from gateway.registration import read_adapter  # noqa: PLC0415

    with opened(pack) as gateway:
        if out:
            found = written(outward(gateway.packs.province(adapter), dataset), file)
        else:
            program = gateway.programs.program(adapter, dataset)
            found = mapped(read_adapter(gateway.packs, adapter), program, dataset, file)
    if as_json:
        emit_json({"records": found.records, "refused": found.refused})
    for one in () if as_json else found.records:
        _show(one, out=out)
    for field, rule in () if as_json else unread(found.records):
        note(f"∅ {field}   规则从未取到值 · its rule never found anything   {rule}")
    for key in () if as_json or out else repeated(found.records):
        told = "多条记录主键相同而内容不同，以 newer 最大者、否则最后一条为准（同一记录的多行请用 group） · several records have this key and differ: the newest counts, else the last (rows of one record need `group`)"
        note(printable(f"≠ {key}   {told}"))
    for one in () if as_json else found.refused:
        note(printable(f"✗ {one['source_key'] or '-'}   {one['place']}: {'; '.join(one['reasons'])}"))
    if found.refused:
        raise typer.Exit(1)


def unread(records: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """(field without positions, its rule) of every rule that found nothing in any record: a path that is wrong looks so."""
    found: dict[tuple[str, str], bool] = {}
    for entry in (entry for one in records for entry in one["entries"]):
        field = "/".join("*" if step.isdigit() else step for step in entry["field"].split("/"))
        told = entry["how"] in {"constant", "derived"} or any("raw" in one for one in entry["inputs"])
        found[field, entry["rule"]] = found.get((field, entry["rule"]), False) or told
    return [rule for rule, told in found.items() if not told]


def repeated(records: list[dict[str, Any]]) -> list[str]:
    """The source keys under which several records say different things."""
    first: dict[str, Any] = {}
    differ = [
        one["source_key"] for one in records if first.setdefault(one["source_key"], one["content"]) != one["content"]
    ]
    return list(dict.fromkeys(differ))


def _show(one: dict[str, Any], *, out: bool) -> None:
    from gateway.cli.lineage import say_entry  # noqa: PLC0415
    from gateway.read.answer import encode  # noqa: PLC0415

    say(f"── {one['source_key']}   {printable(one['place'])}")
    if sys.stdout.isatty() and not out:
        _side_by_side(one["entries"])
    else:
        say(printable(one["text"] if out else encode(one["content"]).decode()))
        for entry in one["entries"]:
            say_entry(entry)
    for finding in one["findings"]:
        note(printable(f"{finding['id']}  {finding['message']} / {finding['message_en']}"))


def _side_by_side(entries: list[dict[str, Any]]) -> None:
    """On a terminal: where a value stands and what stands there, the steps, the field and what it became."""
    from rich.console import Console  # noqa: PLC0415 - slow to import, and only needed for a terminal
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    from gateway.cli.lineage import shown  # noqa: PLC0415

    grid = Table("来源 source", "原值 raw", "步骤 steps", "字段 field", "标准值 value", "", header_style="bold")
    for entry in entries:
        inputs = entry["inputs"]
        cells = (
            "\n".join(printable(one["source"]) for one in inputs),
            "\n".join(shown(one["raw"]) if "raw" in one else "∅" for one in inputs),
            printable(" › ".join(step for step in entry["steps"] if step not in {"nfkc", "trim"})),
            entry["field"],
            shown(entry["value"]) if "value" in entry else "∅",
            f"{entry['how']} {entry['rule']}",
        )
        grid.add_row(*(Text(cell, overflow="fold") for cell in cells), style=COLOURS[entry["how"]])
    Console().print(grid)
