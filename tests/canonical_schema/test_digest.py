import hashlib
import uuid

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from canonical_schema.digest import canonical_bytes, content_hash, record_id, sha256_hex

keys = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=8)
leaves = st.text(max_size=20) | st.integers(-(2**53) + 1, 2**53 - 1) | st.booleans()
contents = st.recursive(leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4))


@settings(max_examples=200)
@given(contents)
def test_canonical_bytes_are_rfc_8785(content):
    assert canonical_bytes(content) == rfc8785.dumps(content)


@given(st.dictionaries(keys, leaves, max_size=6))
def test_a_hash_doesnt_depend_on_the_order_of_fields(content):
    turned = dict(reversed(content.items()))
    assert content_hash(turned) == content_hash(content) == hashlib.sha256(rfc8785.dumps(content)).hexdigest()


def test_what_has_no_canonical_form_is_refused():
    with pytest.raises(TypeError):
        canonical_bytes({"a": object()})


def test_sha256_is_hex():
    assert sha256_hex(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_a_record_id_is_the_uuid5_of_the_standard():
    namespace = uuid.uuid5(uuid.NAMESPACE_URL, "urn:liandan:canonical:1")
    assert record_id("manifest", "20263205000001") == str(uuid.uuid5(namespace, "manifest\n20263205000001"))
    assert record_id("manifest", "gd", "manifests", "K1") == str(uuid.uuid5(namespace, "manifest\ngd\nmanifests\nK1"))
