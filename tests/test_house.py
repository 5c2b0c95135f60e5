"""The house rules that a machine can check: sizes, names, entries, and that nothing of one machine got in."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("canonical_schema", "mappings", "adapters", "gateway", "contract_tests")
SOURCES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
MOST_LINES, MOST_LINES_OF_A_FUNCTION = 400, 60


def short(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_the_fixed_entries_are_there():
    assert all((ROOT / name).is_dir() for name in (*PACKAGES, "tests"))
    assert all(
        (ROOT / name).is_file() for name in ("pyproject.toml", "Makefile", "requirements.lock", ".ci/run", "LICENSE")
    )


@pytest.mark.parametrize("path", [*SOURCES, *sorted((ROOT / "tests").rglob("*.py"))], ids=short)
def test_no_file_is_over_400_lines(path):
    assert len(path.read_text("utf-8").splitlines()) <= MOST_LINES


@pytest.mark.parametrize("path", SOURCES, ids=short)
def test_no_function_is_over_60_lines(path):
    long = [
        f"{node.name} has {node.end_lineno - node.lineno + 1} lines"
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno - node.lineno >= MOST_LINES_OF_A_FUNCTION
    ]
    # The first migration creates every table in one go, as it was on that day.
    assert long == [] or "migrations/versions" in short(path)


def test_no_catch_all_names():
    assert [short(path) for path in SOURCES if path.stem in {"utils", "helpers", "common", "base", "manager"}] == []


def test_every_locked_package_is_pinned_with_a_digest_and_names_no_host():
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    pins = re.findall(r"^([a-z0-9._-]+)==\S+ \\\n    --hash=sha256:[0-9a-f]{64}", lock, re.MULTILINE)
    assert len(pins) == len(re.findall(r"^[a-z0-9]", lock, re.MULTILINE))
    assert "://" not in lock
    assert "--find-links" not in lock
