import json
from itertools import permutations

import pytest
from lxml import etree

from canonical_schema.export.samples import SIZES, sample
from canonical_schema.fields import ObjectType, field_tree
from canonical_schema.kinds.registry import KINDS
from canonical_schema.masking import masked
from canonical_schema.record_file import as_json, read, written
from canonical_schema.xml_form import NAMESPACE, to_xml

EVERY = [(kind, size) for kind in KINDS for size in SIZES]


@pytest.mark.parametrize(("kind", "size"), EVERY)
def test_a_sample_holds_in_every_form(judges, kind, size):
    record = sample(kind, size)
    xml = to_xml(record)
    judge = judges(kind)
    assert [error.message for error in judge.json.iter_errors(record)] == []
    judge.lxml.assertValid(etree.fromstring(xml))
    judge.xmlschema.validate(xml.decode())
    for data in (as_json(record), xml):
        found = read(data)
        assert found.faults == ()
        assert json.dumps(found.record, sort_keys=True) == json.dumps(record, sort_keys=True)
        assert written(found, "xml") == xml


@pytest.mark.parametrize("kind", KINDS)
def test_the_full_sample_shows_every_field(kind):
    shown = set()

    def walk(part, value, path):
        for field in part.fields.values():
            found = value.get(field.name, [])
            for item in found if field.many or found == [] else [found]:
                shown.add((*path, field.name))
                if isinstance(field.type, ObjectType):
                    walk(field.type, item, (*path, field.name))

    def every(part, path):
        for field in part.fields.values():
            yield (*path, field.name)
            if isinstance(field.type, ObjectType):
                yield from every(field.type, (*path, field.name))

    walk(field_tree(kind), sample(kind, "full")["content"], ())
    known = set(every(field_tree(kind), ()))
    assert {path[-1] for path in known} - {path[-1] for path in shown} == set()
    assert len(shown) > 0.6 * len(known)


@pytest.mark.parametrize("kind", KINDS)
def test_the_minimal_sample_has_nothing_to_spare(judges, kind):
    """Without any one leaf the content isn't one."""
    content = sample(kind, "minimal")["content"]
    judge = judges(kind).json
    for path in _leaves(content):
        record = sample(kind, "minimal")
        at = record["content"]
        for step in path[:-1]:
            at = at[step]
        del at[path[-1]]
        assert not judge.is_valid(record), path


@pytest.mark.parametrize("kind", KINDS)
def test_a_masked_record_is_a_record_in_both_forms(judges, kind):
    record = masked(sample(kind, "full"))
    xml = to_xml(record)
    assert judges(kind).json.is_valid(record)
    judges(kind).lxml.assertValid(etree.fromstring(xml))
    assert read(xml).faults == ()
    assert read(xml).record == record
    if "masked" in record:
        record["masked"].append("/nowhere")
        assert [fault.place for fault in read(as_json(record)).faults] == [f"/masked/{len(record['masked']) - 1}"]


def test_a_schema_takes_its_own_kind_only(judges):
    for one, other in permutations(KINDS, 2):
        assert not judges(other).json.is_valid(sample(one, "full")), (one, other)


def test_xml_names_are_those_of_the_standard():
    root = etree.fromstring(to_xml(sample("manifest", "full")))
    assert root.tag == f"{{{NAMESPACE}}}record"
    assert root.findtext(f"{{{NAMESPACE}}}content/{{{NAMESPACE}}}wastes/{{{NAMESPACE}}}quantity_t") == "1.25"


def _leaves(value, path=()):
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
    if parts is None:
        return [path]
    return [leaf for name, inner in parts for leaf in _leaves(inner, (*path, name))]
