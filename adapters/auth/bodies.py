"""Requests enciphered as a file declares it, whole or in one field, and answers deciphered. Pure but for the random iv."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from adapters.auth.flow import Call, Reply
from adapters.crypto.cipher import Cipher
from adapters.crypto.key import key_bytes
from adapters.crypto.written import WRITE, unwritten
from adapters.decode.json_text import parse_json
from adapters.decode.pointer import point, put
from adapters.decode.text import decode_text
from adapters.errors import Malformed, Misconfigured
from adapters.limits import Limits
from adapters.protocol.template import fill_all
from adapters.spec import CipherSpec
from adapters.texts import BODY

Reveal = Callable[[str], str]
PREFIX = "prefix"
MOST_TRIES = 20
"""Places at which the same ciphertext is tried: each costs a reading of the whole answer."""
OPENINGS = ("{", "[", "<")
"""What JSON and XML begin with, and no ciphertext that is written as text."""


class Bodies:
    """One adapter's cipher. Its key is read at the first use."""

    def __init__(self, spec: CipherSpec, reveal: Reveal, limits: Limits) -> None:
        self.spec = spec
        self._reveal = reveal
        self._limits = limits
        self._made: Cipher | None = None

    def enciphered(self, call: Call, token: str) -> Call:
        """The call with its body as it is sent; in `wrap`, what only the moment of sending knows stays marked. One without
        a body is sent as it is. Raises Misconfigured."""
        if not call.body or not (self.spec.encrypt or self.spec.wrap):
            return call
        if self.spec.wrap:
            values = {"cipher": self._written(call.body), "token": token}
            tree: Any = fill_all(self.spec.wrap, values, self._reveal)
            headers = {name: value for name, value in call.headers.items() if name.lower() != "content-type"}
            headers["Content-Type"] = "application/json; charset=utf-8"
            return replace(call, headers=headers, body=_dumped(tree))
        if self.spec.encrypt == BODY:
            raw = self.spec.text == "raw"
            return replace(call, body=self._cipher.encrypt(call.body) if raw else self._written(call.body).encode())
        return replace(call, body=self._in_field(call.body, str(self.spec.encrypt)))

    def deciphered(self, reply: Reply) -> Reply:
        """The reply as it was meant. One that isn't enciphered, such as an error told in JSON, is left as it is. Raises
        Malformed: another key, a ciphertext that was cut."""
        if self.spec.decrypt is None or not 200 <= reply.status < 300:
            return reply
        if self.spec.decrypt == BODY:
            return replace(reply, body=self._whole(reply.body))
        return replace(reply, body=self._of_field(reply.body, self.spec.decrypt))

    @property
    def _cipher(self) -> Cipher:
        if self._made is None:
            declared = self.spec.iv
            iv = None if declared in {None, PREFIX} else key_bytes(str(declared), self._reveal)
            self._made = Cipher(self.spec.kind, key_bytes(self.spec.key, self._reveal), iv, self.spec.padding)
        return self._made

    def _written(self, text: bytes) -> str:
        return WRITE[self.spec.text](self._cipher.encrypt(text))

    def _in_field(self, body: bytes, pointer: str) -> bytes:
        try:
            tree = json.loads(body)
        except ValueError:
            raise Misconfigured(f"cipher.encrypt: the body is no JSON that {pointer} is in (请求体不是 JSON)") from None
        value = point(tree, pointer)
        if value is None:
            raise Misconfigured(f"cipher.encrypt: nothing at {pointer} of the request (请求中没有此项)")
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        put(tree, pointer, self._written(text.encode()))
        return _dumped(tree)

    def _whole(self, body: bytes) -> bytes:
        if self.spec.text == "raw":
            return self._cipher.decrypt(body)
        text = body.decode("utf-8", "replace").strip()
        if not text or text.startswith(OPENINGS):
            return body
        if text.startswith('"'):
            told = parse_json(text, self._limits)
            text = told if isinstance(told, str) else text
        return self._cipher.decrypt(unwritten(self.spec.text, text))

    def _of_field(self, body: bytes, pointer: str) -> bytes:
        text, _ = decode_text(body, "utf-8")
        found = point(parse_json(text, self._limits), pointer)
        if not isinstance(found, str) or not found:
            return body
        try:
            plain = self._cipher.decrypt(unwritten(self.spec.text, found)).decode()
        except UnicodeDecodeError:
            raise Malformed(f"{pointer} deciphered is no UTF-8: another key? (解密后不是 UTF-8)") from None
        return self._spliced(text, pointer, found, plain).encode()

    def _spliced(self, text: str, pointer: str, found: str, plain: str) -> str:
        """The text with that one value replaced, and everything else to the letter."""
        new = json.dumps(plain, ensure_ascii=False)
        quoted = json.dumps(found, ensure_ascii=False)
        for old in (quoted, quoted.replace("/", "\\/")):  # some write Base64's slash escaped
            at, tries = text.find(old), 0
            while at >= 0 and (tries := tries + 1) <= MOST_TRIES:
                spliced = text[:at] + new + text[at + len(old) :]
                if point(parse_json(spliced, self._limits), pointer) == plain:
                    return spliced
                at = text.find(old, at + 1)
        raise Malformed(f"the ciphertext at {pointer} is written in an unusual way (密文转义无法识别)")


def _dumped(tree: Any) -> bytes:
    return json.dumps(tree, ensure_ascii=False).encode()
