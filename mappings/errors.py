"""What can go wrong while mapping.

MappingError
├── RecordRefused      this one record can't become a claim; the rest of the page goes on
└── (a mapping file with faults raises canonical_schema.problem.ProblemsFound when it is compiled)

A value that a type or step refuses is canonical_schema.errors.InvalidValue; the mapping says what follows from it.
"""


class MappingError(Exception):
    """Base of this package's errors."""


class RecordRefused(MappingError):
    """The record breaks what the mapping requires. `reasons` are sentences for people, Chinese first; `leaf` and `at` say
    which rule at which list positions."""

    def __init__(self, *reasons: str, leaf: int = 0, at: tuple[int, ...] = ()) -> None:
        super().__init__("; ".join(reasons))
        self.reasons, self.leaf, self.at = reasons, leaf, at
