"""Bodies that are enciphered besides TLS."""

from typing import Literal

from adapters.spec.strict import Strict
from adapters.texts import BodyOrPointer, Text


class CipherSpec(Strict):
    """`kind` and `padding` by `key`, a secret's text or, with `hex:` or `base64:` before its name, what that says. `iv` is
    written likewise, or `prefix`: a random one stands in front of each ciphertext. `text` is how ciphertext is written.

    `encrypt` the whole `body` of a request or the field at a JSON Pointer; or `wrap` the body: a JSON object that is sent
    instead of it, with `{cipher}` where the ciphertext goes. `decrypt` an answer's whole `body` or the field at a Pointer.
    `login: no` leaves the login out.
    """

    kind: Literal["sm4-cbc", "sm4-ecb", "aes-cbc", "aes-ecb"]
    key: Text
    iv: Text | None = None
    padding: Literal["pkcs7", "zero"] = "pkcs7"
    text: Literal["base64", "base64url", "hex", "HEX", "raw"] = "base64"
    encrypt: BodyOrPointer | None = None
    wrap: dict[str, str] = {}
    decrypt: BodyOrPointer | None = None
    login: bool = True
