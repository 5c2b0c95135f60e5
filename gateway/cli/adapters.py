"""liandan adapters: the connected systems."""

from dataclasses import asdict
from typing import Annotated, Any

import typer

from gateway.cli.command import By, DryRun, Json, Number, Packs, example, group, user
from gateway.cli.opened import opened
from gateway.cli.output import emit_json, note, printable, say, table

app = group("已接入的系统 · The connected systems: list, schema, check, probe, stage, pull", "liandan adapters list")

Id = Annotated[str, typer.Argument(metavar="ID", help="适配器, 如 js · the adapter, e.g. js")]


@app.command("list", epilog=example("liandan adapters list --pack DIR"))
def list_adapters(pack: Packs = None, as_json: Json = False) -> None:
    """列出全部适配器及其状态 · All adapters, their stage, and whether they can run"""
    with opened(pack) as gateway:
        states = [state.as_dict() for state in gateway.adapters.states()]
    if as_json:
        emit_json({"adapters": states})
        return
    table(
        (
            "适配器 id",
            "名称 title",
            "驱动 driver",
            "阶段 stage",
            "状态 state",
            "已收 pulled",
            "接受 accepted",
            "隔离 quarantined",
        ),
        [
            (
                one["id"],
                one["title"],
                one["driver"],
                one["stage"],
                _how(one),
                one["pulled"],
                one["accepted"],
                one["quarantined"],
            )
            for one in states
        ],
        empty="没有适配器 · no adapters",
    )


@app.command(epilog=example("liandan adapters check js", "liandan adapters check --pack docs/examples/us_emanifest"))
def check(
    adapter: Annotated[str | None, typer.Argument(metavar="[ID]", help="只检查这一个 · only this one")] = None,
    *,
    verbose: Annotated[
        bool, typer.Option("--verbose", help="列出全部未写出的字段 · every field that isn't written")
    ] = False,
    pack: Packs = None,
    as_json: Json = False,
) -> None:
    """检查适配器与映射文件 · Check adapter and mapping files; every fault with its place"""
    with opened(pack) as gateway:
        names = [adapter] if adapter is not None else sorted(gateway.packs.provinces)
        found = [gateway.adapters.check(name) for name in names]
    problems = [problem for one in found for problem in one.problems]
    notes = [noted for one in found for noted in one.notes]
    untold = {file: fields for one in found for file, fields in one.untold.items()}
    known = {file: fields for one in found for file, fields in one.known_untold.items()}
    if as_json:
        told = {"problems": [_problem(one) for one in problems], "notes": [_problem(one) for one in notes]}
        emit_json({"checked": names, **told, "untold": untold})
    else:
        for problem in problems:
            say(str(problem))
        for noted in notes:
            if noted.kind != "absent" or adapter is not None or verbose:
                note(str(noted))
        for file, fields in (untold if verbose else known).items():
            note(f"{file}: 未写出, 也未列入 left_out · neither written nor left out: {', '.join(fields)}")
        more = 0 if verbose else sum(map(len, untold.values())) - sum(map(len, known.values()))
        if more:
            note(
                f"另有 {more} 个该系统不提供的字段未写出, 用 --verbose 列出 · {more} more that it doesn't tell us: --verbose"
            )
        note(
            f"已检查 {len(names)} 个, 发现 {len(problems)} 处问题, {len(notes)} 条提示"
            f" · {len(names)} checked, {len(problems)} problems, {len(notes)} notes"
        )
    if problems:
        raise typer.Exit(1)


@app.command(epilog=example("liandan adapters schema > adapter.schema.json"))
def schema() -> None:
    """适配器文件的 JSON Schema, 供编辑器使用 · The JSON Schema of adapter files, for editors"""
    from adapters.spec.schema import adapter_schema, written  # noqa: PLC0415

    say(written(adapter_schema()).rstrip("\n"))


@app.command(epilog=example("liandan adapters stage js live --reason 'contract run of 5 March'"))
def stage(
    adapter: Id,
    wanted: Annotated[str, typer.Argument(metavar="STAGE", help="draft | shadow | live | suspended")],
    *,
    reason: Annotated[str, typer.Option("--reason", help="原因, 将被记录 · why; it is kept")],
    by: By = None,
    pack: Packs = None,
    as_json: Json = False,
) -> None:
    """改变适配器的阶段 · Move an adapter to another stage"""
    with opened(pack) as gateway:
        before, after = gateway.adapters.stage(adapter, wanted, who=by or user(), why=reason)
    if as_json:
        emit_json({"adapter": adapter, "before": before, "stage": after})
        return
    say(f"{adapter}: {before} → {after}")


@app.command(epilog=example("liandan adapters history js"))
def history(adapter: Id, pack: Packs = None, as_json: Json = False) -> None:
    """阶段变更记录 · Who moved it, when and why"""
    with opened(pack) as gateway:
        changes = gateway.adapters.history(adapter)
    if as_json:
        names = ("stage", "who", "why", "at")
        emit_json({"adapter": adapter, "history": [{name: getattr(one, name) for name in names} for one in changes]})
        return
    table(
        ("时间 at", "阶段 stage", "操作人 who", "原因 why"),
        [(one.at, one.stage, one.who, one.why) for one in changes],
        empty="尚未变更 · never moved: it is a draft",
    )


MARKS = {"ok": "✓", "warning": "!", "failed": "✗", "skipped": "-"}
STEPS = {
    "settings": "配置 settings",
    "reach": "连通 reach",
    "credential": "凭证 credential",
    "clock": "时钟 clock",
    "read": "读取 read",
    "map": "映射 map",
}


@app.command(epilog=example("liandan adapters probe js", "liandan adapters probe js manifests --json"))
def probe(
    adapter: Id,
    dataset: Annotated[str | None, typer.Argument(metavar="[DATASET]", help="只试此数据集 · only this dataset")] = None,
    pack: Packs = None,
    as_json: Json = False,
) -> None:
    """试连: 通不通, 凭证, 时钟, 读一页并试映射, 不存储 · Is it reachable, is our credential good; reads one page, stores nothing"""
    import asyncio  # noqa: PLC0415

    with opened(pack) as gateway:
        steps = asyncio.run(gateway.probe(adapter, dataset))
    failed = any(one.outcome == "failed" for one in steps)
    if as_json:
        emit_json({"adapter": adapter, "ok": not failed, "steps": [one.as_dict() for one in steps]})
    else:
        for one in steps:
            _show_step(one)
    if failed:
        raise typer.Exit(1)


def _show_step(step: Any) -> None:
    took = "" if step.seconds is None else f" ({step.seconds:.2f} s)"
    of = f" {step.dataset}" if step.dataset else ""
    say(f"{MARKS[step.outcome]} {STEPS[step.name]}{of}: {' · '.join(step.words)}{took}")
    for line in step.detail:
        say(f"    {printable(line)}")
    if step.todo:
        say(f"    → {' · '.join(step.todo)}")


@app.command(epilog=example("liandan adapters pull js"))
def pull(
    adapter: Id,
    dataset: Annotated[
        str | None, typer.Argument(metavar="[DATASET]", help="只拉取此数据集 · only this dataset")
    ] = None,
    pack: Packs = None,
    as_json: Json = False,
) -> None:
    """立即拉取一次 · Pull once, now"""
    import asyncio  # noqa: PLC0415

    from gateway.pulling import pull_once  # noqa: PLC0415

    with opened(pack) as gateway:
        counts = asyncio.run(pull_once(gateway, adapter, dataset))
    show_counts(counts, as_json=as_json)


def show_counts(counts: Any, *, as_json: bool) -> None:
    """The four counts of a pull or an ingest."""
    told = asdict(counts)
    if as_json:
        emit_json(told)
        return
    say("  ".join(f"{name} {count}" for name, count in told.items()))
    if told["quarantined"]:
        note("被隔离的记录: liandan quarantine list · what was set apart: liandan quarantine list")


def _how(one: dict[str, Any]) -> str:
    """Can it be asked, and did the last run go well? While it rests, until when."""
    if not one["up"]:
        return f"down: {one['words']}"
    if not one["trouble"]:
        return "ok"
    until = f", 暂停至 resting until {one['resting_until']}" if one["resting_until"] else ""
    failures = f" ×{one['failures']}" if one["failures"] else ""
    return f"failing{failures}{until}: {one['trouble']}"


def _problem(problem: Any) -> dict[str, Any]:
    names = ("file", "line", "column", "kind", "suggestion")
    return {name: getattr(problem, name) for name in names} | {"words": problem.told}


@app.command(epilog=example("liandan adapters send js manifests 20263201000001 --dry-run"))
def send(
    adapter: Id,
    dataset: Annotated[str, typer.Argument(metavar="DATASET", help="数据集 · the dataset whose `send` is used")],
    no: Number,
    dry_run: DryRun = False,
    pack: Packs = None,
    as_json: Json = False,
) -> None:
    """把一条记录以对方的格式送去 (已有则不重复) · Hand one record over in the system's own form, unless it is there already"""
    import asyncio  # noqa: PLC0415

    with opened(pack) as gateway:
        what = gateway.outgoing(adapter, dataset, no)
        receipt = None if dry_run else asyncio.run(gateway.send(adapter, dataset, what))
    told = {"record_id": what.record_id, "version": what.version, "key": what.key, "text": what.text}
    if receipt is not None:
        told |= {"status": receipt.status, "already_held": receipt.already_held, "words": receipt.words}
    if as_json:
        emit_json(told)
        return
    if receipt is None:
        say(what.text)
        return
    how = "对方已有 · held there already" if receipt.already_held else "已送达 · taken"
    say(f"✓ {adapter}/{dataset} {what.record_id} version {what.version}: {how} {printable(receipt.words)}".rstrip())
