"""liandan map test: the cases of a pack."""

from pathlib import Path
from typing import Annotated, Any

import typer

from gateway.cli.command import Adapter, DryRun, Json, Packs, example
from gateway.cli.opened import opened
from gateway.cli.output import emit_json, note, printable, say

_LONGEST = 400


def register(app: typer.Typer) -> None:
    """Makes it a command of the group `map`."""
    app.command(
        "test",
        epilog=example(
            "liandan map test js",
            "liandan map test js manifests --update --dry-run",
            "liandan map test us --pack DIR --json",
        ),
    )(run_cases)


def run_cases(
    adapter: Adapter,
    dataset: Annotated[
        str | None, typer.Argument(metavar="[DATASET]", help="只测试此数据集 · only this dataset")
    ] = None,
    update: Annotated[
        bool, typer.Option("--update", help="按当前结果改写预期文件 · write the expected files as it is now")
    ] = False,
    dry_run: DryRun = False,
    pack: Packs = None,
    as_json: Json = False,
) -> None:
    """运行映射用例 · Run a pack's cases: input, and what must become of it, field by field"""
    from gateway.errors import UsedWrongly  # noqa: PLC0415
    from gateway.read.cases import cases, is_written, outcome  # noqa: PLC0415
    from gateway.registration import read_adapter  # noqa: PLC0415

    if dry_run and not update:
        raise UsedWrongly("--dry-run 须与 --update 一起使用", "--dry-run goes with --update")
    with opened(pack) as gateway:
        spec, found = read_adapter(gateway.packs, adapter), gateway.packs.province(adapter)
        ran = [outcome(one, spec, gateway.programs.program(adapter, one.dataset)) for one in cases(found, dataset)]
    # A case without expected records is met by a result without any: the file must be there all the same.
    stale = [one for one in ran if not is_written(one)]
    failed = [one for one in ran if one.differences or not one.case.expected.is_file()]
    changed = stale if update else failed
    if update and not dry_run:
        for one in stale:
            _write(one.case.expected, one.body)
    if as_json:
        emit_json({"cases": [_told(one, ok=one not in changed) for one in ran], "failed": 0 if update else len(failed)})
    else:
        for one in ran:
            say(f"{'✓' if one not in changed else '~' if update else '✗'} {_name(one.case)}")
            if not one.case.expected.is_file():
                say(f"  尚无 {one.case.expected.name} · no {one.case.expected.name} yet")
            for difference in one.differences:
                _say(difference)
        what = "would change 将改写" if dry_run else "written 已改写" if update else "failed 未通过"
        note(f"{len(ran)} cases 个用例, {len(changed)} {what}")
    if failed and not update:
        note("若新结果正确, 请加 --update · if the new result is right: --update")
        raise typer.Exit(1)


def _write(file: Path, body: bytes) -> None:
    from gateway.errors import UsedWrongly  # noqa: PLC0415

    try:
        file.write_bytes(body)
    except OSError as error:
        raise UsedWrongly(f"无法写入 {file}: {error.strerror}", f"{file} can't be written: {error.strerror}") from error


def _name(case: Any) -> str:
    return f"{case.adapter} {case.dataset} {case.name}"


def _told(one: Any, *, ok: bool) -> dict[str, Any]:
    case = one.case
    return {
        "adapter": case.adapter,
        "dataset": case.dataset,
        "case": case.name,
        "expected": str(case.expected),
        "ok": ok,
        "differences": one.differences,
    }


def _say(one: dict[str, Any]) -> None:
    say(printable(f"  {one['record'] or '-'}   {one['field'] or '(record)'}"))
    for side in ("expected", "got"):
        told = _shown(one, side)
        # Of a record that isn't there, or isn't wanted, the beginning is enough.
        say(printable(f"      {side:9} {told[:_LONGEST] + '…' if len(told) > _LONGEST else told}"))
    entry = one.get("entry")
    if entry is None:
        return
    for read in entry["inputs"]:
        say(printable(f"      from      {read['document']} {read['source']} → {_shown(read, 'raw')}"))
    say(printable(f"      by        {' › '.join([entry['how'], *entry['steps'], entry['rule']])}"))


def _shown(one: dict[str, Any], name: str) -> str:
    from gateway.read.answer import encode  # noqa: PLC0415 - heavy for --help

    return encode(one[name]).decode() if name in one else "∅"
