"""A system's own JSON Schema or XSD, checked before mapping: every fault named with its place.

The draft goes by `$schema`. `format` isn't asserted: real systems' formats are kept by few of their own records. A schema
may refer to itself only; nothing is fetched.
"""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

from jsonschema import exceptions, validators
from lxml import etree
from referencing import Registry
from referencing.exceptions import Unresolvable

from adapters.decode.json_text import parse_json
from adapters.decode.text import decode_text
from adapters.errors import Malformed, Misconfigured
from adapters.limits import Limits

LONGEST_WORDS = 300

Check = Callable[[Any], tuple[str, ...]]


def load_schema(file: Path) -> Check:
    """A function from a decoded tree to its faults. Raises Misconfigured where the schema itself is wrong."""
    try:
        body = file.read_bytes()
        return _xsd(file) if file.suffix.lower() == ".xsd" else _json_schema(body)
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
        return tuple(f"{_pointer(fault.absolute_path) or '(root)'}: {_short(fault.message)}" for fault in faults)

    return check


LATEST = "https://json-schema.org/draft/2020-12/schema"


def _is_number(_: Any, value: object) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def _is_integer(_: Any, value: object) -> bool:
    return _is_number(_, value) and value == int(value)  # type: ignore[call-overload]


def _pointer(path: Any) -> str:
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path)


def _short(words: str) -> str:
    return words if len(words) <= LONGEST_WORDS else words[:LONGEST_WORDS] + "…"


def _xsd(file: Path) -> Check:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    schema = etree.XMLSchema(etree.parse(str(file), parser))

    def check(tree: Any) -> tuple[str, ...]:
        if schema.validate(tree):
            return ()
        return tuple(f"{fault.path} (line {fault.line}): {_short(fault.message)}" for fault in schema.error_log)

    return check
