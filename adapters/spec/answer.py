"""Which answers are failures, and of which kind."""

from adapters.spec.strict import Strict
from adapters.texts import Count, Place, Several, Status


class AnswerSpec(Strict):
    """When an answer of HTTP 200 is really a failure, and which.

    Either the code stands at `code` (JSON Pointer; XPath in XML) and is `success`, or one of several, when all is well, or
    the result is a union in one string: a text of at most `short_code` characters is a code, a longer one the data. Codes
    that aren't listed reject. `""` stands for no code. `empty` are codes, `empty_status` HTTP statuses, for "there is nothing".
    """

    code: Place | None = None
    success: Several | None = None
    words: Place | None = None
    short_code: Count | None = None
    token_invalid: tuple[str, ...] = ()
    denied: tuple[str, ...] = ()
    busy: tuple[str, ...] = ()
    empty: tuple[str, ...] = ()
    empty_status: tuple[Status, ...] = ()
    meanings: dict[str, str] = {}
