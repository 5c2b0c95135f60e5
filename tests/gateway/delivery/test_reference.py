"""docs/delivery.md says what the code does. To renew a table, put in what the failing assertion shows."""

from pathlib import Path

import pytest

from adapters.spec import TargetSpec
from gateway.clock import system_clock
from gateway.domain.backoff import bound
from gateway.domain.breaker import TRANSITIONS
from gateway.domain.delivery import MOVES
from gateway.gateway import _destination
from gateway.service import GRACE

PAGE = (Path(__file__).parents[3] / "docs/delivery.md").read_text("utf-8")
SPEC = TargetSpec(id="x", title="某", title_en="Some", driver="national", base_url="http://x")
DESTINATION = _destination(SPEC, {}, system_clock)


def table(*lines) -> str:
    heads, *rows = lines
    return "\n".join(f"| {' | '.join(line)} |" for line in [heads, ["---"] * len(heads), *rows])


def moves(word, table_of_moves) -> str:
    return table(
        ("state", word, "becomes"), *((before, what, after) for (before, what), after in table_of_moves.items())
    )


def schedule() -> str:
    one = DESTINATION.schedule
    rows = [(str(attempt), f"{bound(one, attempt):g} s") for attempt in range(1, 13)]
    return table(("after failure", "next attempt within"), *rows, ("given up after", f"{one.deadline / 86_400:g} days"))


def patience() -> str:
    one = DESTINATION.patience
    return table(
        ("breaker", ""),
        ("opens after", f"{one.failures} failures in a row"),
        ("first pause", f"{one.pause:g} s, twice as long after each probe that fails"),
        ("longest pause", f"{one.longest:g} s (longer only where Retry-After says so)"),
    )


@pytest.mark.parametrize(
    "told",
    [moves("event", MOVES), moves("signal", TRANSITIONS), schedule(), patience(), f"the grace ({GRACE} s in `serve`)"],
    ids=["delivery", "breaker", "schedule", "patience", "grace"],
)
def test_the_page_says_it_as_the_code_does_it(told: str) -> None:
    assert told in PAGE
