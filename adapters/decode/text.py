"""Bytes to Unicode, by the charset that is really used.

`text:gb18030` uses that charset whatever the document says; `text` alone takes what a byte order mark says, else what an
XML declaration says, else UTF-8.
GB2312 and GBK are always read as GB18030, which contains both: systems label as GB2312 what holds 镕 or 堃, which it lacks.
What the document declares is recorded where it differs from what was used: `text:gb18030 (declared gb2312)`.
"""

import codecs
import re

from adapters.decode.place import line_and_column
from adapters.errors import Malformed

XML_LABEL = re.compile(
    rb"""\A(?:\xef\xbb\xbf)?<\?xml[ \t\r\n][^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']"""
)
WIDER = {"gb2312": "gb18030", "gbk": "gb18030"}
MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
DECLARED = re.compile(r"\A([A-Za-z0-9._-]+) \(declared [^)]*\)\Z")


def decode_text(body: bytes, charset: str) -> tuple[str, str]:
    """The text without byte order mark, and the step as it must be recorded. Raises Malformed with line and column."""
    used, declared = used_charset(body, charset)
    try:
        text = body.decode(used)
    except UnicodeDecodeError as error:
        before = body[: error.start].decode(used, "replace")
        line, column = line_and_column(before, len(before))
        wrong = body[error.start : error.start + 4].hex(" ")
        raise Malformed(f"not {used}: bytes {wrong} (不是有效的 {used} 编码)", line=line, column=column) from None
    except LookupError:
        raise Malformed(f"unknown charset {used!r} (未知字符集)", line=1, column=1) from None
    except UnicodeError as error:
        raise Malformed(f"not {used}: {error} (不是有效的 {used} 编码)") from None
    step = f"text:{used}" if declared in {"", used} else f"text:{used} (declared {declared})"
    return text.removeprefix("\ufeff"), step


def used_charset(head: bytes, charset: str) -> tuple[str, str]:
    """(the charset that a text of which this is the beginning is read by, what it declares or "")."""
    label = XML_LABEL.match(head)
    declared = _normal(label[1].decode("ascii")) if label else ""
    used = charset_of(charset) or _marked(head) or declared or "utf-8"
    return WIDER.get(used, used), declared


def _marked(body: bytes) -> str:
    """The charset that a byte order mark tells; "" without one."""
    return next((name for mark, name in MARKS if body.startswith(mark)), "")


def charset_of(argument: str) -> str:
    """The charset in a step's argument, declared or recorded."""
    recorded = DECLARED.match(argument)
    return _normal(recorded[1] if recorded else argument)


def known_charset(name: str) -> bool:
    try:
        return codecs.lookup(name)._is_text_encoding  # noqa: SLF001 - the only way to tell hex or rot13 from a charset
    except LookupError:
        return False


def _normal(name: str) -> str:
    lowered = name.strip().lower()
    return "utf-8" if lowered == "utf8" else lowered
