"""`liandan mock NAME`: one mock system as a server."""

from pathlib import Path
from typing import Annotated

import typer

from contract_tests.mocks import national
from contract_tests.mocks.registry import PROVINCES
from contract_tests.mocks.servers import Mock, MockError, Process
from contract_tests.world import USUAL, World

NAMES = (*PROVINCES, "national")


def open_mock(
    name: str, folder: Path, seed: int, manifests: int, provinces: tuple[str, ...] = (), *, faults: bool = True
) -> Mock:
    """`provinces`: all that take part in the world; none told: the usual ones, and this one.

    Raises MockError: no such mock, it takes no part, or the folder holds another world. ValueError: no such world.
    """
    if name == "national":
        return national.make(folder, seed, faults=faults)
    if name not in PROVINCES:
        raise MockError(f"no mock named {name}; there are {', '.join(NAMES)}")
    world = World(seed, manifests, provinces or tuple(dict.fromkeys((*USUAL, name))))
    if name not in world.provinces:
        raise MockError(f"{name} takes no part in the world of {', '.join(provinces)}")
    return PROVINCES[name](world, folder, faults=faults)


def listed(provinces: str) -> tuple[str, ...]:
    """Ids as they are written on a command line, each once: `js,tj` or `js tj`."""
    return tuple(dict.fromkeys(provinces.replace(",", " ").split()))


def mock(
    name: Annotated[str, typer.Argument(help="模拟系统 / which mock: " + ", ".join(NAMES))],
    *,
    port: Annotated[int, typer.Option(help="端口，0 = 任一空闲端口 / port, 0 = any free one")] = 0,
    folder: Annotated[Path, typer.Option("--dir", help="状态目录 / folder for its state (and what gd drops)")] = Path(
        "mock"
    ),
    seed: Annotated[int, typer.Option(help="随机种子 / seed of the synthetic world")] = 1,
    manifests: Annotated[int, typer.Option(help="每省联单数 / manifests per province")] = 500,
    provinces: Annotated[
        str, typer.Option(help="参与的省份 / provinces that take part in the world; default js,tj,gd and this one")
    ] = "",
    faults: Annotated[bool, typer.Option("--faults/--no-faults", help="按种子出错 / fail on purpose, by seed")] = True,
    stop_with_stdin: Annotated[
        bool, typer.Option("--stop-with-stdin", help="标准输入关闭时结束 / end when standard input closes")
    ] = False,
) -> None:
    """启动一个模拟系统。Start one mock system; one JSON line on standard output says when and where it is ready."""
    try:
        opened = open_mock(name, folder, seed, manifests, listed(provinces), faults=faults)
        Process(opened, port, stop_with_stdin).run()
    except (MockError, ValueError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
