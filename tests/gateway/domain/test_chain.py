from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.chain import GENESIS, ChainEntry, link, merkle_root


def by_the_rfc(items):
    """RFC 6962 §2.1, as it is written there: split at the largest power of two below n."""
    if not items:
        return sha256(b"").digest()
    if len(items) == 1:
        return sha256(b"\x00" + items[0]).digest()
    k = 1 << (len(items) - 1).bit_length() - 1
    return sha256(b"\x01" + by_the_rfc(items[:k]) + by_the_rfc(items[k:])).digest()


@pytest.mark.parametrize("count", range(34))
def test_the_root_is_that_of_the_rfc(count):
    items = [bytes([n]) * (n % 5) for n in range(count)]
    assert merkle_root(items) == by_the_rfc(items)


def test_a_known_root():
    """The second test vector of the reference implementation: two leaves, an empty one and a zero byte."""
    assert merkle_root([b"", b"\x00"]).hex() == "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"


item_lists = st.lists(st.binary(max_size=6), max_size=9)


@given(item_lists, item_lists)
def test_any_other_items_or_order_give_another_root(left, right):
    assert (merkle_root(left) == merkle_root(right)) == (left == right)


def test_an_entry_covers_its_predecessor_and_its_items():
    first = link(GENESIS, [b"claim", b"record"])
    second = link(first.hash, [b"claim"])
    assert (first.size, second.previous) == (2, first.hash)
    assert link(first.hash, [b"clain"]).hash != second.hash
    assert link(GENESIS, [b"claim"]).hash != second.hash
    assert ChainEntry(second.previous, 2, second.root).hash != second.hash
    size = (1).to_bytes(8, "big")
    assert second.hash == sha256(b"\x02" + first.hash + size + sha256(b"\x00claim").digest()).digest()


@pytest.mark.parametrize("parts", [(b"", 1, GENESIS), (GENESIS, 1, b"short"), (GENESIS, -1, GENESIS)])
def test_an_entry_that_cannot_be_is_not_built(parts):
    with pytest.raises(ValueError):
        ChainEntry(*parts)
