"""liandan schema: publish the standard, judge and convert records, compare two published states."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from gateway.cli.command import Json, example, group
from gateway.cli.output import emit_json, note, say, table

app = group(
    "数据标准: 导出、校验、转换、比较 · The data standard: export, validate, convert, compare",
    "liandan schema export standard/",
    "liandan schema validate record.json record.xml",
)

_LARGEST = 64 * 1024 * 1024
"""Bytes of a record's file; one record is some kilobytes."""

File = Annotated[Path, typer.Argument(metavar="FILE", help="JSON 或 XML 记录 · a record as JSON or XML")]


@app.command(epilog=example("liandan schema export standard/"))
def export(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="目标文件夹 · the folder to write to")],
    only: Annotated[
        list[str] | None,
        typer.Option(
            "--only", metavar="SUB", help="只写此子文件夹, 如 xsd (可重复) · this subfolder alone, repeatable"
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """导出全部标准文件 · Write schemas, samples, code lists and the field reference"""
    from canonical_schema.export.write import write  # noqa: PLC0415
    from gateway.errors import UsedWrongly  # noqa: PLC0415

    try:
        written = write(folder, only or ())
    except OSError as error:
        raise UsedWrongly(
            f"无法写入 {folder}: {error.strerror}", f"{folder} can't be written: {error.strerror}"
        ) from error
    if as_json:
        emit_json({"folder": str(folder), "files": written})
        return
    for path in written:
        say(path)
    note(f"{len(written)} 个文件 · {len(written)} files in {folder}")


@app.command(epilog=example("liandan schema validate record.json", "liandan schema validate *.xml --json"))
def validate(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="JSON 或 XML 记录 · records as JSON or XML")],
    as_json: Json = False,
) -> None:
    """校验记录, 逐一指出错误位置 · Judge records; each fault with file and JSON Pointer or XPath"""
    judged = [(path, *_faults(path)) for path in files]
    if as_json:
        emit_json(
            {
                "files": [
                    {"file": str(path), "valid": not told, "kind": kind, "faults": [_as_dict(one) for one in told]}
                    for path, kind, told in judged
                ]
            }
        )
    else:
        for path, kind, told in judged:
            if not told:
                say(f"{path}: 有效 · valid ({kind})")
            for place, zh, en in told:
                say(
                    f"{path}: {place or '/'}: {_line(zh)} · {_line(en)}"
                    if place is not None
                    else f"{path}: {zh} · {en}"
                )
    if any(told for _, _, told in judged):
        raise typer.Exit(1)


@app.command(epilog=example("liandan schema convert record.xml --to json"))
def convert(
    file: File,
    to: Annotated[str, typer.Option("--to", metavar="json|xml", help="目标格式 · the form to write")],
) -> None:
    """转换为另一种格式, 写到标准输出 · The record's other form on standard output"""
    import sys  # noqa: PLC0415

    from canonical_schema.errors import Unreadable  # noqa: PLC0415
    from canonical_schema.record_file import read, written  # noqa: PLC0415
    from gateway.errors import UsedWrongly  # noqa: PLC0415

    if to not in {"json", "xml"}:
        raise UsedWrongly(f"--to 应为 json 或 xml, 而非 {to}", f"--to is json or xml, not {to}")
    try:
        found = read(_bytes(file))
    except Unreadable as error:
        note(f"{file}: {error.zh} · {error.en}")
        raise typer.Exit(1) from error
    for fault in found.faults:
        note(f"{file}: {fault.place or '/'}: {_line(fault.zh)} · {_line(fault.en)}")
    if found.faults:
        raise typer.Exit(1)
    sys.stdout.buffer.write(written(found, "xml" if to == "xml" else "json"))


@app.command(epilog=example("liandan schema diff standard-1.0/ standard-1.1/"))
def diff(
    older: Annotated[Path, typer.Argument(metavar="A", help="较早的导出 · the older export")],
    newer: Annotated[Path, typer.Argument(metavar="B", help="较新的导出 · the newer export")],
    as_json: Json = False,
) -> None:
    """比较两次导出: 兼容 (0) 或不兼容 (1) · Compare two exports: compatible (0) or breaking (1), and why"""
    from canonical_schema.compare import compare_folders, compatible  # noqa: PLC0415
    from canonical_schema.errors import Unreadable  # noqa: PLC0415
    from gateway.errors import UsedWrongly  # noqa: PLC0415

    try:
        changes = compare_folders(older, newer)
    except Unreadable as error:
        raise UsedWrongly(error.zh, error.en) from error
    fits = compatible(changes)
    if as_json:
        told = [
            {"kind": one.kind, "place": one.place, "verdict": one.verdict, "message": one.zh, "message_en": one.en}
            for one in changes
        ]
        emit_json({"compatible": fits, "changes": told})
    else:
        verdicts = {"addition": "新增 addition", "break": "不兼容 break"}
        rows = [(verdicts[one.verdict], one.kind, one.place, one.zh, one.en) for one in changes]
        if rows:
            table(("", "种类 kind", "位置 place", "变化", "change"), rows, empty="")
        say("兼容 · compatible" if fits else "不兼容 · breaking")
    if not fits:
        raise typer.Exit(1)


def _faults(path: Path) -> tuple[str | None, Sequence[tuple[str | None, str, str]]]:
    """The record's kind, and its faults: place (None for the file as a whole), Chinese, English."""
    from canonical_schema.errors import Unreadable  # noqa: PLC0415
    from canonical_schema.record_file import read  # noqa: PLC0415

    try:
        found = read(_bytes(path))
    except Unreadable as error:
        return None, [(None, error.zh, error.en)]
    kind = found.record.get("kind") if isinstance(found.record, dict) else None
    return kind if isinstance(kind, str) else None, [(one.place, one.zh, one.en) for one in found.faults]


def _bytes(path: Path) -> bytes:
    """The file's bytes. Unreadable where there are none to have."""
    from canonical_schema.errors import Unreadable  # noqa: PLC0415

    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST + 1)
    except OSError as error:
        raise Unreadable(f"无法读取文件: {error.strerror}", f"the file can't be read: {error.strerror}") from error
    if len(data) > _LARGEST:
        raise Unreadable(f"文件超过 {_LARGEST} 字节", f"the file has over {_LARGEST} bytes")
    return data


def _as_dict(fault: tuple[str | None, str, str]) -> dict[str, Any]:
    place, zh, en = fault
    return {"place": place, "message": zh, "message_en": en}


def _line(words: str) -> str:
    return " ".join(words.split())
