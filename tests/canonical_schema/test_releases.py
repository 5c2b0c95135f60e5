"""What was published holds: today's models may add to it, each addition written down, and never break it."""

from pathlib import Path

import pytest

import canonical_schema
from canonical_schema import SCHEMA_VERSION
from canonical_schema.compare import compare, read_schemas
from canonical_schema.export.json_schema import json_schema
from canonical_schema.export.write import files
from canonical_schema.kinds.registry import KINDS

FOLDER = Path(canonical_schema.__file__).with_name("releases")
RELEASES = sorted(path for path in FOLDER.iterdir() if path.is_dir())


def additions_of(release):
    """The lines of additions.txt: what came since, as `kind place: words`."""
    lines = (release / "additions.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


@pytest.mark.parametrize("release", RELEASES, ids=lambda path: path.name)
def test_a_release_is_never_broken_and_each_addition_is_listed(release):
    changes = compare(read_schemas(release), {kind: json_schema(kind) for kind in KINDS})
    assert [f"{one.kind} {one.place}: {one.en}" for one in changes if one.verdict == "break"] == []
    added = [f"{one.kind} {one.place}: {one.en}" for one in changes]
    assert added == additions_of(release), f"write these lines into {release.name}/additions.txt"


def test_the_state_that_is_being_prepared_is_published_as_it_is_generated():
    """As long as nothing was added, the files of the newest release are today's, byte for byte."""
    release = FOLDER / SCHEMA_VERSION
    if additions_of(release):
        return
    today = {path: data for path, data in files() if path.startswith(("json-schema/", "xsd/"))}
    kept = {
        str(path.relative_to(release)): path.read_bytes()
        for folder in ("json-schema", "xsd")
        for path in sorted((release / folder).iterdir())
    }
    assert sorted(kept) == sorted(today)
    assert [path for path in today if kept[path] != today[path]] == []
