"""Which answers are failures, and of which kind."""

from adapters.spec.strict import Strict
from adapters.texts import Count, Pointer, Several, Status, Text


class AnswerSpec(Strict):
    """When an answer of HTTP 200 is really a failure, and which.

    Either the code stands at `code` and is `success`, or one of several, when all is well, or the result is a union in one
    string: a text of at most `short_code` characters is a code, a longer one the data. Codes that aren't listed reject.
    `""` stands for no code. `empty` are codes, `empty_status` HTTP statuses, for "there is nothing". The code may stand in
    any of an answer's documents.

    SOAP: a fault's own code and words stand where `fault_code` and `fault_words` say (XPath from the Fault element), else
    what SOAP itself calls its code; the lists hold these codes too.
    """

    code: Pointer | None = None
    success: Several | None = None
    words: Pointer | None = None
    short_code: Count | None = None
    token_invalid: tuple[str, ...] = ()
    denied: tuple[str, ...] = ()
    busy: tuple[str, ...] = ()
    empty: tuple[str, ...] = ()
    empty_status: tuple[Status, ...] = ()
    meanings: dict[str, str] = {}
    fault_code: Text | None = None
    fault_words: Text | None = None
