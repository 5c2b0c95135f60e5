"""What can go wrong with another system, and what the caller should do about it.

    AdapterError
    ├── Unreachable     no answer: refused, cut, timed out                    retry later
    ├── Busy            it answered "not now"; `wait` if it said how long     retry later
    ├── Denied          it doesn't accept our credential                      a person must act
    ├── Rejected        it understood us and said no; `code` and `words`      a person must act
    ├── Malformed       the answer can't be read; `line` and `column`         keep the bytes, tell the place
    └── Misconfigured   a secret, host, folder, operation isn't there         mend the adapter file or its environment

Each names the adapter (and dataset), the place (`where`: URL without query, file, operation) and, as far as there are any,
the other system's own code and words. Foreign exceptions are translated where they arise and nowhere else.
"""

from collections.abc import Callable


class AdapterError(Exception):
    """Base of all failures of another system or of our talk with it."""

    retryable: bool = False
    kind: str = "failed"

    def __init__(self, words: str, *, where: str = "", code: str = "", adapter: str = "", dataset: str = "") -> None:
        super().__init__(words)
        self.words = words
        self.where = where
        self.code = code
        self.adapter = adapter
        self.dataset = dataset

    def about(self, adapter: str, dataset: str = "") -> "AdapterError":
        """The same error, told which adapter and dataset it belongs to (the first to say so is right)."""
        self.adapter = self.adapter or adapter
        self.dataset = self.dataset or dataset
        return self

    def without(self, hide: Callable[[str], str]) -> "AdapterError":
        """The same error with its words and place as `hide` leaves them."""
        self.words, self.where, self.code = hide(self.words), hide(self.where), hide(self.code)
        self.args = (self.words,)
        return self

    def __str__(self) -> str:
        whose = "/".join(part for part in (self.adapter, self.dataset) if part)
        said = f"code {self.code}: {self.words}" if self.code else self.words
        return ": ".join(part for part in (whose, self.where, f"{self.kind}: {said}") if part)


class Unreachable(AdapterError):
    """No answer came: refused, cut off, timed out. Nobody knows whether the request was taken."""

    retryable = True
    kind = "unreachable"


class Busy(AdapterError):
    """The system answered that it can't now. `wait` is in seconds, None where it didn't say."""

    retryable = True
    kind = "busy"

    def __init__(
        self,
        words: str,
        *,
        wait: float | None = None,
        where: str = "",
        code: str = "",
        adapter: str = "",
        dataset: str = "",
    ) -> None:
        super().__init__(words, where=where, code=code, adapter=adapter, dataset=dataset)
        self.wait = wait


class Denied(AdapterError):
    """Our credential isn't accepted, also after a new login."""

    kind = "denied"


class Rejected(AdapterError):
    """The system understood the request and refuses it; asking again changes nothing."""

    kind = "rejected"


class Malformed(AdapterError):
    """The answer or file can't be read. `line` and `column` count from 1, 0 where there is no such place."""

    kind = "malformed"

    def __init__(
        self,
        words: str,
        *,
        line: int = 0,
        column: int = 0,
        where: str = "",
        code: str = "",
        adapter: str = "",
        dataset: str = "",
    ) -> None:
        super().__init__(words, where=where, code=code, adapter=adapter, dataset=dataset)
        self.line = line
        self.column = column

    def __str__(self) -> str:
        at = f" (line {self.line}, column {self.column})" if self.line else ""
        return super().__str__() + at


class Misconfigured(AdapterError):
    """Something that the adapter file names isn't there: secret, host, folder, operation, dataset."""

    kind = "misconfigured"
