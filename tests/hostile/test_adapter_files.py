"""A9: an adapter file that means harm, or a machine's slip: refused within a tenth of a second, with line and column."""

import asyncio
import time
from pathlib import Path

import pytest

import adapters
from adapters.load import load_adapter
from adapters.registry import open_adapter
from canonical_schema.problem import ProblemsFound

OWN = Path(adapters.__file__).parent / "provinces"
JS, GD = ((OWN / name).read_text("utf-8") for name in ("js.yaml", "gd.yaml"))
LAUGHS = "a0: &a0 [ha]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 10))
HOSTILE = {
    "a tag that runs Python": ("title: !!python/object/apply:os.system [id]\n" + JS, 1, "tag"),
    "a tag of its own": ("title: !own x\n" + JS, 1, "tag"),
    "a binary tag": ("title: !!binary aGE=\n" + JS, 1, "tag"),
    "an alias bomb": (LAUGHS + JS, 1, "anchor"),
    "an alias of itself": ("a: &a [*a]\n" + JS, 1, "anchor"),
    "a merge key": ("<<: {id: xx}\n" + JS, 1, "merge"),
    "a key that stands twice": (JS + "\nid: other\n", JS.count("\n") + 2, "duplicate key 'id'"),
    "two documents": (JS + "\n---\n" + JS, JS.count("\n") + 2, "document"),
    "100,000 deep in brackets": (JS + "\nx: " + "[" * 100_000, JS.count("\n") + 2, ""),
    "25,000 deep in braces": (JS + "\nx: " + "{a: " * 25_000, JS.count("\n") + 2, ""),
    "1 MB of keys": ("".join(f"k{n}: 1\n" for n in range(110_000)), 1, "larger than"),
    "1 MB of one text": ("title: " + "x" * (1 << 20), 1, "larger than"),
    "a sign that YAML doesn't allow": ("title: \x07\n" + JS, 1, ""),
    "NUL": ("title: a\0b\n" + JS, 1, ""),
    "a directive": ("%YAML 9.9\n---\n" + JS, 1, ""),
    "nothing": ("", 1, ""),
    "a list": ("- a\n", 1, "needed here"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_refused_at_once_with_its_place(name, tmp_path):
    text, line, words = HOSTILE[name]
    file = tmp_path / "js.yaml"
    file.write_text(text, "utf-8")
    began = time.process_time()
    with pytest.raises(ProblemsFound) as found:
        load_adapter(file, name="js.yaml")
    assert time.process_time() - began < 0.1
    first = found.value.problems[0]
    assert (first.file, first.line) == ("js.yaml", line)
    assert first.column >= 1
    assert words in str(found.value)


@pytest.mark.parametrize(
    "pattern", ["*a" * 200 + "b", "[!" + "a" * 1000 + "]*" * 50, "?" * 5000, "((((a+)+)+)+)+$", "[" * 500]
)
def test_no_pattern_of_file_names_runs_away(pattern, tmp_path):
    """Names are matched with wildcards only, each in time that grows with the name."""
    file = tmp_path / "gd.yaml"
    text = GD.replace("files: GD_HWLD_*.zip", f'files: "{pattern}"')
    assert text != GD
    file.write_text(text, "utf-8")
    for name in ("a" * 200, "a" * 100 + ".xml"):
        (tmp_path / name).write_text("x")

    async def pull():
        driver = open_adapter(load_adapter(file), {"LIANDAN_GD_DIR": str(tmp_path)})
        return [one async for one in driver.pull("manifests", None)]

    began = time.process_time()
    assert asyncio.run(pull()) == []
    assert time.process_time() - began < 1
