"""Findings of the mapping: a value that its type refuses is absent, and this says so (canonical.md §4)."""

from canonical_schema.errors import InvalidValue
from canonical_schema.rules.rule import Finding, warning
from canonical_schema.values.text import shown


def refused_value(rule: str, field: str, raw: str, error: InvalidValue) -> Finding:
    """The finding on a refused value. `field`: JSON Pointer into the content; `raw`: the value as the source has it."""
    quoted = shown(raw)
    return warning(
        rule,
        (field,),
        f"{field} 未能理解原值“{quoted}”: {error.zh}",
        f"{field}: the value '{quoted}' wasn't understood: {error.en}",
    )
