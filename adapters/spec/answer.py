"""Which answers are failures, and of which kind."""

from adapters.spec.strict import Strict
from adapters.texts import Count, Pointer


class AnswerSpec(Strict):
    """When an answer of HTTP 200 is really a failure, and which.

    Either the code stands at `code` (JSON Pointer) and equals `success` when all is well, or the result is a union in one
    string: a text of at most `short_code` characters is a code, a longer one the data. Codes that aren't listed reject.
    """

    code: Pointer | None = None
    success: str | None = None
    words: Pointer | None = None
    short_code: Count | None = None
    token_invalid: tuple[str, ...] = ()
    denied: tuple[str, ...] = ()
    busy: tuple[str, ...] = ()
    empty: tuple[str, ...] = ()
    meanings: dict[str, str] = {}
