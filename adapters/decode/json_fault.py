"""Says where and why a text isn't the JSON that we accept. Slow, and only asked about texts that were refused."""

import re
from decimal import Decimal

EXPONENT = 400
LONGEST = 4300  # Python's own bound for turning digits into an int
SPACE = re.compile(r"[ \t\n\r]*")
STRING = re.compile(r'"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4}))*"')
STRING_SO_FAR = re.compile(r'"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4}))*')
NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
WORD = re.compile(r"[A-Za-z]+|-Infinity")
SURROGATE = re.compile(r"\\u[dD][89a-fA-F][0-9A-Fa-f]{2}")

ESCAPE = re.compile(
    r"\\(?:u(?P<high>[dD][89abAB][0-9A-Fa-f]{2})(?P<pair>\\u[dD][c-fC-F][0-9A-Fa-f]{2})?"
    r"|u(?P<low>[dD][c-fC-F][0-9A-Fa-f]{2})|.)"
)


class FaultError(Exception):
    def __init__(self, offset: int, words: str) -> None:
        super().__init__(words)
        self.offset = offset


def first_fault(text: str, depth: int) -> tuple[int, str] | None:
    """(offset, words) of the first fault; None when there is none."""
    try:
        _scan(text, depth)
    except FaultError as fault:
        return fault.offset, str(fault)
    return None


def _scan(text: str, depth: int) -> None:
    """A loop with a stack of its own, so that no nesting can exhaust Python's. Each level holds its keys, or None for a list."""
    stack: list[dict[str, int] | None] = []
    at = _skip(text, 0)
    while True:
        at, opened = _value(text, at, stack, depth)
        while not opened:
            at = _skip(text, at)
            if not stack:
                if at < len(text):
                    raise FaultError(at, "more text after the end of the document (文档结束后还有内容)")
                return
            at, opened = _after_value(text, at, stack)


def _value(text: str, at: int, stack: list[dict[str, int] | None], depth: int) -> tuple[int, bool]:
    """Reads a scalar or enters a container. True when a value must follow."""
    start = text[at : at + 1]
    if start in {"{", "["} and start:
        if len(stack) >= depth:
            raise FaultError(at, f"nested deeper than {depth} levels (嵌套过深)")
        stack.append({} if start == "{" else None)
        inside = _skip(text, at + 1)
        if text[inside : inside + 1] == ("}" if start == "{" else "]"):
            stack.pop()
            return inside + 1, False
        return (_key(text, inside, stack) if start == "{" else inside), True
    if start == '"':
        return _string(text, at), False
    number = NUMBER.match(text, at)
    if number:
        return _number(number), False
    word = WORD.match(text, at)
    if word and word[0] in {"true", "false", "null"}:
        return word.end(), False
    if word:
        raise FaultError(at, f"{word[0][:20]} isn't JSON (不是 JSON 允许的值)")
    raise FaultError(
        at,
        "the text ends too early (内容不完整)"
        if at >= len(text)
        else f"unexpected {text[at]!r}, a value is due (此处应为值)",
    )


def _after_value(text: str, at: int, stack: list[dict[str, int] | None]) -> tuple[int, bool]:
    sign, keys = text[at : at + 1], stack[-1]
    if sign == ("]" if keys is None else "}"):
        stack.pop()
        return at + 1, False
    if sign != ",":
        due = "',' or ']'" if keys is None else "',' or '}'"
        found = repr(sign) if sign else "the end"
        raise FaultError(at, f"{due} is due, found {found} (此处缺少 {due})")
    following = _skip(text, at + 1)
    if text[following : following + 1] in {"]", "}"} and following < len(text):
        raise FaultError(at, "a comma before the end of a list or object (多余的逗号)")
    return (following if keys is None else _key(text, following, stack)), True


def _key(text: str, at: int, stack: list[dict[str, int] | None]) -> int:
    if text[at : at + 1] != '"':
        found = repr(text[at]) if at < len(text) else "the end"
        raise FaultError(at, f"a key in double quotes is due, found {found} (此处应为带双引号的键)")
    end = _string(text, at)
    key, keys = _unescaped(text[at + 1 : end - 1]), stack[-1]
    assert keys is not None
    if key in keys:
        raise FaultError(at, f"the key {key!r} stands twice in one object (键重复)")
    keys[key] = at
    colon = _skip(text, end)
    if text[colon : colon + 1] != ":":
        raise FaultError(colon, f"':' is due after the key {key!r} (键后缺少冒号)")
    return _skip(text, colon + 1)


def _string(text: str, at: int) -> int:
    found = STRING.match(text, at)
    if not found:
        so_far = STRING_SO_FAR.match(text, at)
        end = so_far.end() if so_far else at
        if end >= len(text):
            raise FaultError(at, "the text ends inside a string that begins here (字符串未结束)")
        raise FaultError(end, f"{text[end]!r} may not stand so in a string (字符串中有非法字符或转义)")
    if SURROGATE.search(text, at, found.end()):
        _refuse_half(text, at, found.end())
    return found.end()


def _refuse_half(text: str, start: int, end: int) -> None:
    for escape in ESCAPE.finditer(text, start, end):
        half = escape["high"] or escape["low"]
        if half and not escape["pair"]:
            raise FaultError(escape.start(), f"{escape[0]} is half a character (不成对的代理字符)")


def _number(found: re.Match[str]) -> int:
    text, at = found[0], found.start()
    if len(text) > LONGEST:
        raise FaultError(at, f"a number of {len(text)} characters (数字过长)")
    if found[2] and abs(Decimal(text).adjusted()) > EXPONENT:
        raise FaultError(at, f"the exponent of {text[:30]} is beyond {EXPONENT} (指数过大)")
    return found.end()


def _skip(text: str, at: int) -> int:
    space = SPACE.match(text, at)
    return space.end() if space else at


def _unescaped(inner: str) -> str:
    if "\\" not in inner:
        return inner
    short = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
    plain = re.sub(
        r"\\(?:u([0-9A-Fa-f]{4})|(.))",
        lambda found: chr(int(found[1], 16)) if found[1] else short.get(found[2], found[2]),
        inner,
    )
    return plain.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
