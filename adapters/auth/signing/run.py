"""A signature made of a call by its declared steps (`language.py`)."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from adapters.auth.flow import Call
from adapters.auth.signing import parts
from adapters.auth.signing.language import NOTHING, PAIRS, SLOT, STEPS, TEXTS, split
from adapters.crypto.digest import DIGESTS, digest, mac
from adapters.crypto.key import key_bytes
from adapters.crypto.written import WRITE
from adapters.decode.text import charset_of
from adapters.errors import Misconfigured
from adapters.secrets import VARIABLE

Reveal = Callable[[str], str]
FILLED = re.compile(f"{VARIABLE.pattern}|{SLOT.pattern}")


@dataclass(frozen=True, slots=True)
class Source:
    """What steps read: the call as far as it is known, what is known besides (`token`, `time`, earlier signatures), and
    the call as it was before its body was enciphered."""

    call: Call
    known: Mapping[str, str]
    reveal: Reveal
    plain: Call | None = None

    def fill(self, template: str) -> str:
        """Slots and secrets in one pass: nothing that a system gave is taken for the name of a secret."""
        if template.startswith("file:"):
            return self.reveal(template)
        return FILLED.sub(lambda found: self.reveal(found[0]) if found[1] else self.slot(found[2]), template)

    def slot(self, name: str) -> str:
        part, dot, key = name.partition(".")
        if dot:
            return self._in(part, key)
        if name in self.known:
            return self.known[name]
        if name == "plain":
            return parts.body_text(self.plain or self.call)
        return _OF_CALL[name](self.call)

    def _in(self, part: str, key: str) -> str:
        found = parts.header(self.call, key) if part == "header" else dict(_PAIRS[part](self.call)).get(key)
        if found is None:
            raise Misconfigured(f"the signature asks for {{{part}.{key}}}, which this request hasn't (请求中没有此项)")
        return found

    def take(self, argument: str) -> parts.Pairs:
        taken: parts.Pairs = []
        for source in argument.split(","):
            part, _, key = source.partition(".")
            if part == "plain":
                taken += parts.body_pairs(self.plain or self.call)
            else:
                taken += [(key, self._in(part, key))] if key else _PAIRS[part](self.call)
        return taken


_PAIRS: dict[str, Callable[[Call], parts.Pairs]] = {"query": parts.query_pairs, "body": parts.body_pairs}
_OF_CALL: dict[str, Callable[[Call], str]] = {
    "method": lambda call: call.method,
    "path": parts.path_text,
    "query": parts.query_text,
    "body": parts.body_text,
}


def signature(steps: Sequence[str], source: Source) -> str:
    """The text that a checked list of steps gives. Raises Misconfigured."""
    value: Any = None
    holds = NOTHING
    for name, argument in map(split, steps):
        value = (RUN.get(f"{name} to {holds}") or RUN[name])(value, argument, source)
        holds = STEPS[name].gives[holds]
    made: str = value
    return made


def _bytes(value: str | bytes) -> bytes:
    return value.encode() if isinstance(value, str) else value


def _keep(pairs: parts.Pairs, argument: str, _: Source) -> parts.Pairs:
    """In the order in which they are named."""
    by_name = dict(pairs)
    names = argument.split(",")
    if missing := [name for name in names if name not in by_name]:
        raise Misconfigured(f"the signature keeps {', '.join(missing)}, which this request hasn't (请求中没有此项)")
    return [(name, by_name[name]) for name in names]


def _drop(pairs: parts.Pairs, argument: str, _: Source) -> parts.Pairs:
    names = set(argument.split(","))
    return [pair for pair in pairs if pair[0] not in names]


def _add_pair(pairs: parts.Pairs, argument: str, source: Source) -> parts.Pairs:
    name, _, template = argument.partition("=")
    return [*pairs, (name, source.fill(template))]


def _each(pairs: parts.Pairs, argument: str, _: Source) -> list[str]:
    def filled(own: Mapping[str, str]) -> str:
        return SLOT.sub(lambda found: own[found[1]], argument)

    return [filled({"name": name, "value": value}) for name, value in pairs]


def _cut(text: str, argument: str, _: Source) -> str:
    first, _dash, last = argument.partition("-")
    return text[int(first) : int(last)]


def _quote(value: Any, _argument: str, _: Source) -> Any:
    if isinstance(value, str):
        return quote(value, safe="")
    return [
        tuple(quote(part, safe="") for part in one) if isinstance(one, tuple) else quote(one, safe="") for one in value
    ]


def _encode(text: str, argument: str, _: Source) -> bytes:
    try:
        return text.encode(charset_of(argument))
    except UnicodeEncodeError:
        raise Misconfigured(f"what is signed can't be written in {argument} (无法用该字符集编码)") from None


def _digest(name: str) -> Callable[[Any, str, Source], bytes]:
    return lambda value, _argument, _source: digest(name, _bytes(value))


def _mac(name: str) -> Callable[[Any, str, Source], bytes]:
    return lambda value, argument, source: mac(name, key_bytes(argument, source.reveal), _bytes(value))


def _written(write: Callable[[bytes], str]) -> Callable[[Any, str, Source], str]:
    return lambda data, _argument, _source: write(data)


RUN: dict[str, Callable[[Any, str, Source], Any]] = {
    "take": lambda _, argument, source: source.take(argument),
    "text": lambda _, argument, source: source.fill(argument),
    "keep": _keep,
    "drop": _drop,
    "drop-empty": lambda pairs, _, __: [pair for pair in pairs if pair[1]],
    f"add to {PAIRS}": _add_pair,
    f"add to {TEXTS}": lambda texts, argument, source: [*texts, source.fill(argument)],
    "sort": lambda value, _, __: sorted(value),
    "each": _each,
    "join": lambda texts, argument, _: argument.join(texts),
    "append": lambda text, argument, source: text + source.fill(argument),
    "prepend": lambda text, argument, source: source.fill(argument) + text,
    "quote": _quote,
    "lower": lambda text, _, __: text.lower(),
    "upper": lambda text, _, __: text.upper(),
    "cut": _cut,
    "encode": _encode,
    **{name: _digest(name) for name in DIGESTS},
    **{f"hmac-{name}": _mac(name) for name in DIGESTS},
    **{form: _written(write) for form, write in WRITE.items()},
}
