"""What every value says of itself: one sentence about a value that is one, else why it isn't."""

from collections.abc import Callable

from canonical_schema.errors import InvalidValue

Words = tuple[str, str]  # Chinese, English


def sentence(parse: Callable[[str], str], words: Callable[[str], Words], text: str, lang: str) -> str:
    try:
        zh, en = words(parse(text))
    except InvalidValue as error:
        zh, en = error.zh, error.en
    return zh if lang == "zh" else en
