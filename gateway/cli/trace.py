"""liandan trace: the whole chain of one manifest."""

from gateway.cli.command import Json, Number, example, single
from gateway.cli.opened import opened_store
from gateway.cli.output import emit_json, say, table

app = single()

STEPS = {
    "planned": "计划转移",
    "handed_over": "移交",
    "departed": "启运",
    "arrived": "运抵",
    "handover": "交接",
    "received": "接收",
    "confirmed": "确认",
    "backfilled": "补录",
    "voided": "作废",
    "observed": "网关收到",
    "acknowledged": "对方确认收到",
}


@app.command(epilog=example("liandan trace 20263201000001", "liandan trace js:3201-000001"))
def trace(
    no: Number,
    as_json: Json = False,
) -> None:
    """一张联单的全过程 · Who did what, when, told by which system"""
    from gateway.read import manifests  # noqa: PLC0415
    from gateway.read import trace as read  # noqa: PLC0415

    with opened_store() as database, database.read() as conn:
        told = read.trace(conn, manifests.resolve(conn, no))
    if as_json:
        emit_json(told)
        return
    say(f"联单 manifest {told['national_no'] or '-'}   record {told['record_id']}")
    table(
        ("步骤 step", "时间 at", "由 by", "系统 adapter", "字段 field"),
        [
            (f"{STEPS.get(one['step'], '')} {one['step']}", one["at"], one["by"], one["adapter"], one["field"])
            for one in told["steps"]
        ],
        empty="没有任何步骤 · no steps",
    )
