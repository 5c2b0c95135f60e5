"""The hash chain: one entry per commit, from its predecessor's hash and the Merkle root of the commit's items.

The tree is that of RFC 6962 (certificate transparency) §2.1: a leaf is hashed with the prefix 0x00, a node with 0x01,
so that no node passes for a leaf. An entry is hashed with 0x02. All hashes are 32 bytes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

GENESIS = bytes(32)
"""What the first entry names as its predecessor."""


@dataclass(frozen=True, slots=True)
class ChainEntry:
    """`size` counts the commit's items. `hash` covers previous, size and root."""

    previous: bytes
    size: int
    root: bytes

    def __post_init__(self) -> None:
        if len(self.previous) != 32 or len(self.root) != 32 or self.size < 0:
            raise ValueError("a chain entry has two hashes of 32 bytes and a size that isn't negative")

    @property
    def hash(self) -> bytes:
        return sha256(b"\x02" + self.previous + self.size.to_bytes(8, "big") + self.root).digest()


def leaf(item: bytes) -> bytes:
    """An item's hash as it stands at the foot of the tree: it can be kept in place of the item."""
    return sha256(b"\x00" + item).digest()


def merkle_root(items: Sequence[bytes]) -> bytes:
    """The root over items in their order. No items give the hash of nothing, as in the RFC."""
    return root_of(list(map(leaf, items)))


def root_of(leaves: Sequence[bytes]) -> bytes:
    """The root over leaves in their order."""
    if not leaves:
        return sha256().digest()
    level = list(leaves)
    while len(level) > 1:
        # Pairing from the left and carrying an odd last one up is the RFC's split at the largest power of two.
        odd = level[-1:] if len(level) % 2 else []
        pairs = zip(level[::2], level[1::2], strict=False)
        level = [sha256(b"\x01" + left + right).digest() for left, right in pairs] + odd
    return level[0]


def link(previous: bytes, items: Sequence[bytes]) -> ChainEntry:
    """The entry of a commit that made `items` (in the commit's order), after the entry whose hash is `previous`."""
    return ChainEntry(previous, len(items), merkle_root(items))
