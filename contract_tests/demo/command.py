"""liandan demo: everything at once, on this machine, with an end that anybody can check."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from contract_tests.mocks.command import listed
from gateway.cli.command import Json, example, single
from gateway.cli.output import emit_json

demo = single()


@demo.command("demo", epilog=example("liandan demo", "liandan demo --manifests 300 --seed 7 --keep kept --json"))
def _demo(
    manifests: Annotated[int, typer.Option(min=1, max=999_999, help="每省联单数 · manifests per province")] = 500,
    seed: Annotated[int, typer.Option(help="随机种子 · the world's seed")] = 1,
    keep: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", file_okay=False, help="保留数据，可中断后继续 · keep all in DIR; go on there after a break"
        ),
    ] = None,
    provinces: Annotated[
        str,
        typer.Option(
            metavar="ID,…", help="参与的省份，默认全部 · provinces that take part; default all, or those of DIR"
        ),
    ] = "",
    as_json: Json = False,
) -> None:
    """演示：各省模拟系统 → 网关 → 国家系统 · Mock provinces, gateway and a failing national system, all data through"""
    from rich.console import Console  # noqa: PLC0415 - slow to import; --help needs none of it

    from contract_tests.demo.progress import Bars  # noqa: PLC0415
    from contract_tests.demo.run import run  # noqa: PLC0415

    summary = run(manifests, seed, keep, Bars(quiet=as_json and not sys.stderr.isatty()), listed(provinces))
    if as_json:
        emit_json(summary.as_json())
    else:
        summary.show(Console())
        if keep is not None:
            typer.echo(
                f"数据保留在 · kept in {keep}:  LIANDAN_DATA={keep} liandan quarantine list | trace NO | lineage NO | serve"
            )
    if summary.faults():
        raise typer.Exit(1)
