"""From bytes to documents: pure functions, no I/O, each step recorded so that it can be done again."""

from adapters.decode.chain import Vet, check_chain, decode, outer_trees, redecode

__all__ = ["Vet", "check_chain", "decode", "outer_trees", "redecode"]
