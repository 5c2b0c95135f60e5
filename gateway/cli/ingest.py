"""liandan ingest: local files through the same way as a pulled page."""

from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.adapters import show_counts
from gateway.cli.command import Json, Packs, example, single
from gateway.cli.opened import opened

app = single()


@app.command(
    epilog=example("liandan ingest us manifests a.json b.json --pack docs/examples/us_emanifest"),
)
def ingest(
    adapter: Annotated[str, typer.Argument(metavar="ADAPTER", help="适配器 · whose files they are")],
    dataset: Annotated[str, typer.Argument(metavar="DATASET", help="数据集 · which dataset of it")],
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE…", help="文件 · the files", exists=True, dir_okay=False, readable=True)
    ],
    pack: Packs = None,
    as_json: Json = False,
) -> None:
    """导入本地文件 · Take local files in; what can't be accepted is quarantined"""
    with opened(pack) as gateway:
        counts = gateway.ingest(adapter, dataset, files)
    show_counts(counts, as_json=as_json)
