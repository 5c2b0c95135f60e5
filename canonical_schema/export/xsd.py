"""XML Schema 1.0 of a record: root <record> in the standard's namespace. Each schema stands alone.

A field is an element of its name, a list is the element repeated, in the standard's order. What XML Schema 1.0 can't
say (the two parts of a moment agreeing, check characters) is left to the models.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from lxml import etree

from canonical_schema.export.scalars import Scalar, objects, scalar
from canonical_schema.export.words import part_sentence, sentences
from canonical_schema.fields import Field, ObjectType
from canonical_schema.record import record_tree
from canonical_schema.types import ScalarType, word
from canonical_schema.xml_form import NAMESPACE

XS: Final = "http://www.w3.org/2001/XMLSchema"
_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
# The text types' own pattern: no white space at either end.
_TRIMMED: Final = r"\S([\s\S]*\S)?"
_PRECISION: Final = word(("day", "minute", "second"))

Element = etree._Element  # noqa: SLF001 - lxml has no public name for it


def xsd(kind: str) -> bytes:
    """The schema of a kind's records, UTF-8. SchemaError where there is no such kind."""
    return etree.tostring(schema_tree(kind), encoding="UTF-8", xml_declaration=True, pretty_print=True)


def schema_tree(kind: str) -> Element:
    """The schema as a tree, as lxml's XMLSchema takes it."""
    tree = record_tree(kind)
    parts = objects(tree)
    root = etree.Element(f"{{{XS}}}schema", nsmap={"xs": XS, "c": NAMESPACE}, attrib=None)
    root.set("targetNamespace", NAMESPACE)
    root.set("elementFormDefault", "qualified")
    root.set("version", "1.0")
    record = _add(root, "element", name="record", type=f"c:{tree.name}")
    _document(record, part_sentence(tree))
    names = _Names(parts.values())
    for part in parts.values():
        _complex(root, part, names)
    _simple_types(root, parts.values(), names)
    return root


class _Names:
    """Names of the enumerations' types: the field's, with its owner's where another field of the name has other words."""

    def __init__(self, parts: Iterable[ObjectType]) -> None:
        self.words: dict[str, ScalarType] = {"precision": _PRECISION}
        self._of: dict[tuple[str, str], str] = {}
        for part in parts:
            for field in part.fields.values():
                if isinstance(field.type, ScalarType) and field.type.name == "word":
                    name = field.name
                    if self.words.setdefault(name, field.type) != field.type:
                        name = f"{part.name}.{field.name}"
                        self.words[name] = field.type
                    self._of[part.name, field.name] = name

    def of(self, part: ObjectType, field: Field) -> str:
        if isinstance(field.type, ScalarType) and field.type.name == "word":
            return f"c:word.{self._of[part.name, field.name]}"
        return f"c:{field.type.name}"


def _complex(root: Element, part: ObjectType, names: _Names) -> None:
    made = _add(root, "complexType", name=part.name)
    _document(made, part_sentence(part))
    documented: set[str] = set()
    fields = list(part.fields.values())
    one_of = set(part.any_of)
    if not one_of and not any(field.required for field in fields):
        one_of = set(part.fields)

    def put(parent: Element, field: Field, *, least: int) -> None:
        element = _add(parent, "element", name=field.name, type=names.of(part, field))
        if least == 0:
            element.set("minOccurs", "0")
        if field.many:
            element.set("maxOccurs", "unbounded")
        if field.name not in documented:
            documented.add(field.name)
            _document(element, _words(field))

    def one_at_least(parent: Element, rest: Sequence[Field]) -> None:
        """The rest of the fields with at least one of `one_of`, deterministic: what comes first decides."""
        field, after = rest[0], rest[1:]
        if field.name not in one_of:
            put(parent, field, least=_least(field))
            one_at_least(parent, after)
            return
        if not any(later.name in one_of for later in after):
            put(parent, field, least=1)
            for later in after:
                put(parent, later, least=_least(later))
            return
        choice = _add(parent, "choice")
        with_it = _add(choice, "sequence")
        put(with_it, field, least=1)
        for later in after:
            put(with_it, later, least=_least(later))
        one_at_least(_add(choice, "sequence"), after)

    sequence = _add(made, "sequence")
    if one_of:
        one_at_least(sequence, fields)
    else:
        for field in fields:
            put(sequence, field, least=_least(field))


def _least(field: Field) -> int:
    return 1 if field.required and (field.at_least_one or not field.many) else 0


def _simple_types(root: Element, parts: Iterable[ObjectType], names: _Names) -> None:
    used = {
        field.type.name: scalar(field.type)
        for part in parts
        for field in part.fields.values()
        if isinstance(field.type, ScalarType) and field.type.name != "word"
    }
    for name in sorted(used):
        if used[name].base == "moment":
            _moment(root, used[name])
        elif used[name].base == "sections":
            _sections(root, used[name])
        else:
            _simple(root, name, used[name])
    for name in sorted(names.words):
        _simple(root, f"word.{name}", scalar(names.words[name]))


def _simple(root: Element, name: str, one: Scalar) -> None:
    made = _add(root, "simpleType", name=name)
    _document(made, (one.zh, one.en))
    base = {"integer": "xs:integer", "boolean": "xs:boolean"}.get(one.base, "xs:string")
    facets = _add(made, "restriction", base=base)
    for known in one.words:
        _add(facets, "enumeration", value=known)
    if one.words:
        return
    if one.pattern:
        _add(facets, "pattern", value=one.pattern)
    elif one.trimmed:
        _add(facets, "pattern", value=_TRIMMED)
    else:
        _add(facets, "minLength", value="1")


def _moment(root: Element, one: Scalar) -> None:
    at = _add(root, "simpleType", name="moment.at")
    _add(_add(at, "restriction", base="xs:string"), "pattern", value=one.pattern)
    made = _add(root, "complexType", name="moment")
    _document(made, (one.zh, one.en))
    sequence = _add(made, "sequence")
    _add(sequence, "element", name="at", type="c:moment.at")
    _add(sequence, "element", name="precision", type="c:word.precision")


def _sections(root: Element, one: Scalar) -> None:
    name = _add(root, "simpleType", name="section.name")
    _add(_add(name, "restriction", base="xs:string"), "pattern", value=one.pattern)
    index = _add(root, "simpleType", name="section.claim")
    _add(_add(index, "restriction", base="xs:integer"), "pattern", value="0|[1-9][0-9]*")
    section = _add(root, "complexType", name="section")
    extension = _add(_add(section, "simpleContent"), "extension", base="c:section.claim")
    _add(extension, "attribute", name="name", type="c:section.name", use="required")
    made = _add(root, "complexType", name="sections")
    _document(made, (one.zh, one.en))
    _add(_add(made, "sequence"), "element", name="section", type="c:section", minOccurs="0", maxOccurs="unbounded")


def _words(field: Field) -> tuple[str, str]:
    zh, en = sentences(field)
    facts = [(f"单位 {field.unit}", f"unit {field.unit}")] if field.unit else []
    facts += [(f"依据 {field.source}", f"source {field.source}")] if field.source else []
    facts += [("个人信息", "personal data")] if field.personal else []
    more_zh, more_en = "; ".join(fact[0] for fact in facts), "; ".join(fact[1] for fact in facts)
    return (
        f"{field.title}: {zh}" + (f" ({more_zh})" if facts else ""),
        f"{field.title_en}: {en}" + (f" ({more_en})" if facts else ""),
    )


def _document(element: Element, words: tuple[str, str]) -> None:
    annotation = etree.Element(f"{{{XS}}}annotation")
    element.insert(0, annotation)
    for lang, sentence in zip(("zh", "en"), words, strict=True):
        told = etree.SubElement(annotation, f"{{{XS}}}documentation")
        told.set(_LANG, lang)
        told.text = sentence


def _add(parent: Element, tag: str, **attributes: str) -> Element:
    element = etree.SubElement(parent, f"{{{XS}}}{tag}")
    for name, value in attributes.items():
        element.set(name, value)
    return element
