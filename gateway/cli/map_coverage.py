"""liandan map coverage, feeds: what of a source is carried, and where it goes."""

from pathlib import Path
from typing import Annotated, Any

import typer

from gateway.cli.command import Json, Packs, example
from gateway.cli.opened import opened
from gateway.cli.output import emit_json, note, printable, say, table

Adapter = Annotated[str, typer.Argument(metavar="ADAPTER", help="适配器 · whose answer it is")]
Dataset = Annotated[str, typer.Argument(metavar="DATASET", help="数据集 · which dataset of it")]
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


def register(app: typer.Typer) -> None:
    """Makes them commands of the group `map`."""
    app.command(
        epilog=example(
            "liandan map coverage js manifests", "liandan map coverage js manifests page1.json page2.json --strict"
        )
    )(coverage)
    app.command(epilog=example("liandan map feeds js manifests '/data/list/*/wastes/*/qty'"))(feeds)


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


def feeds(
    adapter: Adapter,
    dataset: Dataset,
    place: Annotated[
        str, typer.Argument(metavar="PLACE", help="源位置, 序号不论 · a place of the source, whatever its positions")
    ],
    pack: Packs = None,
    as_json: Json = False,
) -> None:
    """源值去向 · Which fields of the standard a place of the source feeds"""
    from gateway.errors import NoSuchThing  # noqa: PLC0415
    from mappings.coverage import sources  # noqa: PLC0415

    with opened(pack) as gateway:
        known = sources(gateway.programs.program(adapter, dataset).template)
    found = known.at(place)
    if found.state == "unseen":
        raise NoSuchThing(f"映射未涉及 {place}", f"the mapping never looks at {place}")
    if as_json:
        emit_json({"place": place, "state": found.state, "fields": list(found.fields), "reason": found.reason})
        return
    for one in found.fields or (found.reason,):
        say(printable(one))
