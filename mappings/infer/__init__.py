"""Drafts of mappings, guessed from samples and schemas. For people to check: nothing runs on a guess."""

from mappings.infer.draft import Draft, infer
from mappings.infer.schema import declared_in

__all__ = ["Draft", "declared_in", "infer"]
