"""The canonical manifest data standard: value types, models, code lists, rules, digests. Imports nothing else of ours."""

SCHEMA_VERSION = "1.0-rc"
