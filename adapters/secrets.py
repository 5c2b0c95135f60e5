"""Secrets are named in adapter files and read at the moment of use: `${NAME}` from the environment, `file:PATH` from disk."""

import re
from collections.abc import Mapping
from pathlib import Path

from adapters.errors import Misconfigured

VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


class Secret:
    """A text that shows itself only to who asks by `reveal`; its repr, str and format don't."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return "Secret(***)"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return repr(self)


def resolve(template: str, environment: Mapping[str, str], *, where: str = "") -> Secret:
    """The text with its variables filled, or the content of the file that `file:` names (one final newline dropped).

    Raises Misconfigured naming the variable or file that is missing or empty.
    """
    if template.startswith("file:"):
        name = _filled(template.removeprefix("file:"), environment, where)
        try:
            return Secret(Path(name).read_text("utf-8").removesuffix("\n"))
        except (OSError, UnicodeDecodeError) as error:
            raise Misconfigured(
                f"the secret's file {name} can't be read: {type(error).__name__}", where=where
            ) from None
    return Secret(_filled(template, environment, where))


def _filled(template: str, environment: Mapping[str, str], where: str) -> str:
    missing = [name for name in VARIABLE.findall(template) if not environment.get(name)]
    if missing:
        words = f"not set: {', '.join(missing)} (环境变量未设置); set it in the environment of liandan"
        raise Misconfigured(words, where=where)
    return VARIABLE.sub(lambda found: environment[found[1]], template)
