"""Every enumeration of the models has a code list with titles in both languages; an edition is added without code."""

from datetime import date
from pathlib import Path
from shutil import copytree

import pytest

from canonical_schema import codes
from canonical_schema.codes import code_list, names
from canonical_schema.fields import ObjectType, field_tree
from canonical_schema.kinds.registry import KINDS
from canonical_schema.rules import catalogue, judge


def enumerations(part, at):
    for name, field in part.fields.items():
        if isinstance(field.type, ObjectType):
            yield from enumerations(field.type, f"{at}/{name}")
        elif field.type.words:
            yield f"{at}/{name}", field.type.words


WORDS = {words: at for kind in KINDS for at, words in enumerations(field_tree(kind), kind)}


@pytest.mark.parametrize(("words", "at"), WORDS.items(), ids=WORDS.values())
def test_each_enumeration_is_a_published_list_with_titles(words, at):
    lists = [code_list(name) for name in names() if tuple(code_list(name).rows) == words]
    assert lists, f"no code list has exactly the words of {at}"
    for one in lists:
        assert all(one.title(word) and one.title(word, "en") for word in words)
        assert one.facts["source"]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The lists in a folder that the test may add to."""
    copytree(codes.FOLDER, tmp_path / "codes")
    monkeypatch.setattr(codes, "FOLDER", tmp_path / "codes")
    kept = (catalogue._edition, catalogue._listed, catalogue._hazards, catalogue._disagreement)
    caches = (codes.code_list, codes.editions, *kept)
    for cached in caches:
        cached.cache_clear()
    yield tmp_path / "codes"
    for cached in caches:
        cached.cache_clear()


def test_an_edition_is_added_by_adding_a_file(folder: Path):
    new = "# title: 国家危险废物名录(2031年版)\n# title_en: 2031 edition\n# edition: 2031\n# valid_from: 2031-01-01\n"
    new += "# complete: no\n# source: a test\ncode,category,hazards_certain,hazards_possible\n111-222-08,HW08,T,\n"
    (folder / "waste_2031.csv").write_text(new, "utf-8")
    newest = codes.editions("waste")[-1]
    assert (newest.edition, newest.known("111-222-08"), newest.in_force(date(2031, 6, 1))) == ("2031", True, True)
    assert newest.in_force(date(2030, 12, 31)) is False


def test_records_are_judged_by_an_edition_that_was_added(folder: Path):
    new = "# title: 国家危险废物名录(2031年版)\n# title_en: 2031 edition\n# edition: 2031\n# valid_from: 2031-01-01\n"
    new += "# source: a test\ncode,category,hazards_certain,hazards_possible\n111-222-08,HW08,T,\n"
    (folder / "waste_2031.csv").write_text(new, "utf-8")

    def told(day, code, *hazards):
        waste = {"seq": 1, "code": code, "quantity_t": "1"} | ({"hazards": list(hazards)} if hazards else {})
        content = {"national_no": "20313205000123", "planned_at": {"at": day, "precision": "day"}, "wastes": [waste]}
        return [one.id for one in judge("manifest", content, day=date(2031, 6, 1))]

    assert told("2031-03-05", "111-222-08", "T") == []
    assert told("2031-03-05", "111-222-08", "C") == ["M011"]
    assert told("2031-03-05", "900-249-08") == ["M010"]
    assert told("2030-03-05", "900-249-08") == []
