"""The mapping language: declared in YAML, compiled, with the origin of every value."""

from mappings.language.beside import Beside
from mappings.lineage.explain import decode_remainder, explain
from mappings.program import Mapped, Program, Refused, compile_mapping, encode_remainder

__all__ = [
    "Beside",
    "Mapped",
    "Program",
    "Refused",
    "compile_mapping",
    "decode_remainder",
    "encode_remainder",
    "explain",
]
