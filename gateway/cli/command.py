"""How a command looks: plain help in Chinese and English with an example, quick to show."""

import getpass
import os
from pathlib import Path
from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="只在标准输出打印 JSON · JSON alone on standard output")]
Packs = Annotated[
    list[Path] | None,
    typer.Option("--pack", metavar="DIR", help="另外加载的扩展包 (可重复) · a further pack, repeatable"),
]
Adapter = Annotated[str, typer.Argument(metavar="ADAPTER", help="适配器 · the adapter, e.g. js")]
Dataset = Annotated[str, typer.Argument(metavar="DATASET", help="数据集 · the dataset, e.g. manifests")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="只说明, 不写入 · tell what would change, and change nothing")]
Number = Annotated[
    str,
    typer.Argument(
        metavar="NO",
        help="全国联单号、系统:编号 或 record_id · national number, system:number, or record_id",
    ),
]

By = Annotated[str | None, typer.Option("--by", help="操作人, 默认当前用户 · who, else the current user")]


def user() -> str:
    """Who runs this command."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container often runs under a number that has no name
        return f"uid {os.getuid()}"


def group(help_text: str, *examples: str) -> typer.Typer:
    """A group of commands."""
    app = typer.Typer(
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,
        help=help_text,
        epilog=example(*examples),
    )
    # Without a callback of its own, a group of one command would be that command.
    app.callback()(_nothing)
    return app


def single() -> typer.Typer:
    """The home of one command that stands alone."""
    return typer.Typer(add_completion=False, rich_markup_mode=None)


def example(*lines: str) -> str:
    """The epilog of a command's help; \\b keeps its lines as they are."""
    return "\b\n例 Example:\n" + "\n".join(f"  {line}" for line in lines)


def _nothing() -> None:
    pass
