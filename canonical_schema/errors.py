"""What can be wrong with a value or a record.

SchemaError
├── CodeListUnreadable            a list of ours lacks what it must say
├── Unreadable                    bytes that hold no record, or a folder that holds no export
└── InvalidValue (ValueError)     text that isn't a value of its type
    ├── InvalidFormat             not the shape
    ├── InvalidLength             the shape, with too few or too many characters
    ├── InvalidChecksum           the shape, but its check character says no
    └── UnknownCode               the shape, but in no list that is complete

Each carries the value as it was given and one sentence in Chinese and English for a person.
"""


class SchemaError(Exception):
    """Base of this package's errors."""


class CodeListUnreadable(SchemaError):
    """A code list's file lacks what it must say."""


class Unreadable(SchemaError):
    """A file that holds no record, or a folder that holds no export. `zh` and `en` say why, one sentence each."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh, self.en = zh, en


class InvalidValue(SchemaError, ValueError):
    """Text that a value type refuses. `value` is the text as given; `zh` and `en` say why, one sentence each."""

    def __init__(self, value: str, zh: str, en: str) -> None:
        # All arguments go to the base, so that the error survives pickling between processes.
        super().__init__(value, zh, en)
        self.value, self.zh, self.en = value, zh, en

    def __str__(self) -> str:
        return self.en

    def words(self, lang: str) -> str:
        return self.zh if lang == "zh" else self.en


class InvalidFormat(InvalidValue):
    """The text doesn't have the type's shape."""


class InvalidLength(InvalidValue):
    """The text has too few or too many characters."""


class InvalidChecksum(InvalidValue):
    """A check character doesn't fit the rest."""


class UnknownCode(InvalidValue):
    """The code stands in no list that is complete."""
