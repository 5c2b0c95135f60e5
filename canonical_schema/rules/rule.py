"""What a rule is, and what it finds.

A rule is a pure function of the record, the related records it is given, and the day on which it is judged: with one
RULE_SET the same inputs give the same findings on any machine at any time.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

Severity = Literal["warning", "error"]
Content = dict[str, Any]
Related = Mapping[str, Sequence[Content]]
"""Kind → contents of other records that concern the one that is judged."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found. `fields` are JSON Pointers into the content; `message` is Chinese."""

    id: str
    severity: str
    fields: tuple[str, ...]
    message: str
    message_en: str

    def as_dict(self) -> dict[str, Any]:
        """The form of `quality.findings`, JSON values only."""
        return {
            "id": self.id,
            "severity": self.severity,
            "fields": list(self.fields),
            "message": self.message,
            "message_en": self.message_en,
        }


@dataclass(frozen=True, slots=True)
class Example:
    """A record that keeps a rule and one that breaks it, sound in structure. `related`: what the rule is given with them."""

    keeps: Content
    breaks: Content
    related: Related = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Written:
    """What a source may write for a field: a value that is understood, and one whose refusal is the rule's finding."""

    field: str
    keeps: str
    breaks: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule and what it rests on. `fields` name what it looks at (lists without positions).

    `judge` looks at one record; `relate` is given the related records of the kinds in `needs`. Both are None where the
    finding comes up elsewhere: while a value is mapped, or between two claims. Each rule but X001 shows what breaks it, as
    a record (`example`) or as a value in a source (`written`), some both ways.
    """

    id: str
    severity: Severity
    kinds: tuple[str, ...]
    fields: tuple[str, ...]
    source: str
    title: str
    title_en: str
    judge: Callable[[Content, date], Iterator[Finding]] | None = None
    relate: Callable[[Content, Related, date], Iterator[Finding]] | None = None
    needs: tuple[str, ...] = ()
    example: Example | None = field(default=None, compare=False)
    written: Written | None = None


def warning(rule: str, fields: tuple[str, ...], message: str, message_en: str) -> Finding:
    return Finding(rule, "warning", fields, message, message_en)
