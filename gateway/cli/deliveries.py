"""liandan deliveries: record versions owed to targets."""

from typing import Annotated

import typer

from gateway.cli.command import Json, example, group
from gateway.cli.opened import opened_store
from gateway.cli.output import emit_json, note, table

app = group("投递 · Record versions owed to targets", "liandan deliveries list --state dead")


@app.command("list", epilog=example("liandan deliveries list --state dead --json"))
def list_deliveries(
    target: Annotated[str | None, typer.Option("--target", help="只看此目标 · only to this target")] = None,
    state: Annotated[str | None, typer.Option("--state", help="pending | leased | delivered | dead")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=100_000, help="最多条数 · at most so many")] = 100,
    as_json: Json = False,
) -> None:
    """列出投递 · Deliveries, the newest first, with the target's last words"""
    from gateway.read import deliveries  # noqa: PLC0415

    with opened_store() as database, database.read() as conn:
        told = deliveries.listing(conn, target=target, state=state, limit=limit)
    if as_json:
        emit_json(told)
        return
    table(
        ("id", "目标 target", "记录 record", "版本 version", "状态 state", "次数 attempts", "答复 words"),
        [
            (one["id"], one["target"], one["record_id"], one["version"], one["state"], one["attempts"], one["words"])
            for one in told["deliveries"]
        ],
        empty="没有投递 · no deliveries",
    )
    note("  ".join(f"{name} {count}" for name, count in told["counts"].items()))
