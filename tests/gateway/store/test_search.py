"""Records found by what their newest versions say, whatever the index had taken up before."""

import random

import orjson
import pytest

from gateway.errors import TooBroad
from gateway.read import search as reading
from gateway.store import meta, search, search_index
from gateway.store.search import Sought

NAMES = ("苏州甲化工有限公司", "苏州乙化工厂", "天津绿源环保", "100%_公司")
PLATES = ("苏A12345", "津B6789挂")
CODES = ("900-249-08", "336-064-17")
DIVISIONS = ("320500", "320583", "120000", "12")


def manifest(pages, chance, number):
    return pages.content(
        str(chance.randint(1, 9)),
        no=f"2026320500{number:04}",
        status=chance.choice(["declared", "completed"]),
        planned_at={"at": f"2026-03-0{chance.randint(1, 9)}", "precision": "day"},
        consignor={"name": chance.choice(NAMES), "division": {"code": chance.choice(DIVISIONS)}},
        legs=[{"seq": 1, "vehicle": {"plate": chance.choice(PLATES)}}],
    ) | {"wastes": [{"seq": 1, "code": chance.choice(CODES), "quantity_t": "1"}]}


def found(database, limit=7, **sought):
    """National numbers, page by page, as they come."""
    numbers, after = [], None
    while True:
        with database.read() as conn:
            rows, more = search.page(conn, Sought(**sought), after=after, limit=limit)
        numbers += [orjson.loads(envelope)["content"]["national_no"] for _, envelope in rows]
        if not more:
            return numbers
        after = rows[-1][0]


@pytest.fixture
def world(ready, pages, commit):
    """Forty manifests, half of them corrected after the index had taken them up; number → newest content."""
    chance = random.Random(11)
    told = {}
    for turn, number in enumerate((*range(40), *range(0, 40, 2))):
        content = manifest(pages, chance, number)
        told[content["national_no"]] = content
        commit(pages.draft(f"k{number}", content, newer=f"{turn:04}"))
        if turn == 30:
            assert search_index.catch_up(ready) == 0
    search_index.catch_up(ready)
    return told


FILTERS = {
    "kind": ({"kind": "manifest"}, lambda _: True),
    "another kind": ({"kind": "track"}, lambda _: False),
    "status": ({"status": "completed"}, lambda c: c["status"] == "completed"),
    "days": (
        {"since": "2026-03-03", "until": "2026-03-06"},
        lambda c: "2026-03-03" <= c["planned_at"]["at"] <= "2026-03-06",
    ),
    "part of a name": ({"terms": {"party": "苏州"}}, lambda c: "苏州" in c["consignor"]["name"]),
    "a name with signs of LIKE": ({"terms": {"party": "0%_"}}, lambda c: c["consignor"]["name"] == NAMES[3]),
    "plate": ({"terms": {"plate": PLATES[1]}}, lambda c: c["legs"][0]["vehicle"]["plate"] == PLATES[1]),
    "code": ({"terms": {"code": CODES[0]}}, lambda c: c["wastes"][0]["code"] == CODES[0]),
    "division": ({"terms": {"division": "3205"}}, lambda c: c["consignor"]["division"]["code"].startswith("3205")),
    "province": ({"province": "12"}, lambda c: c["consignor"]["division"]["code"].startswith("12")),
    "all at once": (
        {"status": "declared", "terms": {"party": "化工", "plate": PLATES[0]}},
        lambda c: (
            c["status"] == "declared"
            and "化工" in c["consignor"]["name"]
            and c["legs"][0]["vehicle"]["plate"] == PLATES[0]
        ),
    ),
    "nobody": ({"terms": {"party": "无此公司"}}, lambda _: False),
}


def test_each_filter_finds_just_those_whose_newest_version_says_so(ready, world):
    for name, (sought, holds) in FILTERS.items():
        expected = [no for no, content in world.items() if holds(content)]
        assert found(ready, **sought) == sorted(expected, reverse=True), name
    assert len(found(ready)) == 40


def test_the_index_is_taken_up_again_from_the_feed_as_it_was(ready, world):
    before = {name: found(ready, **sought) for name, (sought, _) in FILTERS.items()}
    with ready.write() as conn:
        meta.put(conn, search_index.REACHED, "0")
    assert search_index.catch_up(ready) == 0
    assert {name: found(ready, **sought) for name, (sought, _) in FILTERS.items()} == before


def test_what_fails_half_way_leaves_the_index_where_it_was(ready, pages, commit, monkeypatch):
    commit(pages.draft("a", pages.content(no="20263205000001", status="declared")))
    search_index.catch_up(ready)
    commit(pages.draft("a", pages.content(no="20263205000001", status="completed"), newer="2"))

    def cut(*_):
        raise RuntimeError

    with monkeypatch.context() as broken:
        broken.setattr(search_index.meta, "put", cut)
        with pytest.raises(RuntimeError):
            search_index.catch_up(ready)
    assert (found(ready, status="declared"), found(ready, status="completed")) == (["20263205000001"], [])
    search_index.catch_up(ready)
    assert (found(ready, status="declared"), found(ready, status="completed")) == ([], ["20263205000001"])


def test_a_record_that_was_merged_away_is_found_no_more(ready, pages, commit):
    commit(pages.draft("a", pages.content(local="js:1")))
    commit(pages.draft("b", pages.content(no="20263205000001"), adapter="tj"), adapter="tj")
    search_index.catch_up(ready)
    with ready.read() as conn:
        assert len(search.page(conn, Sought(), after=None, limit=10)[0]) == 2
    commit(pages.draft("c", pages.content(no="20263205000001", local="js:1"), adapter="gd"), adapter="gd")
    search_index.catch_up(ready)
    assert found(ready) == ["20263205000001"]
    assert found(ready, terms={"number": "1"}) == ["20263205000001"]


def test_a_word_that_too_many_names_hold_is_refused(ready, pages, commit, monkeypatch):
    commit(*(pages.draft(f"k{n}", pages.content(consignor={"name": f"甲{n}公司"})) for n in range(4)))
    search_index.catch_up(ready)
    monkeypatch.setattr(search, "MOST_TERMS", 3)
    with pytest.raises(TooBroad, match="公司"), ready.read() as conn:
        search.page(conn, Sought(terms={"party": "公司"}), after=None, limit=1)


def test_a_few_changes_are_taken_up_by_the_search_itself_and_many_are_counted(ready, pages, commit, monkeypatch):
    monkeypatch.setattr(search_index, "AT_ONCE", 2)
    monkeypatch.setattr(reading, "AT_MOST_NEW", 2)
    commit(*(pages.draft(f"k{n}", pages.content()) for n in range(5)))
    told = [orjson.loads(reading.page(ready, Sought(), after=None, limit=10)) for _ in range(3)]
    assert [(len(one["records"]), one["behind"]) for one in told] == [(2, 3), (4, 1), (5, 0)]
