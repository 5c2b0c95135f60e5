"""liandan db: the store itself."""

import typer

from gateway.cli.command import Json, example, group
from gateway.cli.opened import opened_store
from gateway.cli.output import emit_json, note, say

app = group("数据库 · The store itself", "liandan db check")


@app.command(epilog=example("liandan db check", "LIANDAN_DATA=kept liandan db check --json"))
def check(*, as_json: Json = False) -> None:
    """核对整库与提交时是否一致 · Whether all that is stored is still what was committed: hash chain, contents, payloads"""
    from gateway.store import integrity  # noqa: PLC0415

    counts: dict[str, int] = {"commits": 0, "contents": 0, "payloads": 0}

    def told(part: str, count: int) -> None:
        counts[part] = count
        note(f"  {part} {count:,}")

    faults = []
    with opened_store() as database:
        for one in integrity.check(database, told):
            faults.append({"part": one.part, "at": one.at, "words": [one.zh, one.en]})
            if not as_json:
                say(f"✗ {one.part} {one.at}: {one.zh} · {one.en}")
    if as_json:
        emit_json({**counts, "faults": faults})
    elif not faults:
        checked = ", ".join(f"{count:,} {part}" for part, count in counts.items())
        say(f"✓ 与提交时一致 · all is as it was committed: {checked}")
    if faults:
        raise typer.Exit(1)
