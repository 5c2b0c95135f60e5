"""A system's own JSON Schema or XSD, checked before mapping: every fault named with its place.

The draft goes by `$schema`. `format` isn't asserted: real systems' formats are kept by few of their own records. A JSON
Schema may refer to itself only, an XSD also to files in its own folder; nothing is fetched.
"""

import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import msgspec
from jsonschema import exceptions, validators
from lxml import etree
from referencing import Registry
from referencing.exceptions import Unresolvable

from adapters.decode.json_text import parse_json
from adapters.decode.text import decode_text
from adapters.errors import Malformed, Misconfigured
from adapters.limits import Limits

LONGEST_WORDS = 300
LONGEST_VALUE = 80

Check = Callable[[Any], tuple[str, ...]]


def load_schema(file: Path) -> Check:
    """A function from a decoded tree to its faults. Raises Misconfigured where the schema itself is wrong."""
    try:
        body = file.read_bytes()
        return _xsd(body, file.resolve()) if file.suffix.lower() == ".xsd" else _json_schema(body)
    except OSError as error:
        raise Misconfigured(f"the source schema can't be read: {error.strerror}", where=file.name) from None
    except Malformed as error:
        raise Misconfigured(f"the source schema is wrong: {error}", where=file.name) from None
    except exceptions.SchemaError as error:
        raise Misconfigured(
            f"the source schema is wrong at {_pointer(error.path)}: {error.message}", where=file.name
        ) from None
    except (etree.XMLSchemaParseError, etree.XMLSyntaxError) as error:
        raise Misconfigured(f"the source schema is wrong: {error}", where=file.name) from None


def _json_schema(body: bytes) -> Check:
    schema = parse_json(decode_text(body, "utf-8")[0], Limits())
    plain = validators.validator_for(schema, default=validators.validator_for({"$schema": LATEST}))
    plain.check_schema(schema)
    checker = plain.TYPE_CHECKER.redefine("integer", _is_integer).redefine("number", _is_number)
    exact = validators.extend(plain, type_checker=checker)  # type: ignore[no-untyped-call]
    validator = exact(schema, registry=Registry())

    def check(tree: Any) -> tuple[str, ...]:
        try:
            faults = sorted(validator.iter_errors(tree), key=lambda fault: [str(part) for part in fault.absolute_path])
        except Unresolvable as error:
            raise Misconfigured(f"the source schema refers to what isn't in it: {error}") from None
        return tuple(f"{_pointer(fault.absolute_path) or '(root)'}: {_short(_words(fault))}" for fault in faults)

    return check


def _words(fault: exceptions.ValidationError) -> str:
    """What is wrong, for people, in both languages where the keyword is a common one."""
    rule, given = fault.validator, fault.validator_value
    if rule == "required" and isinstance(fault.instance, dict):
        name = fault.message.split("'")[1]
        return f"缺少必需的字段 {name} / the required field {name} is missing"
    if rule == "additionalProperties" and isinstance(fault.instance, dict):
        known = fault.schema.get("properties", {}) if isinstance(fault.schema, dict) else {}
        names = ", ".join(name for name in fault.instance if name not in known)
        return f"含有其规范之外的字段 / fields that their schema doesn't know: {names}"
    if rule == "type":
        wanted = " or ".join([given] if isinstance(given, str) else map(str, given))  # type: ignore[arg-type]
        return f"应为 {wanted} 类型 / {_shown(fault.instance)} is no {wanted}"
    if rule == "enum":
        return f"不在允许值之列 / {_shown(fault.instance)} is none of {_shown(given)}"
    return _DECIMAL.sub(r"\1", fault.message)


_DECIMAL = re.compile(r"Decimal\('([^']*)'\)")


def _shown(value: Any) -> str:
    """A value as JSON, cut where it's long."""
    text = msgspec.json.Encoder(decimal_format="number").encode(value).decode()
    return text if len(text) <= LONGEST_VALUE else text[:LONGEST_VALUE] + "…"


LATEST = "https://json-schema.org/draft/2020-12/schema"


def _is_number(_: Any, value: object) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def _is_integer(_: Any, value: object) -> bool:
    return _is_number(_, value) and value == int(value)  # type: ignore[call-overload]


def _pointer(path: Any) -> str:
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path)


def _short(words: str) -> str:
    return words if len(words) <= LONGEST_WORDS else words[:LONGEST_WORDS] + "…"


class _OwnFolder(etree.Resolver):
    """Hands a schema the files of its own folder; libxml2 itself, which would open whatever is named, opens none."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.refused = ""

    def resolve(self, system_url: str | None, _public_id: str | None, context: Any) -> Any:
        url = system_url or ""
        file = Path(unquote(url.removeprefix("file://"))).resolve()
        try:
            if file.is_relative_to(self._folder):
                return self.resolve_string(file.read_bytes(), context, base_url=url)
            self.refused = f"it includes {url}, which isn't in its own folder (引用了目录之外的文件)"
        except OSError as error:
            self.refused = f"it includes {url}, which can't be read: {error.strerror} (无法读取)"
        return self.resolve_empty(context)


def _xsd(body: bytes, file: Path) -> Check:
    folder = _OwnFolder(file.parent)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    parser.resolvers.add(folder)
    try:
        schema = etree.XMLSchema(etree.fromstring(body, parser, base_url=str(file)))
    finally:
        if folder.refused:  # libxml2 says less of it, and of an import nothing at all
            raise Misconfigured(f"the source schema is wrong: {folder.refused}", where=file.name)

    def check(tree: Any) -> tuple[str, ...]:
        if schema.validate(tree):
            return ()
        return tuple(f"{fault.path} (line {fault.line}): {_short(fault.message)}" for fault in schema.error_log)

    return check
