"""liandan map lint, schema: a mapping file checked, and what an editor checks it by."""

from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.command import Json, example
from gateway.cli.output import emit_json, note, say

MappingFiles = Annotated[
    list[Path],
    typer.Argument(metavar="FILE…", help="映射文件 · mapping files", exists=True, dir_okay=False, readable=True),
]
NAMES = ("file", "line", "column", "kind", "words", "suggestion")


def register(app: typer.Typer) -> None:
    """Makes them commands of the group `map`."""
    app.command(epilog=example("liandan map lint mappings/provinces/js/manifests.yaml"))(lint)
    app.command(epilog=example("liandan map schema > mapping.schema.json"))(schema)


def lint(
    files: MappingFiles,
    strict: Annotated[bool, typer.Option("--strict", help="有建议时也以 1 结束 · end with 1 on advice too")] = False,
    as_json: Json = False,
) -> None:
    """检查映射文件 · Every fault of mapping files, with its place and the likely word; and what is likely not meant"""
    from canonical_schema.problem import Problem, ProblemsFound  # noqa: PLC0415
    from gateway.programs import linted  # noqa: PLC0415

    problems: list[Problem] = []
    advice: list[Problem] = []
    for file in files:
        try:
            advice += linted(file)
        except ProblemsFound as found:
            problems += found.problems
    if as_json:
        told = {"problems": problems, "advice": advice}
        emit_json({key: [{name: getattr(one, name) for name in NAMES} for one in some] for key, some in told.items()})
    else:
        for one in (*problems, *advice):
            say(str(one))
        note(
            f"发现 {len(problems)} 处问题, {len(advice)} 条建议 · {len(problems)} problems, {len(advice)} pieces of advice"
        )
    if problems or (strict and advice):
        raise typer.Exit(1)


def schema() -> None:
    """映射文件的 JSON Schema, 供编辑器使用 · The JSON Schema of mapping files, for editors"""
    from mappings.language.schema import mapping_schema, written  # noqa: PLC0415

    say(written(mapping_schema()).rstrip("\n"))
