"""liandan quarantine: what could not be accepted, kept whole."""

from typing import Annotated, Any

import typer

from gateway.cli.command import Json, example, group
from gateway.cli.opened import opened_store
from gateway.cli.output import emit_json, say, table

app = group("隔离区 · What could not be accepted, and why", "liandan quarantine list")


@app.command("list", epilog=example("liandan quarantine list --adapter gd --json"))
def list_items(
    adapter: Annotated[str | None, typer.Option("--adapter", help="只看此适配器 · only of this adapter")] = None,
    as_json: Json = False,
) -> None:
    """列出隔离内容及原因 · What is quarantined, with its reasons"""
    from gateway.read import quarantine  # noqa: PLC0415

    with opened_store() as database, database.read() as conn:
        items = quarantine.listing(conn, adapter)
    if as_json:
        emit_json({"items": items})
        return
    names = ("id", "state", "adapter", "dataset", "source_key", "place")
    table(
        ("id", "状态 state", "适配器 adapter", "数据集 dataset", "源键 source key", "位置 place", "原因 reasons"),
        [(*(one[name] for name in names), "; ".join(one["reasons"])) for one in items],
        empty="隔离区为空 · nothing is quarantined",
    )


@app.command(epilog=example("liandan quarantine show 1"))
def show(
    item: Annotated[str, typer.Argument(metavar="ID", help="隔离项 · the item")],
    payload: Annotated[bool, typer.Option("--payload", help="输出原始载荷 (字节) · the payload's bytes alone")] = False,
    as_json: Json = False,
) -> None:
    """一项隔离内容 · One item: where it came from, why it is here, and its bytes"""
    import sys  # noqa: PLC0415

    from gateway.read import quarantine  # noqa: PLC0415

    with opened_store() as database, database.read() as conn:
        told: dict[str, Any] = quarantine.one(conn, item)
        body = quarantine.payload(conn, told["payload_hash"]) if payload else b""
    if payload:
        sys.stdout.buffer.write(body)
        return
    if as_json:
        emit_json(told)
        return
    for name, value in told.items():
        if name != "reasons":
            say(f"{name}: {'-' if value is None else value}")
    say("reasons:")
    for reason in told["reasons"]:
        say(f"  - {reason}")
