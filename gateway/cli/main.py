"""`liandan`: finds its commands, runs one, and turns what went wrong into words and an exit code.

Exit codes: 0 done, 1 the answer is no, 2 used wrongly. Commands of packages above this one come by the entry point
group `liandan.commands`: a typer.Typer or a function of that name.
"""

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import entry_points
from io import TextIOWrapper
from typing import Any, Final

import typer
from typer.core import TyperGroup

from gateway.cli.command import example, single
from gateway.cli.output import note

GROUP: Final = "liandan.commands"

OWN: Final = {
    "serve": "gateway.cli.serve",
    "adapters": "gateway.cli.adapters",
    "ingest": "gateway.cli.ingest",
    "search": "gateway.cli.search",
    "show": "gateway.cli.show",
    "trace": "gateway.cli.trace",
    "lineage": "gateway.cli.lineage",
    "deliveries": "gateway.cli.deliveries",
    "quarantine": "gateway.cli.quarantine",
    "db": "gateway.cli.db",
    "keys": "gateway.cli.keys",
    "map": "gateway.cli.map",
    "schema": "gateway.cli.schema",
    "rules": "gateway.cli.rules",
}
"""Name → module whose `app` is the command. A module is imported only when its command, or the list of all, is asked for."""


class Commands(TyperGroup):
    """The commands of this package and those of entry points, each loaded when it is asked for."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - the framework's signature
        return [*OWN, *sorted(set(_entries()) - set(OWN))]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002
        if cmd_name not in self.commands:
            loaded = _load(cmd_name)
            if loaded is None:
                return None
            command = typer.main.get_command(loaded)
            command.name = cmd_name
            self.commands[cmd_name] = command
        return self.commands[cmd_name]

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args and not args[0].startswith("-") and self.get_command(ctx, args[0]) is None:
            # What the framework suggests from are the commands that it knows: load their names for a likely typo.
            for name in self.list_commands(ctx):
                self.get_command(ctx, name)
        return super().resolve_command(ctx, args)


def _entries() -> dict[str, Any]:
    return {entry.name: entry for entry in entry_points(group=GROUP)}


def _load(name: str) -> typer.Typer | None:
    if name in OWN:
        app: typer.Typer = import_module(OWN[name]).app
        return app
    entry = _entries().get(name)
    if entry is None:
        return None
    try:
        found = entry.load()
    except (ImportError, AttributeError) as error:  # one broken package must not take the other commands with it
        note(f"命令 {name} 无法加载 · the command {name} can't be loaded: {error}")
        return None
    if isinstance(found, typer.Typer):
        return found
    alone = single()
    alone.command(name)(found)
    return alone


app = typer.Typer(
    name="liandan",
    cls=Commands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    help="联单网关：以统一标准连接各省危险废物转移联单系统。\n\n"
    "Liandan gateway: the provinces' hazardous-waste manifest systems under one standard, each value with its origin.",
    epilog=example("liandan demo", "liandan COMMAND --help"),
)


@app.callback()
def _root() -> None:
    pass


def main(arguments: Sequence[str] | None = None) -> None:
    """The console script. Ends the process with the exit code."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that isn't UTF-8 gets a question mark, not a traceback; JSON is written as UTF-8 in any case.
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    sys.exit(run(sys.argv[1:] if arguments is None else arguments))


def run(arguments: Sequence[str]) -> int:
    """Runs one command line; its exit code. What it has to say goes to standard output and standard error."""
    from gateway.cli import failures  # noqa: PLC0415 - only its table of known errors is heavy, and that loads later

    try:
        code = app(list(arguments), prog_name="liandan", standalone_mode=False)
    except BrokenPipeError:
        # `liandan … | head`: the reader has seen enough. Python would complain once more while it shuts down.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130
    except Exception as error:  # noqa: BLE001 - what isn't one of ours is raised again by `told`
        return failures.told(error, as_json="--json" in arguments)
    return code if isinstance(code, int) else 0


if __name__ == "__main__":
    main()
