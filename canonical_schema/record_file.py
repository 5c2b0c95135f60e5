"""A file that holds a record, as JSON or XML: reading it, its faults with their places, and its other form."""

import json
from dataclasses import dataclass
from typing import Any, Literal

from canonical_schema.errors import Unreadable
from canonical_schema.validate import Fault, faults
from canonical_schema.xml_form import from_xml, to_xml, xpath

Form = Literal["json", "xml"]


@dataclass(frozen=True, slots=True)
class Read:
    """What a file holds: its form, the record in its JSON form, and all faults with places in the file's own terms."""

    form: Form
    record: Any
    faults: tuple[Fault, ...]


def read(data: bytes) -> Read:
    """Reads and judges a record. Unreadable where there is none to judge."""
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<" or data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return _read_xml(data)
    record = _json(data)
    return Read("json", record, tuple(faults(record)))


def written(read_record: Read, form: Form) -> bytes:
    """A record without faults in either form, with a line feed at its end."""
    assert not read_record.faults
    return to_xml(read_record.record) if form == "xml" else as_json(read_record.record)


def as_json(value: Any) -> bytes:
    """JSON as people read it: two spaces, Chinese as it is."""
    return json.dumps(value, ensure_ascii=False, indent=2).encode() + b"\n"


def _read_xml(data: bytes) -> Read:
    record, found = from_xml(data)
    if record is not None:
        places = {fault.place for fault in found}
        judged = [Fault(xpath(fault.place), fault.zh, fault.en) for fault in faults(record)]
        # What couldn't be read as a value has its fault already.
        found += [fault for fault in judged if fault.place not in places]
    return Read("xml", record, tuple(found))


def _json(data: bytes) -> Any:
    try:
        value = json.loads(data.decode(), object_pairs_hook=_no_duplicates, parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise Unreadable(
            f"不是 UTF-8 文本(第 {error.start} 字节起)", f"the file isn't UTF-8 (from byte {error.start})"
        ) from error
    except json.JSONDecodeError as error:
        where = error.lineno, error.colno
        raise Unreadable(
            f"既不是 JSON 也不是 XML: 第 {where[0]} 行第 {where[1]} 列",
            f"neither JSON nor XML: line {where[0]}, column {where[1]}: {error.msg}",
        ) from error
    except RecursionError as error:
        raise Unreadable("JSON 嵌套过深", "the JSON is nested too deeply") from error
    except ValueError as error:  # a number of thousands of digits
        raise Unreadable(f"JSON 无法读取: {error}", f"the JSON can't be read: {error}") from error
    return value


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Unreadable(f"JSON 中的键“{twice}”重复", f"the JSON key '{twice}' stands twice in one object")
    return value


def _no_constant(name: str) -> Any:
    raise Unreadable(f"JSON 不允许 {name}", f"{name} is no JSON")
