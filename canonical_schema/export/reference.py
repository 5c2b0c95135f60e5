"""The field reference: what each field of each kind is, for a person with a record in hand and nothing else of ours."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Final, Literal

from canonical_schema import SCHEMA_VERSION
from canonical_schema.codes import CodeList, code_list, names
from canonical_schema.export.page import Block, Bullets, Code, Heading, Line, Paragraph, Span, Table, line
from canonical_schema.export.samples import sample
from canonical_schema.export.scalars import SCALARS, Scalar, leaves, list_of, objects
from canonical_schema.export.texts import EXAMPLE_PARTS, Lang, Texts, texts
from canonical_schema.export.words import kind_title, part_sentence, sentences, translated
from canonical_schema.fields import Field, ObjectType, field_tree
from canonical_schema.kinds.registry import KINDS
from canonical_schema.record import record_tree
from canonical_schema.rules import REGISTRY
from canonical_schema.types import ScalarType

Occurrence = Literal["required", "optional", "list", "list_required", "list_empty"]
_SELF_EVIDENT: Final = {
    "text",
    "string",
    "raw",
    "int",
    "boolean",
    "number",
    "money",
    "tonnes",
    "moment",
    "instant",
}
"""Types whose sentence isn't said again beside each field: their link is there."""
_FACTS: Final = ("edition", "valid_from", "valid_to", "source")


def reference(lang: Lang) -> list[Block]:
    """The page in one language."""
    return list(_Reference(lang).blocks())


def occurrence(field: Field) -> Occurrence:
    """How often a field stands where its parent does."""
    if not field.many:
        return "required" if field.required else "optional"
    if not field.required:
        return "list"
    return "list_required" if field.at_least_one else "list_empty"


class _Reference:
    def __init__(self, lang: Lang) -> None:
        self.lang: Lang = lang
        self.says: Texts = texts(lang)
        counts = Counter(name for kind in KINDS for name in objects(field_tree(kind)))
        self.shared = {name for name, count in counts.items() if count > 1}
        self.titles = _titles() if lang == "zh" else {}

    def blocks(self) -> Iterator[Block]:
        says = self.says
        yield Heading(1, f"{says['title']} {SCHEMA_VERSION}", "top")
        yield from (Paragraph(line(sentence)) for sentence in says.lines("intro"))
        yield Heading(2, says["reading"], "reading")
        yield Bullets(tuple(line(sentence) for sentence in says.lines("rules_of_reading")))
        yield from self._example()
        yield Heading(2, says["kinds"], "kinds")
        yield self._kinds()
        yield from self._envelope()
        for kind in KINDS:
            yield from self._kind(kind)
        yield Heading(2, says["parts"], "parts")
        yield Paragraph(line(says["parts_intro"]))
        shared = {
            name: part for kind in KINDS for name, part in objects(field_tree(kind)).items() if name in self.shared
        }
        for part in shared.values():
            yield from self._part(part, f"part-{part.name}")
        yield from self._values()
        yield from self._codes()
        yield from self._rules()

    def _example(self) -> Iterator[Block]:
        record = sample("manifest", "full")
        short = {name: record[name] for name in EXAMPLE_PARTS} | {"content": _shortened(record["content"])}
        yield Paragraph(line(self.says["example"]))
        yield Code(json.dumps(short, ensure_ascii=False, indent=2))

    def _kinds(self) -> Table:
        rows = []
        for kind in KINDS:
            tree = field_tree(kind)
            title = f"{self._kind_title(kind)}: {self._told(tree)}"
            rows.append((line(Span(kind, code=True, href=f"#kind-{kind}")), line(title), self._links(kind)))
        return Table(self.says.row("kind", "meaning", "files"), tuple(rows))

    def _links(self, kind: str) -> Line:
        files = (
            ("JSON Schema", f"../json-schema/{kind}.schema.json"),
            ("XSD", f"../xsd/{kind}.xsd"),
            (self.says["minimal"], f"../samples/{kind}.minimal.json"),
            (self.says["full"], f"../samples/{kind}.full.json"),
            (f"{self.says['full']} XML", f"../samples/{kind}.full.xml"),
        )
        spans: list[str | Span] = []
        for words, href in files:
            spans += [" · " if spans else "", Span(words, href=href)]
        return line(*spans)

    def _envelope(self) -> Iterator[Block]:
        tree = record_tree("manifest")
        yield Heading(2, self.says["envelope"], "envelope")
        yield Paragraph(line(self.says["envelope_intro"]))
        yield self._fields(tree, "envelope")
        content = tree.fields["content"].type
        for name, part in objects(tree).items():
            if name != tree.name and any(part is field.type for field in _below(tree, content)):
                yield Heading(4, self._title(part), f"envelope-{name}")
                yield Paragraph(line(self._told(part)))
                yield self._fields(part, "envelope")

    def _kind(self, kind: str) -> Iterator[Block]:
        tree = field_tree(kind)
        yield Heading(2, f"{kind} {self._kind_title(kind)}", f"kind-{kind}")
        yield Paragraph(line(self._told(tree)))
        yield Paragraph(self._links(kind))
        yield from self._needs(tree)
        yield self._fields(tree, f"kind-{kind}")
        for name, part in objects(tree).items():
            if name != tree.name and name not in self.shared:
                yield from self._part(part, f"kind-{kind}-{name}", f"kind-{kind}")
        yield Paragraph(line(self.says["least"]))
        yield Code(json.dumps(sample(kind, "minimal")["content"], ensure_ascii=False, indent=2))

    def _part(self, part: ObjectType, anchor: str, within: str = "part") -> Iterator[Block]:
        yield Heading(3, self._title(part), anchor)
        yield Paragraph(line(self._told(part)))
        yield from self._needs(part)
        yield self._fields(part, within)

    def _needs(self, part: ObjectType) -> Iterator[Block]:
        if part.any_of:
            fields: list[str | Span] = [self.says["any_of"]]
            for name in part.any_of:
                fields += [" " if len(fields) == 1 else ", ", Span(name, code=True)]
            yield Paragraph(line(*fields))

    def _fields(self, part: ObjectType, within: str) -> Table:
        headings = self.says.row("field", "name", "type", "occurs", "meaning")
        if any(field.section for field in part.fields.values()):
            headings = (*headings, self.says["section"])
        rows = []
        for field in part.fields.values():
            row = [
                line(Span(field.name, code=True)),
                line(field.title if self.lang == "zh" else field.title_en),
                self._type(field, within),
                line(self.says[occurrence(field)]),
                line(self._meaning(field)),
            ]
            if len(headings) > len(row):
                row.append(line(Span(field.section, code=True)) if field.section else ())
            rows.append(tuple(row))
        return Table(headings, tuple(rows))

    def _type(self, field: Field, within: str) -> Line:
        if isinstance(field.type, ObjectType):
            name = field.type.name
            if within == "envelope" and field.name == "content":
                return line(Span(self.says["kind"], href="#kinds"))
            return line(Span(name, href=f"#part-{name}" if name in self.shared else f"#{within}-{name}"))
        if within == "envelope" and field.name == "kind":
            return self._known_words(tuple(KINDS))
        if field.type.name == "word":
            return self._known_words(field.type.words)
        return line(Span(field.type.name, href=f"#value-{field.type.name}"))

    def _known_words(self, words: tuple[str, ...]) -> Line:
        """The words, each with its title where a code list has exactly them."""
        codes = list_of(words)
        spans: list[str | Span] = []
        for word in words:
            title = codes.title(word, self.lang) if codes is not None else ""
            spans += [", " if spans else "", Span(word, code=True), f" {title}" if title else ""]
        return line(*spans)

    def _meaning(self, field: Field) -> str:
        zh = self.lang == "zh"
        own = translated(field.description) if zh else field.description
        if not own and isinstance(field.type, ObjectType):
            own = self._told(field.type)
        elif not own and field.type.name not in {*_SELF_EVIDENT, "word"}:
            own = sentences(field)[0 if zh else 1]
        facts = [own.rstrip("。.") + ("。" if zh else ".")] if own else []
        facts += [f"{self.says['unit']} {field.unit}"] if field.unit else []
        facts += [f"{self.says['source']} {field.source}"] if field.source else []
        facts += [self.says["personal"]] if field.personal else []
        return " ".join(facts)

    def _kind_title(self, kind: str) -> str:
        return kind_title(kind)[0 if self.lang == "zh" else 1]

    def _title(self, part: ObjectType) -> str:
        return f"{self.titles.get(part.name, '')} {part.name}".strip()

    def _told(self, part: ObjectType) -> str:
        return part_sentence(part)[0 if self.lang == "zh" else 1]

    def _values(self) -> Iterator[Block]:
        yield Heading(2, self.says["values"], "values")
        yield Paragraph(line(self.says["values_intro"]))
        used = {type_.name for kind in KINDS for _, _, type_ in leaves(record_tree(kind))}
        for name, one in SCALARS.items():
            if name in used:
                yield from self._value(one)

    def _value(self, one: Scalar) -> Iterator[Block]:
        yield Heading(3, one.name, f"value-{one.name}")
        words: list[str | Span] = [one.zh if self.lang == "zh" else one.en]
        if one.codes:
            words += [" → ", Span(f"codes/{one.codes}", href=f"#codes-{one.codes}")]
        yield Paragraph(line(*words))
        facts = [line(f"{self.says['example_value']}: ", Span(one.example, code=True))]
        if one.pattern:
            facts.append(line(f"{self.says['pattern']}: ", Span(one.pattern, code=True)))
        yield Bullets(tuple(facts))

    def _codes(self) -> Iterator[Block]:
        yield Heading(2, self.says["codes"], "codes")
        yield Paragraph(line(self.says["codes_intro"]))
        for name in names():
            yield from self._code_list(code_list(name))

    def _code_list(self, codes: CodeList) -> Iterator[Block]:
        title = codes.facts.get("title" if self.lang == "zh" else "title_en", codes.name)
        yield Heading(3, title, f"codes-{codes.name}")
        facts = [f"{self.says[name]}: {codes.facts[name]}" for name in _FACTS if codes.facts.get(name)]
        count = self.says["count"].format(len(codes.rows))
        files = (
            Span("CSV", href=f"../codes/{codes.name}.csv"),
            " · ",
            Span("JSON", href=f"../codes/{codes.name}.json"),
        )
        yield Bullets((line(*files, f" · {count}"), *(line(fact) for fact in facts)))
        if codes.rows and all(row.get("title") for row in codes.rows.values()):
            titles = [(line(Span(code, code=True)), line(codes.title(code, self.lang))) for code in codes.rows]
            yield Table(self.says.row("code", "meaning"), tuple(titles))

    def _rules(self) -> Iterator[Block]:
        yield Heading(2, self.says["rules"], "rules")
        yield Paragraph(line(self.says["rules_intro"]))
        rows = [
            (
                line(Span(rule.id, code=True)),
                line(rule.title if self.lang == "zh" else rule.title_en),
                line(" ".join(rule.kinds)),
                line(self.says[rule.severity]),
                line(rule.source),
            )
            for rule in REGISTRY.values()
        ]
        yield Table(self.says.row("rule", "meaning", "kinds", "severity", "source"), tuple(rows))


def _titles() -> dict[str, str]:
    """Object type → the Chinese title of the fields that hold one, where they all have the same."""
    titles: dict[str, set[str]] = {}
    for kind in KINDS:
        for part in objects(record_tree(kind)).values():
            for field in part.fields.values():
                if isinstance(field.type, ObjectType):
                    titles.setdefault(field.type.name, set()).add(field.title)
    return {name: told.pop() for name, told in titles.items() if len(told) == 1}


def _below(tree: ObjectType, content: ObjectType | ScalarType) -> Iterator[Field]:
    """The fields of the envelope and of its parts, without those of the content."""
    for field in tree.fields.values():
        if field.type is not content:
            yield field
            if isinstance(field.type, ObjectType):
                yield from _below(field.type, content)


def _shortened(content: dict[str, object]) -> dict[str, object]:
    """Enough of a manifest to see how one reads."""
    wastes = content["wastes"]
    assert isinstance(wastes, list)
    names_ = ("seq", "name", "code", "category", "hazards", "form", "quantity_t")
    consignor = content["consignor"]
    assert isinstance(consignor, dict)
    return {
        "national_no": content["national_no"],
        "consignor": {name: consignor[name] for name in ("name", "uscc", "division", "handed_over_at")},
        "wastes": [{name: wastes[0][name] for name in names_}],
    }
