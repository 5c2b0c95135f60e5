"""A second call for each row of a list, which gives the record itself."""

from adapters.spec.answer import AnswerSpec
from adapters.spec.request import RequestSpec
from adapters.spec.strict import Strict
from adapters.texts import Count, Name, Pointer, Text


class DetailSpec(Strict):
    """`row` says what of a row (its place in it) fills which slot of `request`; the first is what the detail is called by.
    `decode` and `answer` are those of the list where they aren't given. At most `concurrency` calls run at once."""

    request: RequestSpec
    row: dict[Name, Pointer]
    decode: tuple[Text, ...] | None = None
    answer: AnswerSpec | None = None
    concurrency: Count = 4
