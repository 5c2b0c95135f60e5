"""docs/delivery.md says what the tables say. To renew it, put in what the failing assertion shows."""

from pathlib import Path

import pytest

from gateway.delivery import reference

PAGE = Path(__file__).parents[3] / "docs/delivery.md"


@pytest.mark.parametrize("name", ["delivery_states", "breaker_states", "schedule", "patience"])
def test_the_page_has_the_table_as_the_code_has_it(name: str) -> None:
    assert getattr(reference, name)() in PAGE.read_text("utf-8")
