from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.key import idempotency_key
from gateway.domain.owed import Owed, Target, owed


def test_the_key_is_the_digest_of_the_five_parts():
    parts = ("national", "manifest", "d520c1c5-88c7-5410-8bf1-38a0a0e4e850", 3, "ab" * 32)
    text = "national\nmanifest\nd520c1c5-88c7-5410-8bf1-38a0a0e4e850\n3\n" + "ab" * 32
    assert idempotency_key(*parts) == sha256(text.encode()).hexdigest()


words = st.text("ab1", min_size=1, max_size=3)
part_lists = st.tuples(words, words, words, st.integers(1, 30), words)


@given(part_lists, part_lists)
def test_two_deliveries_share_a_key_only_if_they_are_the_same(left, right):
    assert (idempotency_key(*left) == idempotency_key(*right)) == (left == right)


def test_each_target_is_owed_once_in_a_fixed_order():
    targets = [Target("national"), Target("city")]
    version = {"kind": "manifest", "record_id": "r", "version": 2, "content_hash": "h"}
    expected = tuple(
        Owed(name, "manifest", "r", 2, idempotency_key(name, "manifest", "r", 2, "h")) for name in ("city", "national")
    )
    assert owed(targets, **version) == owed(reversed(targets), **version) == expected
    assert owed([], **version) == ()
