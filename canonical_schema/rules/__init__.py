"""The rules of the standard (canonical.md §4) and what they find."""

from canonical_schema.rules.mapped import refused_value
from canonical_schema.rules.registry import REGISTRY, RULE_SET, judge
from canonical_schema.rules.rule import Finding, Rule
from canonical_schema.rules.sides import discrepancy_finding

__all__ = ["REGISTRY", "RULE_SET", "Finding", "Rule", "discrepancy_finding", "judge", "refused_value"]
