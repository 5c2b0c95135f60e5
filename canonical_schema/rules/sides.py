"""Findings between two systems' claims on one record."""

import json
from collections.abc import Iterable
from typing import Any

from canonical_schema.rules.rule import Finding, warning
from canonical_schema.values.text import shown


def discrepancy_finding(field: str, sides: Iterable[tuple[str, Any]]) -> Finding:
    """X001: the sides' words on one field differ. `sides`: adapter id and value (None where it says nothing)."""
    told = [(adapter, _said(value)) for adapter, value in sides]
    zh = "; ".join(f"{adapter} 为 {value}" for adapter, value in told)
    en = "; ".join(f"{adapter} says {value}" for adapter, value in told)
    return warning("X001", (field,), f"{field} 两侧说法不一致: {zh}", f"{field} differs between the sides: {en}")


def _said(value: Any) -> str:
    if value is None:
        return "—"
    return shown(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True))
