"""liandan map drift: how the systems have changed, and that somebody knows."""

from typing import Annotated, Any

import typer

from gateway.cli.command import Json, Packs
from gateway.cli.opened import opened
from gateway.cli.output import emit_json, note, table


def drift(
    adapter: Annotated[
        str | None, typer.Argument(metavar="ADAPTER", help="只看此适配器 · only of this adapter")
    ] = None,
    dataset: Annotated[
        str | None, typer.Argument(metavar="DATASET", help="只看此数据集 · only of this dataset of it")
    ] = None,
    ack: Annotated[
        str | None, typer.Option("--ack", metavar="ID", help="确认一项 · acknowledge one, with --reason")
    ] = None,
    reason: Annotated[str | None, typer.Option("--reason", help="确认的原因 · why it's in order")] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="包括已确认和已结束的 · also what was acknowledged or has ended")
    ] = False,
    pack: Packs = None,
    as_json: Json = False,
) -> None:
    """源系统的变化 · What has changed in a source: new or vanished places, other types, unseen codes"""
    from gateway.clock import system_clock  # noqa: PLC0415
    from gateway.errors import UsedWrongly  # noqa: PLC0415
    from gateway.read import drift as changes  # noqa: PLC0415

    if (ack is None) != (reason is None or not reason.strip()):
        raise UsedWrongly("--ack 与 --reason 须一起使用", "--ack and --reason go together")
    with opened(pack) as gateway:
        database = gateway.database
        if adapter is not None:
            with database.read() as conn:
                changes.require_known(conn, gateway.packs, adapter, dataset)
        if ack is not None and reason is not None:
            with database.write() as conn:
                changes.acknowledge(conn, ack, reason, system_clock())
            note(f"已确认 {ack} · acknowledged {ack}")
        with database.read() as conn:
            found = changes.listing(conn, adapter, dataset, closed=everything)
    if as_json:
        emit_json({"drift": found})
        return
    table(
        (
            "id",
            "数据集 dataset",
            "变化 what",
            "位置 place",
            "例 example",
            "次数 count",
            "自 since",
            "首个载荷 first payload",
            "下一步 next",
        ),
        [_row(one) for one in found],
        empty="没有变化 · nothing has changed",
    )
    note(f"{len(found)} 项变化 · {len(found)} changes")


def _row(one: dict[str, Any]) -> tuple[Any, ...]:
    state = "" if one["state"] == "open" else f" [{one['state']}{': ' + one['why'] if one['why'] else ''}]"
    return (
        one["id"],
        f"{one['adapter']} {one['dataset']}",
        " / ".join(one["words"]) + state,
        one["place"],
        one["example"],
        one["count"],
        one["first_at"],
        one["payload_hash"],
        " / ".join(one["next"]),
    )
