"""SM4 (GB/T 32907-2016) and AES (FIPS 197), in the modes ECB and CBC (NIST SP 800-38A).

ECB and CBC hide a body, they don't prove whose it is; they're here because systems ask for them. TLS does the rest.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.ciphers import Cipher as Blocks
from cryptography.hazmat.primitives.ciphers import algorithms, modes

from adapters.crypto.padding import BLOCK, pad, unpad
from adapters.errors import Malformed, Misconfigured

KINDS = ("sm4-cbc", "sm4-ecb", "aes-cbc", "aes-ecb")
KEY_SIZES = {"sm4": (16,), "aes": (16, 24, 32)}


@dataclass(frozen=True, slots=True)
class Cipher:
    """`iv` None with CBC: a random one is made for each text and stands in front of it. Raises Misconfigured when made."""

    kind: str
    key: bytes = field(repr=False)
    iv: bytes | None = field(default=None, repr=False)
    padding: str = "pkcs7"
    random: Callable[[int], bytes] = field(default=secrets.token_bytes, repr=False)

    def __post_init__(self) -> None:
        sizes = KEY_SIZES[self.kind[:3]]
        if len(self.key) not in sizes:
            wanted = " or ".join(map(str, sizes))
            words = f"a key of {wanted} bytes is needed for {self.kind}, not one of {len(self.key)} (密钥长度不符)"
            raise Misconfigured(f"{words}; perhaps it is written in hex or base64: hex:${{NAME}}")
        if self.iv is not None and len(self.iv) != BLOCK:
            raise Misconfigured(f"an iv of {BLOCK} bytes is needed, not one of {len(self.iv)} (初始向量长度不符)")

    def encrypt(self, text: bytes) -> bytes:
        front = self.random(BLOCK) if self.prefixed else b""
        run = self._blocks(self.iv or front).encryptor()
        return front + run.update(pad(self.padding, text)) + run.finalize()

    def decrypt(self, data: bytes) -> bytes:
        """Raises Malformed: no whole blocks, wrong padding."""
        front, data = (data[:BLOCK], data[BLOCK:]) if self.prefixed else (b"", data)
        if len(data) % BLOCK or (self.prefixed and len(front) < BLOCK):
            raise Malformed(f"{len(data)} bytes of ciphertext, not whole blocks of {BLOCK} (密文长度不符)")
        run = self._blocks(self.iv or front).decryptor()
        return unpad(self.padding, run.update(data) + run.finalize())

    @property
    def prefixed(self) -> bool:
        return self.kind.endswith("cbc") and self.iv is None

    def _blocks(self, iv: bytes) -> Blocks[modes.CBC | modes.ECB]:
        algorithm = algorithms.SM4(self.key) if self.kind.startswith("sm4") else algorithms.AES(self.key)
        return Blocks(algorithm, modes.CBC(iv) if self.kind.endswith("cbc") else modes.ECB())  # noqa: S305 - see above
