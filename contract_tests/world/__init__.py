"""The synthetic world that the mock systems show parts of, and its truth as canonical records."""

from contract_tests.world.journey import Journey, Side, SideVersion, Style
from contract_tests.world.world import USUAL, Truth, World

__all__ = ["USUAL", "Journey", "Side", "SideVersion", "Style", "Truth", "World"]
