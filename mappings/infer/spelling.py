"""How a draft writes paths and texts: plain where YAML reads them as they are, else quoted."""

import re
from collections.abc import Iterable, Mapping

from mappings.infer.tree import Path

_PLAIN = re.compile(r"[A-Za-z_\u3400-\u9fff][\w\u3400-\u9fff./@~-]*")
_NUMBER = re.compile(r"[0-9]{1,15}")
_FORMAT = re.compile(r"yyyy[A-Za-z0-9年月日./-]*")
_RESERVED = frozenset({"yes", "no", "true", "false", "null", "on", "off", "y", "n"})


def sayable(path: Path) -> bool:
    """Whether the mapping language can name the place."""
    return all(name and name not in {".", ".."} and name == name.strip() and name.isprintable() for name in path)


def said(path: Path) -> str:
    """The path as a mapping writes it.

    >>> said(("a", "b/c")), said(("@编码",)), said(())
    ('a/b~1c', "'@编码'", '.')
    """
    return quoted("/".join(name.replace("~", "~0").replace("/", "~1") for name in path)) if path else "."


def quoted(text: str) -> str:
    """
    >>> quoted("名称"), quoted("it's"), quoted("no"), quoted("05")
    ('名称', "'it''s'", "'no'", '05')
    """
    plain = _PLAIN.fullmatch(text) is not None and text.lower() not in _RESERVED
    return text if plain or _NUMBER.fullmatch(text) else "'" + text.replace("'", "''") + "'"


def listed(texts: Iterable[str]) -> str:
    return f"[{', '.join(quoted(text) for text in texts)}]"


def table(words: Mapping[str, str]) -> str:
    return f"{{{', '.join(f'{quoted(theirs)}: {ours}' for theirs, ours in words.items())}}}"


def one_line(text: str) -> str:
    """For a comment: nothing that would end it."""
    return "".join(letter if letter.isprintable() else " " for letter in text)
