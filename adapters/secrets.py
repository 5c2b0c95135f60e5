"""Secrets are named in adapter files and read at the moment of use: `${NAME}` from the environment, `file:PATH` from disk."""

import html
import json
import re
from collections import deque
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote, quote_plus

from adapters.address import credentials_in, is_base_url, place_of
from adapters.errors import Misconfigured

VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
REMEMBERED = 500
SHORTEST = 4  # a shorter secret would hide every word that happens to hold it


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


class Revealed:
    """Reads secrets at the moment of use, and takes them out of what is told afterwards: systems echo what they were sent."""

    def __init__(self, environment: Mapping[str, str], where: str) -> None:
        self._environment = environment
        self._where = where
        self._known: set[str] = set()
        self._passing: deque[str] = deque(maxlen=REMEMBERED)

    def reveal(self, template: str) -> str:
        """The text with its secrets. Raises Misconfigured."""
        text = resolve(template, self._environment, where=self._where).reveal()
        if template.startswith("file:"):
            return self.note(text)
        for name in VARIABLE.findall(template):
            self.note(self._environment[name])
        return text

    def path(self, template: str) -> Path:
        """A path, which isn't secret. Raises Misconfigured: a variable that isn't set."""
        return Path(resolve(template, self._environment, where=self._where).reveal())

    def address(self, template: str, key: str = "base_url") -> str:
        """A base URL without its last slash, as it stands at `key`. Of it only user and password are secret. Raises Misconfigured."""
        url = resolve(template, self._environment, where=self._where).reveal().rstrip("/")
        if not is_base_url(url):
            # a password with / or ? written plain cuts the address in two: nobody knows then where it ends
            shown = "***" if "@" in url else repr(place_of(url))
            raise Misconfigured(f"{key} is no http or https address: {shown} (网址错误)", where=self._where)
        for part in credentials_in(url):
            self.note(part)
        return url

    def note(self, secret: str) -> str:
        """The same secret, never to be told from now on."""
        self._known |= _ways(secret)
        return secret

    def note_passing(self, secret: str) -> str:
        """The same for what is made anew for each call (a token, a signature): only the last ones are remembered."""
        self._passing.extend(_ways(secret))
        return secret

    def hide(self, text: str) -> str:
        """The text without any secret that was read so far."""
        for secret in self._all():
            text = text.replace(secret, "***")
        return text

    def hide_bytes(self, body: bytes) -> bytes:
        """The same of bytes: of an answer that is kept because it can't be read."""
        for secret in self._all():
            body = body.replace(secret.encode(), b"***")
        return body

    def _all(self) -> list[str]:
        """The longest first: one may hold another."""
        return sorted({*self._known, *self._passing}, key=len, reverse=True)


def _ways(secret: str) -> set[str]:
    """A secret as systems echo it: plain, in a URL's path or query, in a form, in JSON, in XML."""
    in_url = (quote(secret, safe=""), quote(secret), quote_plus(secret))
    in_json = (json.dumps(secret, ensure_ascii=plain)[1:-1] for plain in (True, False))
    ways = (
        secret,
        *in_url,
        *(re.sub("%[0-9A-F]{2}", lambda found: found[0].lower(), one) for one in in_url),
        *in_json,
        html.escape(secret),
        html.escape(secret, quote=False),
    )
    return {one for one in ways if len(one) >= SHORTEST}


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
