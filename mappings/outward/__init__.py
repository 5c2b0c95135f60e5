"""The way back: a record of the standard as one system's payload, declared in the same language."""

from mappings.outward.program import Outward, Sent, compile_outward, is_outward

__all__ = ["Outward", "Sent", "compile_outward", "is_outward"]
