"""The tables of the delivery page, written from the tables that the code runs on."""

from gateway.delivery.breaker import TRANSITIONS, Patience
from gateway.domain.backoff import Schedule
from gateway.domain.delivery import MOVES


def delivery_states() -> str:
    """Markdown: each move of a delivery, in the order of the table."""
    return _table(("state", "event", "becomes"), [(before, event, after) for (before, event), after in MOVES.items()])


def breaker_states() -> str:
    """Markdown: each move of a breaker."""
    return _table(
        ("state", "signal", "becomes"), [(before, what, after) for (before, what), after in TRANSITIONS.items()]
    )


def schedule() -> str:
    """Markdown: the longest wait after each failure; the real one is any time up to it. Last line: how long at all."""
    one = Schedule()
    attempts = range(1, 13)
    bounds = [min(one.cap, one.base * 2.0 ** (attempt - 1)) for attempt in attempts]
    rows = [(str(attempt), f"{bound:g} s") for attempt, bound in zip(attempts, bounds, strict=True)]
    return _table(
        ("after failure", "next attempt within"), [*rows, ("given up after", f"{one.deadline / 86_400:g} days")]
    )


def patience() -> str:
    """Markdown: when a breaker opens and for how long."""
    one = Patience()
    return _table(
        ("breaker", ""),
        [
            ("opens after", f"{one.failures} failures in a row"),
            ("first pause", f"{one.pause:g} s, twice as long after each probe that fails"),
            ("longest pause", f"{one.longest:g} s (longer only where Retry-After says so)"),
        ],
    )


def _table(heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [heads, tuple("---" for _ in heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
