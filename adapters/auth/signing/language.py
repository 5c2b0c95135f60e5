"""The steps of a signature, and what each takes and gives: `take:query`, `sort`, `each:{name}={value}`, `join:&`, `md5`, `hex`.

A step is its name, and after a colon its argument. Whatever a file can say wrongly is told before anything is signed.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from adapters.crypto.digest import DIGESTS
from adapters.crypto.key import bare
from adapters.crypto.written import WRITE
from adapters.decode.text import charset_of, known_charset
from adapters.fault import Fault, Faults
from adapters.secrets import VARIABLE
from canonical_schema.problem import nearest

NOTHING, PAIRS, TEXTS, TEXT, BYTES = "nothing", "names and values", "a list of texts", "text", "bytes"
TO_TEXT = {BYTES: TEXT}
TO_BYTES = {TEXT: BYTES, BYTES: BYTES}
SAME = {PAIRS: PAIRS, TEXTS: TEXTS, TEXT: TEXT}

OF_CALL = ("method", "path", "query", "body", "plain", "token", "time", "nonce")
PARTS = ("query", "body", "header")
SLOT = re.compile(r"(?<!\$)\{([A-Za-z_][A-Za-z0-9_]*(?:\.[^{}]+)?)\}")
CUT = re.compile("[0-9]{1,4}-[0-9]{1,4}")


@dataclass(frozen=True, slots=True)
class Kind:
    """What a step turns into what; whether it has an argument: "no", "may", "must"."""

    gives: Mapping[str, str]
    argument: str = "no"


STEPS: dict[str, Kind] = {
    "take": Kind({NOTHING: PAIRS}, "must"),
    "text": Kind({NOTHING: TEXT}, "must"),
    "keep": Kind({PAIRS: PAIRS}, "must"),
    "drop": Kind({PAIRS: PAIRS}, "must"),
    "drop-empty": Kind({PAIRS: PAIRS}),
    "add": Kind({PAIRS: PAIRS, TEXTS: TEXTS}, "must"),
    "sort": Kind({PAIRS: PAIRS, TEXTS: TEXTS}),
    "each": Kind({PAIRS: TEXTS}, "must"),
    "join": Kind({TEXTS: TEXT}, "may"),
    "append": Kind({TEXT: TEXT}, "must"),
    "prepend": Kind({TEXT: TEXT}, "must"),
    "quote": Kind(SAME),
    "lower": Kind({TEXT: TEXT}),
    "upper": Kind({TEXT: TEXT}),
    "cut": Kind({TEXT: TEXT}, "must"),
    "encode": Kind({TEXT: BYTES}, "must"),
    **{name: Kind(TO_BYTES) for name in DIGESTS},
    **{f"hmac-{name}": Kind(TO_BYTES, "must") for name in DIGESTS},
    **{form: Kind(TO_TEXT) for form in WRITE},
}
FILLED = ("text", "add", "append", "prepend")


def split(step: str) -> tuple[str, str]:
    name, _, argument = step.partition(":")
    return name, argument


def slots_in(steps: Sequence[str]) -> Iterator[str]:
    """The names that its templates ask for."""
    for name, argument in map(split, steps):
        if name in FILLED:
            yield from SLOT.findall(argument)


def sign_faults(sign: Mapping[str, Sequence[str]], *, tokens: bool = False, ciphers: bool = False) -> Faults:
    """Places are those inside `sign`. `tokens`: whether there are any; `ciphers`: whether bodies are enciphered."""
    absent = {name for name, there in (("token", tokens), ("plain", ciphers)) if not there}
    known = [name for name in OF_CALL if name not in absent]
    for made, steps in sign.items():
        if made in OF_CALL or made in {"page", "size", "from", "to", "json"}:
            yield Fault((made,), f"{{{made}}} is filled by something else: call it otherwise (名称已被占用)")
        for fault in _chain(steps, known):
            yield fault.inside((made,))
        known.append(made)


def _chain(steps: Sequence[str], known: Sequence[str]) -> Faults:
    holds = NOTHING
    for position, step in enumerate(steps):
        name, argument = split(step)
        kind = STEPS.get(name)
        if kind is None:
            words = f"{name!r} is no step of a signature; there are {', '.join(STEPS)} (没有这个签名步骤)"
            yield Fault((position,), words, nearest(name, STEPS))
            return
        if holds not in kind.gives:
            takes = " or ".join(kind.gives)
            yield Fault((position,), f"{name!r} takes {takes}, but has {holds} before it (与前一步不衔接)")
            return
        for words, meant in _argument(name, argument, kind, known, holds):
            yield Fault((position,), words, meant)
        holds = kind.gives[holds]
    if holds != TEXT:
        yield Fault((), f"ends with {holds}; a signature is text: hex, HEX, base64 (最后须为文本)")


def _argument(name: str, argument: str, kind: Kind, known: Sequence[str], holds: str) -> Iterator[tuple[str, str]]:
    if bool(argument) != (kind.argument == "must") and kind.argument != "may":
        yield (f"{name!r} needs an argument: {name}:…" if not argument else f"{name!r} has no argument") + " (参数)", ""
    elif name == "take":
        yield from _sources(argument, [name for name in ("query", "body", "plain") if name in known])
    elif name == "cut":
        first, _, last = argument.partition("-")
        if not CUT.fullmatch(argument) or int(first) >= int(last):
            yield "'cut' needs the first place and the one after the last, from 0: cut:8-24 (应为 起-止)", ""
    elif name == "encode" and not known_charset(charset_of(argument)):
        yield f"{argument!r} is no known charset (未知字符集)", ""
    elif name.startswith("hmac-") and not (bare(argument).startswith("file:") or VARIABLE.search(argument)):
        yield "a key is named here, not written: ${NAME}, file:PATH, hex:${NAME}, base64:${NAME} (密钥只写名字)", ""
    elif name == "each":
        yield from _unknown(argument, ("name", "value"))
    elif name in FILLED:
        if name == "add" and holds == PAIRS and "=" not in argument:
            yield "among names and values 'add' needs both: add:name=value (应为 名=值)", ""
        yield from _unknown(argument, known)


def _sources(argument: str, parts: Sequence[str]) -> Iterator[tuple[str, str]]:
    for source in argument.split(","):
        if source not in parts and not (source.startswith("header.") and source != "header."):
            meant = nearest(source, parts)
            yield (
                f"'take' takes {', '.join(parts)}, header.NAME, or several with commas; not {source!r} (没有这个来源)",
                meant,
            )


def _unknown(template: str, known: Sequence[str]) -> Iterator[tuple[str, str]]:
    for slot in SLOT.findall(template):
        part, dot, _ = slot.partition(".")
        if not (part in PARTS if dot else slot in known):
            there = ", ".join(f"{{{one}}}" for one in known)
            more = ", {query.NAME}, {body.NAME}, {header.NAME}" if "method" in known else ""
            meant = nearest(slot, known)
            yield f"nothing fills {{{slot}}}: there is {there}{more} (没有这个占位符)", f"{{{meant}}}" if meant else ""
