"""liandan map infer: a mapping drafted from what a system says and what its schemas declare."""

from pathlib import Path
from typing import Annotated, Any

import typer

from gateway.cli.command import Json, Packs, example
from gateway.cli.opened import opened
from gateway.cli.output import emit_json, note, table

Samples = Annotated[
    list[Path] | None,
    typer.Argument(metavar="FILE…", help="样例报文 · saved answers", exists=True, dir_okay=False, readable=True),
]
Schemas = Annotated[
    list[Path] | None,
    typer.Option(
        "--schema",
        metavar="FILE",
        help="XSD、WSDL、JSON Schema 或 OpenAPI (可重复) · a schema, repeatable",
        exists=True,
        dir_okay=False,
        readable=True,
    ),
]


def register(app: typer.Typer) -> None:
    """Makes it a command of the group `map`."""
    app.command(
        epilog=example(
            "liandan map infer page1.json page2.json --system zj -o manifests.yaml",
            "liandan map infer --schema service.wsdl --system zj",
            "liandan map infer answer.xml --adapter tj",
        )
    )(infer)


def infer(
    files: Samples = None,
    adapter: Annotated[
        str | None, typer.Option("--adapter", metavar="ID", help="按此适配器解码 · decode as this adapter does")
    ] = None,
    dataset: Annotated[
        str | None, typer.Option("--dataset", metavar="NAME", help="适配器的数据集 · which dataset of the adapter")
    ] = None,
    system: Annotated[
        str | None, typer.Option("--system", metavar="ID", help="编号所属系统 · whose numbers they are")
    ] = None,
    schema: Schemas = None,
    form: Annotated[
        str | None, typer.Option("--format", metavar="json|xml", help="样例格式, 默认自动判断 · default: by content")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("-o", "--out", metavar="FILE", help="写入文件 · write to this file", dir_okay=False)
    ] = None,
    pack: Packs = None,
    as_json: Json = False,
) -> None:
    """起草映射 · Draft a mapping from samples and schemas; every uncertain line is marked"""
    from gateway.errors import UsedWrongly  # noqa: PLC0415
    from gateway.read.samples import declared, decoded, plain_samples  # noqa: PLC0415
    from gateway.registration import read_adapter  # noqa: PLC0415
    from mappings.document import is_xml, plain  # noqa: PLC0415
    from mappings.infer import infer as draft_of  # noqa: PLC0415

    if not files and not schema:
        raise UsedWrongly("请给出样例文件或 --schema", "samples or --schema are needed")
    if form not in {None, "json", "xml"}:
        raise UsedWrongly(f"--format 应为 json 或 xml, 而非 {form}", f"--format is json or xml, not {form}")
    if adapter is not None:
        with opened(pack) as gateway:
            trees = decoded(read_adapter(gateway.packs, adapter), dataset, files or [])
    else:
        trees = plain_samples(files or [], form)
    if len({is_xml(tree) for tree in trees}) > 1:
        raise UsedWrongly("样例须同为 JSON 或同为 XML", "samples are all JSON or all XML: one mapping reads one form")
    told = declared(schema or [])
    xml = is_xml(trees[0]) if trees else form == "xml" or (form is None and told.xml)
    draft = draft_of([plain(tree) for tree in trees], xml=xml, system=system or adapter or "xx", declared=told.places)
    _write(draft, out, as_json=as_json)


def _write(draft: Any, out: Path | None, *, as_json: bool) -> None:
    import sys  # noqa: PLC0415
    from dataclasses import asdict  # noqa: PLC0415

    from gateway.errors import UsedWrongly  # noqa: PLC0415

    if out is not None:
        try:
            out.write_text(draft.text, "utf-8")
        except OSError as error:
            raise UsedWrongly(
                f"无法写入 {out}: {error.strerror}", f"{out} can't be written: {error.strerror}"
            ) from error
    if as_json:
        emit_json(
            {
                "mapping": draft.text,
                "fields": [asdict(one) for one in draft.lines],
                "not_understood": [asdict(one) for one in draft.leftovers],
            }
        )
        return
    if out is None:
        sys.stdout.write(draft.text)
    table(
        ("字段 field", "来源 source", "置信度 confidence", "依据 reason"),
        [(one.field, one.path, f"{'' if one.sure else '? '}{one.confidence:.2f}", one.why) for one in draft.lines],
        empty="未找到字段 · no fields found",
        aside=True,
    )
    unsure = sum(not one.sure for one in draft.lines)
    note(
        f"{len(draft.lines)} 个字段, 其中 {unsure} 个待核实; {len(draft.leftovers)} 处未能理解 · "
        f"{len(draft.lines)} fields, {unsure} of them marked `?`; {len(draft.leftovers)} places not understood"
    )
