"""liandan keys: credentials of readers and writers."""

from typing import Annotated

import typer

from gateway.cli.command import Json, example, group
from gateway.cli.opened import opened_store
from gateway.cli.output import emit_json, note, say, table

app = group("管理访问凭证 · Create, list and revoke credentials", "liandan keys create ministry --role national")


@app.command(epilog=example("liandan keys create ministry --role national --json"))
def create(
    name: Annotated[str, typer.Argument(metavar="NAME", help="持有者名称 · who holds it")],
    role: Annotated[str, typer.Option("--role", help="national | province | inspector | operator | auditor")],
    division: Annotated[
        str | None, typer.Option("--division", help="行政区划代码, 如 32 · division code, e.g. 32")
    ] = None,
    as_json: Json = False,
) -> None:
    """新建凭证, 仅显示一次 · Make a key; it is shown once"""
    from gateway import keys  # noqa: PLC0415
    from gateway.clock import system_clock  # noqa: PLC0415

    with opened_store() as database:
        key = keys.create(database, name, role, division, system_clock())
    if as_json:
        emit_json({"key": key})
        return
    say(key)
    note("此密钥只显示一次, 请妥善保存 · this key is shown only now: keep it safe")


@app.command("list", epilog=example("liandan keys list"))
def list_keys(as_json: Json = False) -> None:
    """列出凭证 (不含密钥) · List credentials, without the keys"""
    from gateway.store import keys  # noqa: PLC0415

    with opened_store() as database, database.read() as conn:
        rows = keys.rows(conn)
    if as_json:
        names = ("name", "role", "division", "created_at", "revoked_at")
        emit_json({"keys": [{name: getattr(row, name) for name in names} for row in rows]})
        return
    table(
        ("名称 name", "角色 role", "区划 division", "建立 created", "吊销 revoked"),
        [(row.name, row.role, row.division, row.created_at, row.revoked_at) for row in rows],
        empty="尚无凭证 · no keys yet: liandan keys create NAME --role …",
    )


@app.command(epilog=example("liandan keys revoke ministry"))
def revoke(
    name: Annotated[str, typer.Argument(metavar="NAME", help="持有者名称 · who holds it")], as_json: Json = False
) -> None:
    """吊销该名称的全部凭证 · End all keys of that name"""
    from gateway import keys  # noqa: PLC0415
    from gateway.clock import system_clock  # noqa: PLC0415

    with opened_store() as database:
        count = keys.revoke(database, name, system_clock())
    if as_json:
        emit_json({"revoked": count})
        return
    say(f"已吊销 {count} 个凭证 · {count} revoked")
