"""liandan db: the store itself."""

from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.command import By, DryRun, Json, example, group, user
from gateway.cli.opened import opened_store
from gateway.cli.output import emit_json, note, say, table
from gateway.errors import UsedWrongly

app = group("数据库 · The store itself", "liandan db check", "liandan db backup /backup/liandan-2026-03-05.db")


@app.command(epilog=example("liandan db check", "LIANDAN_DATA=kept liandan db check --json"))
def check(*, as_json: Json = False) -> None:
    """核对整库与提交时是否一致 · Whether all that is stored is still what was committed: hash chain, contents, payloads"""
    from gateway.store import integrity, retirements  # noqa: PLC0415

    counts: dict[str, int] = {"commits": 0, "contents": 0, "payloads": 0}

    def told(part: str, count: int) -> None:
        counts[part] = count
        note(f"  {part} {count:,}")

    faults = []
    with opened_store() as database:
        with database.read() as conn:
            retired = [asdict(one) for one in retirements.all_of(conn)]
        for one in integrity.check(database, told):
            faults.append({"part": one.part, "at": one.at, "words": [one.zh, one.en]})
            if not as_json:
                say(f"✗ {one.part} {one.at}: {one.zh} · {one.en}")
    if as_json:
        emit_json({**counts, "faults": faults, "retirements": retired})
    elif not faults:
        checked = ", ".join(f"{count:,} {part}" for part, count in counts.items())
        say(f"✓ 与提交时一致 · all is as it was committed: {checked}")
    if retired and not as_json:
        newest = retired[-1]
        say(
            f"{newest['before']} 以前的已清退 · retired is what is from before {newest['before']}; "
            f"其后第一个变更 · the first living change is {newest['last_seq'] + 1}"
        )
    if faults:
        raise typer.Exit(1)


@app.command(epilog=example("liandan db stats", "liandan db stats --json"))
def stats(*, as_json: Json = False) -> None:
    """库中有什么, 占多少空间 · What is stored, and how much room it takes"""
    from gateway.store import care  # noqa: PLC0415

    with opened_store() as database, database.read() as conn:
        found = care.stats(conn)
    if as_json:
        told = asdict(found)
        told["tables"] = {name: {"rows": rows, "bytes": size} for name, (rows, size) in found.tables.items()}
        told["payloads"] = dict(zip(("count", "bytes", "stored_bytes"), found.payloads, strict=True))
        emit_json(told)
        return
    count, received, stored = found.payloads
    lines = [
        ("数据库 database", f"{_bytes(found.size)}   revision {found.revision}"),
        *((f"记录 records {kind}", f"{number:,}") for kind, number in found.records.items()),
        ("变更 changes", f"{found.changes:,}"),
        ("提交 commits", f"{found.commits:,}"),
        ("原文 payloads", f"{count:,}   {_bytes(received)} → {_bytes(stored)}"),
        ("投递 deliveries", "   ".join(f"{name} {number:,}" for name, number in found.deliveries.items())),
        *([("已清退 retired", f"…{found.retired:,}")] if found.retired else []),
        ("未入检索 not searchable yet", f"{found.unsearched:,}"),
    ]
    table(("", ""), lines, empty="")
    table(
        ("表 table", "行 rows", "字节 bytes"),
        [(name, f"{rows:,}", "" if size is None else _bytes(size)) for name, (rows, size) in found.tables.items()],
        empty="",
    )


@app.command(epilog=example("liandan db backup /backup/liandan-2026-03-05.db"))
def backup(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="新文件, 不覆盖已有的 · a new file; none is written over")
    ],
    *,
    as_json: Json = False,
) -> None:
    """运行中备份 · A copy as of one moment, while the gateway works (PostgreSQL: by pg_dump)"""
    from gateway.store import care  # noqa: PLC0415

    shown = -1

    def told(done: int, all_: int) -> None:
        nonlocal shown
        percent = 100 * done // max(all_, 1)
        if percent // 10 > shown:
            shown = percent // 10
            note(f"  {percent} %")

    with opened_store() as database:
        care.backup(database, file, told)
    size = file.stat().st_size
    if as_json:
        emit_json({"file": str(file), "bytes": size})
        return
    say(f"✓ {file}   {_bytes(size)}")
    say("核对 · check it: LIANDAN_DATABASE=sqlite:///… liandan db check")


@app.command(epilog=example("liandan db vacuum"))
def vacuum(*, as_json: Json = False) -> None:
    """归还空闲空间, 更新统计 · Give back free space, and renew the statistics that queries are planned by"""
    from gateway.store import care  # noqa: PLC0415

    with opened_store() as database:
        before, after = care.vacuum(database)
    if as_json:
        emit_json({"before": before, "after": after})
        return
    say(f"✓ {_bytes(before)} → {_bytes(after)}")


@app.command(epilog=example("liandan db upgrade"))
def upgrade(*, as_json: Json = False) -> None:
    """升级表结构 (其他命令也会自动升级) · Bring the tables to this version's state; every command does so by itself"""
    from gateway.store import care  # noqa: PLC0415

    with opened_store() as database, database.read() as conn:
        revision = care.revision(conn)
    if as_json:
        emit_json({"revision": revision})
        return
    say(f"✓ revision {revision}")


@app.command(
    epilog=example(
        "liandan db retire --before 2016-01-01 --dry-run",
        "liandan db retire --before 2016-01-01 --reason 'yearly, by order of 5 March'",
    )
)
def retire(
    *,
    before: Annotated[
        str,
        typer.Option(
            "--before", metavar="DAY", help="此日以前的, 至少十年前 · what is from before it, ten years ago at least"
        ),
    ],
    reason: Annotated[str, typer.Option("--reason", help="原因, 将被记录 · why; it is kept")] = "",
    by: By = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """清退已过法定保存期的数据, 可随时中断再续 · Let go what the law no longer asks for; can be stopped and run again at any time"""
    from gateway import retirement  # noqa: PLC0415
    from gateway.clock import system_clock  # noqa: PLC0415
    from gateway.settings import load_settings  # noqa: PLC0415

    if not (reason or dry_run):
        raise UsedWrongly("请用 --reason 写明原因", "say why with --reason")
    try:
        day = date.fromisoformat(before)
    except ValueError:
        raise UsedWrongly(
            f"{before!r} 不是日期; 例: 2016-01-01", f"{before!r} is no day; for example 2016-01-01"
        ) from None

    def told(one: retirement.Progress) -> None:
        note(f"  {one.step} {one.done:,}" + (f" / {one.of:,}" if one.of else ""))

    with opened_store() as database:
        order = retirement.Order(day, by or user(), reason, load_settings().retention_years, dry_run)
        found = retirement.retire(database, order, system_clock, told)
    gone = {name: count for name, count in sorted(found.gone.items()) if count}
    if as_json:
        emit_json({"dry_run": dry_run, "upto": str(found.horizon.seq), "gone": gone, "kept": dict(found.kept)})
        return
    say(
        f"{'将清退 would go' if dry_run else '✓ 已清退 gone'}: "
        + (", ".join(f"{n:,} {name}" for name, n in gone.items()) or "0")
    )
    for kept, count in sorted(found.kept.items()):
        zh, en = KEPT[kept]
        say(f"保留 kept: {count:,} — {zh} · {en}")


KEPT = {
    "delivery": ("有未完成或失败的投递", "a delivery is owed or dead"),
    "discrepancy": ("双方申报的差异未消除", "two systems differ, and it is open"),
    "quarantine": ("有被隔离的申报未处理", "a word on it is quarantined, and it is open"),
}


def _bytes(size: float) -> str:
    for unit in ("B", "KiB", "MiB", "GiB"):
        if size < 1024:
            return f"{size:,.0f} {unit}" if unit == "B" else f"{size:,.1f} {unit}"
        size /= 1024
    return f"{size:,.1f} TiB"
