"""liandan map: tools for people who write mappings. Only `replay` and `drift --ack` store anything."""

from pathlib import Path
from typing import Annotated, Any

import typer

from gateway.cli import map_cases, map_diff, map_infer, map_replay
from gateway.cli.command import Json, Packs, example, group
from gateway.cli.map_drift import drift
from gateway.cli.opened import opened
from gateway.cli.output import emit_json, note, printable, say, table

app = group(
    "映射工具 · Tools for mappings: infer, lint, run, coverage, drift, test, diff, replay",
    "liandan map run js manifests page.json",
)
for part in (map_infer, map_cases, map_diff, map_replay):
    part.register(app)
app.command(epilog=example("liandan map drift js", "liandan map drift --ack 3 --reason '改名, 映射已更新'"))(drift)

Adapter = Annotated[str, typer.Argument(metavar="ADAPTER", help="适配器 · whose answer it is")]
Dataset = Annotated[str, typer.Argument(metavar="DATASET", help="数据集 · which dataset of it")]
Files = Annotated[
    list[Path], typer.Argument(metavar="FILE…", help="文件 · saved answers", exists=True, dir_okay=False, readable=True)
]
FilesOrStored = Annotated[
    list[Path] | None,
    typer.Argument(
        metavar="[FILE…]",
        help="文件; 省略则显示库中统计 · saved answers; without any, what the store has counted",
        exists=True,
        dir_okay=False,
        readable=True,
    ),
]
MappingFiles = Annotated[
    list[Path],
    typer.Argument(metavar="FILE…", help="映射文件 · mapping files", exists=True, dir_okay=False, readable=True),
]


@app.command(epilog=example("liandan map lint mappings/provinces/js/manifests.yaml"))
def lint(files: MappingFiles, as_json: Json = False) -> None:
    """检查映射文件 · Every fault of mapping files, with its place and the likely word"""
    from canonical_schema.problem import Problem, ProblemsFound  # noqa: PLC0415
    from mappings import compile_mapping  # noqa: PLC0415
    from mappings.outward import compile_outward, is_outward  # noqa: PLC0415

    problems: list[Problem] = []
    for file in files:
        try:
            text = file.read_text("utf-8")
            (compile_outward if is_outward(text, str(file)) else compile_mapping)(text, str(file))
        except ProblemsFound as found:
            problems += found.problems
        except UnicodeDecodeError as error:
            problems.append(Problem(str(file), 1, 1, "file", f"not UTF-8: {error.reason} (不是 UTF-8)"))
    if as_json:
        names = ("file", "line", "column", "kind", "words", "suggestion")
        emit_json({"problems": [{name: getattr(one, name) for name in names} for one in problems]})
    else:
        for one in problems:
            say(str(one))
        note(f"发现 {len(problems)} 处问题 · {len(problems)} problems")
    if problems:
        raise typer.Exit(1)


@app.command(epilog=example("liandan map run js manifests page.json", "liandan map run js manifests record.json --out"))
def run(
    adapter: Adapter,
    dataset: Dataset,
    file: Files,
    *,
    out: Annotated[
        bool,
        typer.Option("--out", help="反向: 文件中是标准记录 · the way back: the file holds records of the standard"),
    ] = False,
    pack: Packs = None,
    as_json: Json = False,
) -> None:
    """试运行映射 · One saved answer mapped: content and the origin of every value; nothing is stored"""
    from gateway.cli.lineage import say_entry  # noqa: PLC0415
    from gateway.programs import outward  # noqa: PLC0415
    from gateway.read.answer import encode  # noqa: PLC0415
    from gateway.read.tryout import mapped  # noqa: PLC0415
    from gateway.read.written import written  # noqa: PLC0415
    from gateway.registration import read_adapter  # noqa: PLC0415

    with opened(pack) as gateway:
        if out:
            found = written(outward(gateway.packs.province(adapter), dataset), file)
        else:
            program = gateway.programs.program(adapter, dataset)
            found = mapped(read_adapter(gateway.packs, adapter), program, dataset, file)
    if as_json:
        emit_json({"records": found.records, "refused": found.refused})
    for one in () if as_json else found.records:
        say(f"── {one['source_key']}   {printable(one['place'])}")
        say(printable(one["text"] if out else encode(one["content"]).decode()))
        for entry in one["entries"]:
            say_entry(entry)
        for finding in one["findings"]:
            note(printable(f"{finding['id']}  {finding['message']} / {finding['message_en']}"))
    for one in () if as_json else found.refused:
        note(printable(f"✗ {one['source_key'] or '-'}   {one['place']}: {'; '.join(one['reasons'])}"))
    if found.refused:
        raise typer.Exit(1)


@app.command(
    epilog=example(
        "liandan map coverage js manifests", "liandan map coverage js manifests page1.json page2.json --strict"
    )
)
def coverage(
    adapter: Adapter,
    dataset: Dataset,
    files: FilesOrStored = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="有未涉及的位置时以 1 结束 · end with 1 when places are unseen")
    ] = False,
    pack: Packs = None,
    as_json: Json = False,
) -> None:
    """源字段覆盖 · What of the source is mapped, ignored with a reason, or was never looked at"""
    from gateway.read.drift import counted  # noqa: PLC0415
    from gateway.read.tryout import covered  # noqa: PLC0415
    from gateway.registration import read_adapter  # noqa: PLC0415

    with opened(pack) as gateway:
        program = gateway.programs.program(adapter, dataset)
        if files:
            found, unread = covered(read_adapter(gateway.packs, adapter), program, dataset, files)
        else:
            with gateway.database.read() as conn:
                found, unread = counted(conn, program, adapter, dataset), []
    unseen = [one for one in found if one["state"] == "unseen"]
    if as_json:
        emit_json({"places": found, "unseen": len(unseen), "unread": unread})
    else:
        ranked = sorted(found, key=lambda one: ("unseen", "ignored", "mapped").index(one["state"]))
        table(
            ("状态 state", "位置 place", "次数 count", "去向或原因 fields or reason", "例 example"),
            [(one["state"], one["place"], one["count"], _why(one), one["example"]) for one in ranked],
            empty="没有数据 · no values",
        )
        note(f"未涉及 {len(unseen)} 处 · {len(unseen)} places unseen, of {len(found)}")
    for words in unread:
        note(printable(f"✗ {words}"))
    if unread or (unseen and strict):
        raise typer.Exit(1)


def _why(one: dict[str, Any]) -> str:
    return one["reason"] or ", ".join(one["fields"])
