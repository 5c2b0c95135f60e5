"""liandan map diff: two versions of a mapping over stored payloads."""

from pathlib import Path
from typing import Annotated, Any

import typer

from gateway.cli.command import Adapter, Dataset, Json, Packs, example
from gateway.cli.opened import opened
from gateway.cli.output import emit_json, note, printable, say, table

_EACH = 100  # exchanges from one line of progress to the next


def register(app: typer.Typer) -> None:
    """Makes it a command of the group `map`."""
    app.command(
        epilog=example(
            "liandan map diff js manifests",
            "liandan map diff js manifests --against new.yaml --limit 5",
            "liandan map diff js manifests --old 3f2a81c09d4e --json",
        )
    )(diff)


def diff(
    adapter: Adapter,
    dataset: Dataset,
    old: Annotated[
        str | None,
        typer.Option(
            "--old", metavar="HASH", help="只与此映射版本的结果比较 · only with what this stored version made"
        ),
    ] = None,
    against: Annotated[
        Path | None,
        typer.Option(
            "--against",
            metavar="FILE",
            help="改用此映射文件, 默认包内的 · this mapping file instead of the pack's",
            exists=True,
            dir_okay=False,
            readable=True,
        ),
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=0, help="列出的记录数 · how many records to show")] = 20,
    pack: Packs = None,
    as_json: Json = False,
) -> None:
    """映射修改的影响 · What a changed mapping would change of what is stored; nothing is written"""
    from gateway.programs import compiled_file  # noqa: PLC0415
    from gateway.read.mapping_diff import compare  # noqa: PLC0415

    with opened(pack) as gateway:
        found = gateway.packs.province(adapter)
        program = gateway.programs.program(adapter, dataset) if against is None else compiled_file(found, against)
        for told in compare(gateway.shelf(gateway.adapters.spec(adapter), dataset, program), old=old, limit=limit):
            done = told.tally.exchanges
            if done and done % _EACH == 0:
                note(f"{done} / {done + told.left} 次交换 · exchanges")
    if as_json:
        emit_json(told.as_json())
        return
    _say(told.as_json())


def _say(told: dict[str, Any]) -> None:
    for record in told["records"]:
        say(printable(f"── {record['source_key'] or record['place']}   {record['change']}"))
        for one in record.get("fields", ()):
            say(printable(f"   {one['field']}   {_change(one)}"))
            for read in one["inputs"]:
                say(printable(f"       {read['document']} {read['source']} → {_shown(read, 'raw')}"))
        for sign, how in (("+", "appear"), ("-", "vanish")):
            for one in record.get("findings", {}).get(how, ()):
                say(f"   {sign} {one['id']} {', '.join(one['fields'])}")
        for reason in record.get("reasons", ()):
            say(printable(f"   ✗ {reason}"))
    rows = [
        (one["field"], one["count"], one["example"]["source_key"], _change(one["example"])) for one in told["fields"]
    ]
    findings = [(one["id"], f"+{one['appear']} -{one['vanish']}", "", "") for one in told["findings"]]
    table(
        ("字段 field", "次数 count", "例 example", "前 → 后 before → after"),
        [*rows, *findings],
        empty="没有变化 · no field changes",
    )
    names = ("changed", "newly_accepted", "newly_refused", "still_refused", "unchanged", "exchanges")
    note("  ".join(f"{name} {told[name]}" for name in names))


def _change(one: dict[str, Any]) -> str:
    return f"{_shown(one, 'before')} → {_shown(one, 'after')}"


def _shown(one: dict[str, Any], name: str) -> str:
    from gateway.read.answer import encode  # noqa: PLC0415 - heavy for --help

    return encode(one[name]).decode() if name in one else "∅"
