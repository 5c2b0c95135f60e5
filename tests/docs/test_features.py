"""The table of features names tests that there are."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SECTION = (ROOT / "docs/adapters.md").read_text("utf-8").partition("## Feature → test")[2]
ROWS = [line for line in SECTION.splitlines() if line.startswith("| ") and not line.startswith(("| feature", "| row"))]


def test_the_table_is_there():
    assert len(ROWS) > 100


@pytest.mark.parametrize("row", ROWS)
def test_each_feature_has_a_test_that_there_is(row):
    named = re.findall(r"`((?:tests|benchmarks)/[\w/]+\.py)(?:::(test_\w+))?`", row)
    assert named
    for file, test in named:
        text = (ROOT / file).read_text("utf-8")
        assert not test or f"def {test}(" in text, f"{file} has no {test}"
