"""liandan map replay: stored payloads mapped once more."""

from dataclasses import asdict
from typing import Annotated

import typer

from gateway.cli.command import Adapter, Dataset, DryRun, Json, Packs, example
from gateway.cli.opened import opened
from gateway.cli.output import emit_json, note, say

_EACH = 100  # exchanges from one line of progress to the next


def register(app: typer.Typer) -> None:
    """Makes it a command of the group `map`."""
    app.command(
        epilog=example(
            "liandan map replay js manifests --dry-run", "liandan map replay js manifests --since 2026-03-01 --json"
        )
    )(replay)


def replay(
    adapter: Adapter,
    dataset: Dataset,
    since: Annotated[
        str | None, typer.Option("--since", metavar="DATE", help="只处理此后收到的 · only what was received since then")
    ] = None,
    dry_run: DryRun = False,
    pack: Packs = None,
    as_json: Json = False,
) -> None:
    """用当前映射重新处理已存载荷 · Map stored payloads once more; only what really changed is told anew"""
    from gateway.intake.replay import since_of  # noqa: PLC0415
    from gateway.intake.reread import Tally  # noqa: PLC0415

    total = Tally()
    with opened(pack) as gateway:
        start = since_of(since) if since is not None else ""
        for tally, left in gateway.replay(adapter, dataset, since=start, dry=dry_run):
            total += tally
            if total.exchanges % _EACH == 0:
                note(f"{total.exchanges} / {total.exchanges + left} 次交换 · exchanges")
    if as_json:
        emit_json(asdict(total) | {"dry_run": dry_run})
        return
    say("  ".join(f"{name} {count}" for name, count in asdict(total).items()))
    if dry_run:
        note("仅预演, 未写入 · a dry run: nothing was stored")
    elif not total.exchanges:
        note("没有待处理的载荷 · nothing is left to do under this mapping")
