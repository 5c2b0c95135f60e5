import json
from hashlib import sha256

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from canonical_schema.digest import canonical_bytes, content_hash
from gateway.domain.envelope import change_of, envelope_hash, envelope_head, halves, reference

CONTENT = {"national_no": "20263201000001", "wastes": [{"seq": 1, "name": "废矿物油", "quantity_t": "1.25"}]}
FINDING = {
    "id": "M003",
    "severity": "warning",
    "fields": ["/wastes/0"],
    "message": "没有吨数",
    "message_en": "no tonnes",
}


def head(claim, **parts):
    told = {
        "kind": "manifest",
        "record_id": "d520c1c5-88c7-5410-8bf1-38a0a0e4e850",
        "version": 1,
        "change": "created",
        "content_hash": content_hash(CONTENT),
        "recorded_at": "2026-03-05T08:30:00+08:00",
        "claims": [reference(claim("gd", {}, "a")), reference(claim("js", CONTENT, "键"))],
        "sections": {"movement": 0, "head": 1},
        "findings": [FINDING],
    }
    return envelope_head(**(told | parts))


def whole(told, content_bytes):
    before, behind = halves(told)
    return before + content_bytes + behind


def test_the_head_has_the_standards_fields(claim):
    envelope = json.loads(whole(head(claim), canonical_bytes(CONTENT)))
    assert envelope == {
        "kind": "manifest",
        "schema_version": "1.0-rc",
        "record_id": "d520c1c5-88c7-5410-8bf1-38a0a0e4e850",
        "version": 1,
        "change": "created",
        "content_hash": sha256(rfc8785.dumps(CONTENT)).hexdigest(),
        "recorded_at": "2026-03-05T08:30:00+08:00",
        "claims": [
            {
                "adapter": adapter,
                "dataset": "manifests",
                "source_key": key,
                "observed_at": "2026-03-05T08:30:00+08:00",
                "payload_hash": "a" * 64,
                "mapping_hash": "b" * 64,
            }
            for adapter, key in (("gd", "a"), ("js", "键"))
        ],
        "sections": {"head": 1, "movement": 0},
        "quality": {"rule_set": "1.0-rc", "findings": [FINDING]},
        "content": CONTENT,
    }


def test_a_later_version_names_the_hash_of_the_one_before(claim):
    first = whole(head(claim), canonical_bytes(CONTENT))
    second = head(claim, version=2, change="merged", merged_into="0b", previous=first)
    assert second["previous_hash"] == envelope_hash(first) == sha256(rfc8785.dumps(json.loads(first))).hexdigest()
    assert second["merged_into"] == "0b"


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
contents = st.dictionaries(
    st.text("abz_", min_size=1, max_size=4),
    st.recursive(
        texts | st.integers(0, 9_999) | st.booleans(),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.text("abz_", min_size=1, max_size=4), inner, max_size=3)
        ),
        max_leaves=8,
    ),
    max_size=4,
)


@given(contents, texts)
def test_the_whole_envelope_is_canonical_with_the_stored_content_in_it(claim, content, words):
    stored = canonical_bytes(content)
    told = head(claim, findings=[FINDING | {"message": words}])
    envelope = whole(told, stored)
    assert envelope == rfc8785.dumps(json.loads(envelope)) == canonical_bytes(told | {"content": content})
    start = len(halves(told)[0])
    assert envelope[start : start + len(stored)] == stored


@pytest.mark.parametrize(
    "parts",
    [
        {"version": 0},
        {"version": 2, "change": "updated"},
        {"version": 1, "previous": b"{}"},
        {"version": 2, "change": "merged", "previous": b"{}"},
        {"version": 2, "change": "updated", "previous": b"{}", "merged_into": "0b"},
    ],
)
def test_parts_that_cannot_stand_together_make_no_head(claim, parts):
    with pytest.raises(ValueError):
        head(claim, **parts)


def test_a_version_is_voided_when_the_record_becomes_so():
    live, voided = {"status": "received"}, {"status": "voided"}
    assert change_of(None, voided) == "created"
    assert change_of(live, voided) == "voided"
    assert change_of(voided, voided | {"void": {}}) == "updated"
    assert change_of(voided, live) == change_of({}, live) == "updated"
