"""liandan show: one record as it is, as it was, or what changed in it."""

from typing import Annotated, Any

import typer

from gateway.cli.command import Json, Number, example, single
from gateway.cli.opened import opened_store
from gateway.cli.output import emit_json, printable, say, table

app = single()
NAMES = {"error": "错误", "warning": "警告", "info": "提示"}


@app.command(
    epilog=example(
        "liandan show 20263201000001",
        "liandan show 20263201000001 --at 2026-03-05",
        "liandan show 20263201000001 --diff 1 2",
    )
)
def show(
    no: Number,
    at: Annotated[
        str | None,
        typer.Option("--at", metavar="WHEN", help="某一时刻或某日终了所知 · as known at an instant or day's end"),
    ] = None,
    number: Annotated[int | None, typer.Option("--version", min=1, help="某一版本 · one version")] = None,
    diff: Annotated[
        tuple[int, int] | None,
        typer.Option("--diff", metavar="OLD NEW", help="两个版本的差异 · what two versions differ in"),
    ] = None,
    as_json: Json = False,
) -> None:
    """一条记录: 内容、疑点、差异、投递 · A record: what it says, what is odd in it, and who has been told"""
    import orjson  # noqa: PLC0415

    from gateway.errors import NoSuchThing, UsedWrongly  # noqa: PLC0415
    from gateway.read import versions  # noqa: PLC0415
    from gateway.read.manifests import resolve  # noqa: PLC0415
    from gateway.store import deliveries, discrepancies  # noqa: PLC0415

    if sum(one is not None for one in (at, number, diff)) > 1:
        raise UsedWrongly("--at、--version、--diff 只能选一个", "one of --at, --version and --diff")
    with opened_store() as database, database.read() as conn:
        record_id = resolve(conn, no)
        if diff is not None:
            told = versions.difference(conn, record_id, *diff)
        elif at is not None:
            told = versions.as_of(conn, record_id, at)
        else:
            told = versions.version(conn, record_id, number)
        differing = [one for one in discrepancies.of_record(conn, record_id) if one["open"]]
        taken = deliveries.acknowledged(conn, record_id)
    if as_json:
        emit_json(told)
        return
    found: dict[str, Any] = orjson.loads(told)
    if diff is not None:
        _say_difference(found)
        return
    if at is not None:
        if found["known"] is None:
            raise NoSuchThing(f"{found['at']} 时尚无此记录", f"nothing was known of it at {found['at']}")
        _say(found["known"])
        _say_taken([(one["target"], one["at"], one["version"]) for one in found["acknowledged"]])
        return
    _say(found)
    if number is None:
        for one in differing:
            sides = "  ".join(f"{side['adapter']}: {side['value']}" for side in one["sides"])
            say(printable(f"≠ {one['field']}   {sides}"))
        _say_taken(taken)


def _say(record: dict[str, Any]) -> None:
    from gateway.read.leaves import leaves  # noqa: PLC0415

    content = record["content"]
    systems = "、".join(f"{one['adapter']}/{one['dataset']} {one['source_key']}" for one in record["claims"])
    say(f"{record['kind']} {content.get('national_no') or '-'}   record {record['record_id']}")
    say(f"version {record['version']} {record['change']}   {record['recorded_at']}   {record['content_hash'][:12]}")
    say(printable(f"来自 from {systems}\n".rstrip()))
    table(("字段 field", "值 value"), list(leaves(content).items()), empty="没有内容 · no content")
    for one in record["quality"]["findings"]:
        severity = f"{NAMES.get(one['severity'], '')} {one['severity']}".strip()
        say(printable(f"! {one['id']} {severity} {', '.join(one['fields'])}: {one['message']} · {one['message_en']}"))


def _say_difference(told: dict[str, Any]) -> None:
    say(f"record {told['record_id']}   {told['from']} → {told['to']}   {told['change']}")
    table(
        ("字段 field", "之前 before", "之后 after"),
        [(one["field"], one.get("before", "∅"), one.get("after", "∅")) for one in told["fields"]],
        empty="内容相同 · the contents are equal",
    )
    for sign, name in (("+", "appear"), ("-", "vanish")):
        for one in told["findings"][name]:
            say(printable(f"{sign} {one['id']} {', '.join(one['fields'])}: {one['message']} · {one['message_en']}"))


def _say_taken(taken: list[tuple[str, str, int]]) -> None:
    for target, moment, version in taken:
        say(printable(f"→ {target} 已收到 has version {version}   {moment}"))
