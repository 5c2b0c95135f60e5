"""What is wrong with an outward mapping: all of it at once, each with line, column and the likely word."""

import pytest

from canonical_schema.problem import ProblemsFound
from mappings.language.beside import Beside
from mappings.outward import compile_outward


@pytest.mark.parametrize(
    ("fields", "line", "column", "words", "meant"),
    [
        ("  a: consignr/name\n", 1, 6, "the standard's Manifest has no field 'consignr'", "consignor"),
        ("  a: consignor/nam\n", 1, 6, "the standard's Consignor has no field 'nam'", "name"),
        ("  a: /versoin\n", 1, 6, "the standard's Record has no field 'versoin'", "version"),
        ("  'a{0}': status\n", 1, 3, "the name 'a{0}' may hold no braces", ""),
        ("  a: national_no/x\n", 1, 6, "content/national_no is one value: there is no 'x' in it", ""),
        ("  a: wastes/name\n", 1, 6, "content/wastes is a list: say 'each', or a position as in wastes/0/name", ""),
        ("  a: consignor\n", 1, 6, "content/consignor is an object with name, uscc", ""),
        ("  a: wastes\n", 1, 6, "content/wastes is a list of objects: say 'each'", ""),
        ("  a: {from: wastes/0/hazards}\n", 1, 6, "a reads a list: say 'join'", ""),
        ("  a: ../national_no\n", 1, 6, "'..' leads out of the document", ""),
        ("  a: {each: national_no, value: .}\n", 1, 13, "content/national_no is no list", ""),
        ("  a: {each: wastes}\n", 1, 6, "the list a says either 'fields' or 'value'", ""),
        ("  a: {each: wastes, fields: {b: {in: ../consignor, fields: {c: name}}}}\n", 1, 38, "'in' leads inward", ""),
        ("  a: {each: wastes, fields: {b: ../../version}}\n", 1, 33, "'..' leads out of the document", ""),
        ("  a: {from: waybill_no, jion: x}\n", 1, 25, "the rule of a has no 'jion'", "join"),
        ("  a: {from: waybill_no, const: x}\n", 1, 6, "the rule of a says just one of: from, const, position", ""),
        ("  a: {from: waybill_no, else: x}\n", 1, 25, "'else' goes with 'lookup' or 'reverse'", ""),
        ("  a: {from: waybill_no, round: 1}\n", 1, 25, "'round' goes with 'unit'", ""),
        ("  a: {from: waybill_no, unit: kg}\n", 1, 31, "'unit' is for quantities in tonnes", ""),
        ("  a: {from: wastes/0/quantity_t, unit: kgg}\n", 1, 40, "'kgg' is no unit of mass", "kg"),
        ("  a: {from: wastes/0/quantity_t, unit: 桶}\n", 1, 40, "'桶' is no unit of mass", ""),
        ("  a: {from: waybill_no, time: yyyy}\n", 1, 31, "'time' is for fields that hold a time", ""),
        ("  a: planned_at\n", 1, 6, "a time needs its formats", ""),
        ("  a: {from: planned_at, time: yyyy-MM-DD}\n", 1, 31, "'DD' in 'yyyy-MM-DD' is no token", ""),
        ("  a: {from: status, reverse: stats}\n", 1, 30, "there is no table 'stats'", "states"),
        ("  a: {from: status, lookup: {voidd: x}}\n", 1, 37, "status is never 'voidd'", "voided"),
        ("  a: {from: status, reverse: {x: voidd}}\n", 1, 34, "status is never 'voidd'", "voided"),
        ("  a: {from: status, as: txt}\n", 1, 25, "as is one of: text, number, integer, boolean", "text"),
        ("  a: {const: x, as: integer}\n", 1, 14, "'x' is no number", ""),
        ("  a: {from: status, refused: default}\n", 1, 30, "'refused: default' needs a default", ""),
        ("  a: {from: status, refused: rejct}\n", 1, 30, "refused is one of: absent, reject, default", "reject"),
        ("  a: {position: 1}\n", 1, 17, "position counts the items of a list", ""),
        ("  a: {from: status, call: f}\n", 1, 27, "the pack has no function 'f'", ""),
        ("  a: {mark: '', fields: {b: status}}\n", 1, 13, "here stands one mark", ""),
        ("  a: {mark: ',', each: wastes, fields: {b: name}}\n", 1, 13, "here stands two different marks", ""),
        ("  a: {mark: [',', ','], each: wastes, fields: {b: name}}\n", 1, 13, "here stands two different marks", ""),
        ("  a: {mark: ',', embedded: json, fields: {b: status}}\n", 1, 18, "one text is made by 'mark' or as JSON", ""),
        ("  a: {first: wastes, value: name, mark: ','}\n", 1, 35, "one value needs no mark", ""),
        ("  a: {mark: ',', fields: {b: {fields: {c: status}}}}\n", 1, 27, "b is one text here: say 'mark'", ""),
        ("  a: {embedded: xml, fields: {b: status}}\n", 1, 17, "embedded is one of: json", ""),
    ],
)
def test_each_fault_has_its_place_and_the_likely_word(o, fields, line, column, words, meant):
    [(at_line, at_column, told, suggestion)] = o.faults(fields, o.json + "tables: {states: {10: declared}}\n")
    assert (at_line, at_column, suggestion) == (line, column, meant)
    assert told.startswith(words)


@pytest.mark.parametrize(
    ("fields", "column", "words"),
    [
        ("  1st: status\n", 3, "'1st' can't be the name of an element or attribute of XML"),
        ("  '@a b': status\n", 3, "'@a b' can't be the name of an element or attribute of XML"),
        ("  'a:b': status\n", 3, "'a:b' can't be the name of an element or attribute of XML"),
        ("  '@a': {each: wastes, value: name}\n", 3, "@a is one text here: say 'mark'"),
        ("  .: {fields: {a: status}}\n", 3, ". is one text here: say 'mark'"),
    ],
)
def test_what_xml_cant_hold_is_told_at_its_name(o, fields, column, words):
    [(line, at, told, _)] = o.faults(fields, o.xml)
    assert (line, at) == (1, column)
    assert told.startswith(words)


def test_all_faults_come_at_once(o):
    found = o.faults("  a: consignr/name\n  b: {from: status, as: txt}\n", after="left_out: {attachmnts: no place}\n")
    assert [(line, meant) for line, _, _, meant in found] == [(1, "consignor"), (2, "text"), (3, "attachments")]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("to: json\n", "also needs: kind, standard, system, fields"),
        ("kind: manifst\nstandard: 1.0-rc\nsystem: x\nto: json\nfields: {a: b}\n", "there is no kind 'manifst'"),
        (
            "kind: manifest\nstandard: 1.0-rc\nsystem: x\nto: yaml\nfields: {a: status}\n",
            "to is one of: json, xml, text",
        ),
        ("kind: manifest\nstandard: 1.0-rc\nsystem: x\nto: xml\nfields: {a: status}\n", "'to: xml' needs 'root'"),
        ("kind: manifest\nstandard: 1.0-rc\nsystem: x\nto: text\nfields: {a: status}\n", "'to: text' needs 'mark'"),
        (
            "kind: manifest\nstandard: 1.0-rc\nsystem: x\nto: json\nmark: ','\nfields: {a: status}\n",
            "goes with 'to: text'",
        ),
        (
            "kind: manifest\nstandard: 1.0-rc\nsystem: x\nto: xml\nroot: 1a\nfields: {a: status}\n",
            "'1a' can't be the name",
        ),
        ("kind: manifest\nstandard: 1.0-rc\nsystem: x\nto: json\nfillers: [无]\nfields: {a: status}\n", "no 'fillers'"),
        ("- a\n", "an outward mapping is a map"),
    ],
)
def test_the_head_of_the_file_is_checked(text, words):
    with pytest.raises(ProblemsFound, match=words):
        compile_outward(text, "m.yaml")


# -- what a payload doesn't tell


def test_untold_is_what_is_neither_carried_nor_left_out(o):
    fields = "fields: {a: {each: legs, fields: {b: handover/at, c: {from: vehicle/plate}}}, d: void/at/at}\n"
    text = f"{o.json}times: yyyy-MM-dd\n{fields}left_out: {{legs/driver: no, consignor: no, wastes/receipt: no}}\n"
    outward = compile_outward(text, "m.yaml")
    assert outward.carried == {"legs/handover/at", "legs/vehicle/plate", "void/at"}
    assert {"void/reason", "wastes/name", "legs/vehicle/trailer_plate", "period/from"} <= set(outward.untold)
    told = ("void/at", "legs/vehicle/plate", "legs/driver", "consignor", "wastes/receipt")
    assert [one for one in outward.untold if f"{one}/".startswith(tuple(f"{known}/" for known in told))] == []


def test_what_is_carried_isnt_left_out(o):
    found = o.faults("  a: consignor/name\n", after="left_out: {consignor: no, consignor/nam: no, legs/0/seq: no}\n")
    assert [(column, words.partition(":")[0], meant) for _, column, words, meant in found] == [
        (12, "consignor/name is carried by this mapping", ""),
        (27, "the standard's Consignor has no field 'nam'", "name"),
    ]


# -- what stands beside it


def test_the_shared_file_gives_tables_times_and_snippets(o):
    shared = (
        "times: yyyy/MM/dd\ntables: {yes: {是: true}}\nfillers: [无]\nsnippets: {who: {fields: {n: name, t: phone}}}\n"
    )
    fields = "  w: {use: who, in: consignor/contact}\n  d: planned_at\n  y: {from: wastes/0/receipt/major_discrepancy, reverse: yes}\n"
    content = {
        "consignor": {"contact": {"name": "无", "phone": "1"}},
        "planned_at": {"at": "2026-03-05", "precision": "day"},
        "wastes": [{"receipt": {"major_discrepancy": True}}],
    }
    beside = Beside(shared=("_shared.yaml", shared))
    # What stands for nothing in their answers is a word like another in ours.
    assert o.sent(fields, content, beside=beside).values == {"w": {"n": "无", "t": "1"}, "d": "2026/03/05", "y": "是"}


def test_the_version_covers_the_file_and_what_it_uses(o):
    def version(text, **beside):
        return compile_outward(text, "m.yaml", Beside(**beside)).hash

    text = f"{o.json}fields: {{a: {{from: waybill_no, lookup: {{csv: t.csv, from: x, to: y}}}}}}\n"
    tables = {"t.csv": "x,y\n1,2\n"}
    first = version(text, tables=tables)
    assert version(text, tables=tables) == first
    assert version(text, tables={**tables, "other.csv": "q\n"}) == first
    others = [
        version(f"{text}# a note\n", tables=tables),
        version(text, tables={"t.csv": "x,y\n1,3\n"}),
        version(text, tables=tables, code=b"def f(): ..."),
    ]
    assert len({first, *others}) == 4
