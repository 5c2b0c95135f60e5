"""Do an adapter's file and its mappings fit each other? Pure: each says what it has, and faults and notes come of it."""

from collections.abc import Iterator

from adapters.decode.chain import STEPS
from adapters.fault import Fault, Faults, Place
from adapters.spec import AdapterSpec, DatasetSpec
from mappings import Program
from mappings.paths import SourcePath, pointer
from mappings.spec import AnyNode, FieldNode, FirstNode, Leaf, ListNode, ObjectNode, PartsNode


def faults(spec: AdapterSpec, dataset: str, program: Program) -> Faults:
    """What can't work: every record would be refused."""
    told = spec.datasets[dataset]
    at: Place = ("decode",)
    decode = told.decode
    if told.detail is not None and told.detail.decode is not None:
        decode, at = told.detail.decode, ("detail", "decode")
    gives = STEPS[decode[-1].partition(":")[0]][1]
    if (gives == "XML tree") is not program.spec.xml:
        form, mapped = ("xml", "json")[gives != "XML tree"], ("json", "xml")[program.spec.xml]
        words = f"the chain ends with {form}, but {program.file} says document: {mapped} (与映射文件的 document 不符)"
        yield Fault(("datasets", dataset, *at), words)


def notes(spec: AdapterSpec, dataset: str, program: Program) -> Faults:
    """What works, and may not be meant."""
    told = spec.datasets[dataset]
    if told.detail is not None:
        return  # what is mapped are the details, and the list's places say nothing of them
    for fault in (*_records(told, program), *_newer(told, program)):
        yield fault.inside(("datasets", dataset))


def _records(dataset: DatasetSpec, program: Program) -> Faults:
    rows = dataset.paging.rows if dataset.paging else None
    segments = program.spec.records.segments
    if rows and "*" not in segments and not program.spec.xml and rows != pointer(segments):
        words = f"pages are counted by the list at {rows}, and {program.file} maps the records at {pointer(segments)} (两处列表不同)"
        yield Fault(("paging", "rows"), words)


def _newer(dataset: DatasetSpec, program: Program) -> Faults:
    """A cursor that goes by a time of change says what makes an observation newer; a mapping may well know better."""
    row, newer = dataset.cursor.row if dataset.cursor else None, program.spec.newer
    if row is None or program.spec.xml:
        return
    if newer is None:
        words = f"{program.file} has no 'newer': of two observations the last to arrive counts, though rows have {row} (映射未声明 newer)"
        yield Fault(("cursor", "row"), words)
    elif newer.type.name == "instant" and newer.reads and SourcePath(0, _segments(row)) not in newer.reads:
        read = pointer(newer.reads[0].segments)
        words = f"the cursor goes by {row}, and {program.file} takes {read} for newer: is it the same time? (游标与 newer 所取字段不同)"
        yield Fault(("cursor", "row"), words)


def _segments(row: str) -> tuple[str, ...]:
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in row.split("/")[1:])


def carried(program: Program) -> frozenset[str]:
    """The standard's fields that a mapping can fill, list positions left out: `wastes/code`."""
    return frozenset(one for node in program.spec.fields for one in _fields(node, ""))


def _fields(node: FieldNode, prefix: str) -> Iterator[str]:
    here = f"{prefix}{node.field}"
    if isinstance(node, Leaf | AnyNode):
        yield here
    elif isinstance(node, PartsNode):
        for part in node.parts:
            inner = part.children if isinstance(part, ObjectNode | ListNode) else ()
            yield from (one for child in inner for one in _fields(child, f"{here}/"))
    elif isinstance(node, ListNode | FirstNode | ObjectNode):
        value = node.value if isinstance(node, ListNode | FirstNode) else None
        if value is not None:
            yield here
        yield from (one for child in node.children for one in _fields(child, f"{here}/"))
