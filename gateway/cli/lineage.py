"""liandan lineage: where each value of a record came from."""

from typing import Annotated, Any

import typer

from gateway.cli.command import Json, Number, example, single
from gateway.cli.opened import opened_store
from gateway.cli.output import emit_json, printable, say

app = single()


@app.command(
    epilog=example(
        "liandan lineage 20263201000001 /wastes/0/quantity_t",
        "liandan lineage 20263201000001 --payloads --json",
        "liandan lineage 20263201000001 --csv",
    )
)
def lineage(
    no: Number,
    field: Annotated[
        str | None, typer.Argument(metavar="[FIELD]", help="字段指针 · a leaf or branch of the content")
    ] = None,
    documents: Annotated[bool, typer.Option("--documents", help="附原始文档 · with the source documents")] = False,
    payloads: Annotated[
        bool, typer.Option("--payloads", help="附原始字节 · with the bytes they were decoded from (--json)")
    ] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="审计用表格 · a table for auditors")] = False,
    as_json: Json = False,
) -> None:
    """每个值的来源 · Which place of which document each value was read from"""
    from gateway.errors import NoSuchThing, UsedWrongly  # noqa: PLC0415
    from gateway.read import manifests  # noqa: PLC0415
    from gateway.read.lineage import as_csv as table_of  # noqa: PLC0415
    from gateway.read.lineage import lineage as read  # noqa: PLC0415

    if payloads and not as_json:
        raise UsedWrongly("--payloads 需与 --json 同用", "--payloads goes with --json")
    if as_csv and as_json:
        raise UsedWrongly("--csv 与 --json 只能选一个", "--csv or --json, not both")
    with opened_store() as database, database.read() as conn:
        told = read(conn, manifests.resolve(conn, no), documents=documents, field=field, with_payloads=payloads)
    if field is not None and not any(claim["entries"] for claim in told["claims"]):
        raise NoSuchThing(f"该记录没有字段 {field}", f"the record has no field {field}")
    if as_json:
        emit_json(told)
        return
    if as_csv:
        say(table_of(told).rstrip("\r\n"))
        return
    say(f"record {told['record_id']} version {told['version']}")
    for claim in told["claims"]:
        say(f"\n{claim['adapter']} / {claim['dataset']} / {claim['source_key']}   mapping {claim['mapping_hash'][:12]}")
        for entry in claim["entries"]:
            say_entry(entry)
        if not claim["entries"]:
            say("本系统未提及 · this system says nothing of it")
        for document in claim.get("documents", ()):
            say(f"\n--- {document['id']} {document['media_type']} {' → '.join(document['chain'])}")
            say(document["text"])


def say_entry(entry: dict[str, Any]) -> None:
    """The value and how it came to be, then each place it was read from with what stands there, then the steps."""
    value = shown(entry["value"]) if "value" in entry else "∅"
    say(f"{entry['field']} = {value}   {entry['how']}   {entry['rule']}")
    for one in entry["inputs"]:
        raw = shown(one["raw"]) if "raw" in one else "∅"
        say(printable(f"    {one['document']} {one['source']} → {raw}"))
    if entry["steps"]:
        say(printable(f"    {' › '.join(entry['steps'])}"))


def shown(value: Any) -> str:
    from gateway.read.answer import encode  # noqa: PLC0415 - heavy for --help

    return printable(encode(value).decode())
