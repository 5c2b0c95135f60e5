"""liandan search: records found by what they say."""

import sys
from typing import Annotated

import typer

from gateway.cli.command import Json, example, single
from gateway.cli.opened import opened_store
from gateway.cli.output import emit_json, note, table

app = single()


def _option(name: str, words: str, metavar: str = "TEXT") -> typer.models.OptionInfo:
    option: typer.models.OptionInfo = typer.Option(name, metavar=metavar, help=words)
    return option


@app.command(
    epilog=example(
        "liandan search --party 绿源 --from 2026-03-01 --to 2026-03-31",
        "liandan search --plate 苏A12345 --json",
        "liandan search --code HW08 --division 3205 --csv > hw08.csv",
    )
)
def search(
    number: Annotated[str | None, _option("--number", "任何一种编号 · any number, whole")] = None,
    party: Annotated[
        str | None, _option("--party", "单位名称的一部分或信用代码 · part of a firm's name, or its USCC")
    ] = None,
    plate: Annotated[str | None, _option("--plate", "车牌或挂车牌 · plate of a vehicle or trailer")] = None,
    code: Annotated[str | None, _option("--code", "废物代码或类别 · waste code or category")] = None,
    division: Annotated[
        str | None, _option("--division", "行政区划及其下级 · a division and all within it", "CODE")
    ] = None,
    container: Annotated[str | None, _option("--container", "容器编号 · number of a container")] = None,
    status: Annotated[str | None, _option("--status", "状态, 如 completed · status, e.g. completed")] = None,
    since: Annotated[str | None, _option("--from", "自此日 (含) · on this day or later", "DAY")] = None,
    until: Annotated[str | None, _option("--to", "至此日 (含) · on this day or earlier", "DAY")] = None,
    kind: Annotated[str | None, _option("--kind", "记录种类 · the records' kind")] = None,
    after: Annotated[str | None, _option("--after", "上一页的 next · the `next` of the page before", "CURSOR")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="最多条数 · at most so many")] = 100,
    as_csv: Annotated[bool, typer.Option("--csv", help="全部结果的表格 · a table of all that is found")] = False,
    as_json: Json = False,
) -> None:
    """检索: 按编号、单位、车牌、代码、区划、状态、日期 · Records found by what they say, the one first known last at the top"""
    from gateway.errors import UsedWrongly  # noqa: PLC0415
    from gateway.read import search as read  # noqa: PLC0415

    if as_csv and as_json:
        raise UsedWrongly("--csv 与 --json 只能选一个", "--csv or --json, not both")
    terms = {
        "number": number, "party": party, "plate": plate, "code": code, "division": division, "container": container,
    }  # fmt: skip
    sought = read.sought(kind=kind, status=status, since=since, until=until, terms=terms)
    with opened_store() as database:
        if as_csv:
            sys.stdout.flush()
            for piece in read.table(database, sought):
                sys.stdout.buffer.write(piece)
            sys.stdout.buffer.flush()
            return
        told = read.page(database, sought, after=after, limit=limit)
    if as_json:
        emit_json(told)
    else:
        _say(told)


def _say(told: bytes) -> None:
    import orjson  # noqa: PLC0415

    from gateway.read import search as read  # noqa: PLC0415

    found = orjson.loads(told)
    shown = ("national_no", "status", "day", "consignor", "consignee", "waste", "waste_code", "quantity_t", "systems")
    places = [read.COLUMNS.index(name) for name in shown]
    headings = "联单 number,状态 status,日期 day,移出 consignor,接受 consignee,废物 waste,代码 code,吨 t,系统 systems"
    table(
        headings.split(","),
        [[line[place] for place in places] for record in found["records"] for line in read.lines_of(record)],
        empty="没有找到 · nothing found",
    )
    if found["more"]:
        note(f"还有更多: --after {found['next']} · there is more: --after {found['next']}")
    if found["behind"]:
        note(f"索引尚缺 {found['behind']} 条变更 · the index doesn't know {found['behind']} changes yet")
