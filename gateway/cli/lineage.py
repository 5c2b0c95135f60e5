"""liandan lineage: where each value of a record came from."""

from typing import Annotated

import typer

from gateway.cli.command import Json, Number, example, single
from gateway.cli.opened import opened_store
from gateway.cli.output import emit_json, say, table

app = single()


@app.command(
    epilog=example(
        "liandan lineage 20263201000001 /wastes/0/quantity_t", "liandan lineage 20263201000001 --documents --json"
    )
)
def lineage(
    no: Number,
    field: Annotated[
        str | None, typer.Argument(metavar="[FIELD]", help="字段指针 · a leaf or branch of the content")
    ] = None,
    documents: Annotated[bool, typer.Option("--documents", help="附原始文档 · with the source documents")] = False,
    as_json: Json = False,
) -> None:
    """每个值的来源 · Which place of which document each value was read from"""
    from gateway.read import manifests  # noqa: PLC0415
    from gateway.read.lineage import lineage as read  # noqa: PLC0415

    with opened_store() as database, database.read() as conn:
        told = read(conn, manifests.resolve(conn, no), documents=documents, field=field)
    if as_json:
        emit_json(told)
        return
    say(f"record {told['record_id']} version {told['version']}")
    for claim in told["claims"]:
        say(f"\n{claim['adapter']} / {claim['dataset']} / {claim['source_key']}   mapping {claim['mapping_hash'][:12]}")
        table(
            ("字段 field", "值 value", "方式 how", "来源 source", "原值 raw", "步骤 steps", "规则 rule"),
            [_row(entry) for entry in claim["entries"]],
            empty="没有这个字段 · no such field",
        )
        for document in claim.get("documents", ()):
            say(f"\n--- {document['id']} {document['media_type']} {' → '.join(document['chain'])}")
            say(document["text"])


def _row(entry: dict[str, object]) -> tuple[object, ...]:
    inputs = entry.get("inputs") or []
    assert isinstance(inputs, list)
    steps = entry.get("steps") or []
    assert isinstance(steps, list)
    return (
        entry["field"],
        entry.get("value"),
        entry["how"],
        "\n".join(f"{one['document']} {one['source']}" for one in inputs),
        "\n".join(str(one.get("raw", "")) for one in inputs),
        ", ".join(steps),
        entry.get("rule"),
    )
