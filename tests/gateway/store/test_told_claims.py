"""What another gateway is told, on both databases: by commit, each once, resumable within a commit."""

from dataclasses import replace

import pytest

from gateway.store import adapters, mappings
from gateway.store.claims import versions
from gateway.store.integrity import check
from gateway.store.told_claims import Place, behind, content_hashes, first_entry

START = Place(0)
N1, N2 = "20263205000001", "20263205000002"


@pytest.fixture
def told(ready):
    """told(after) → (source key, version) of each claim behind that place, with the place of its commit."""

    def read(after=START):
        with ready.read() as conn:
            found = [(place, numbers) for place, numbers in behind(conn, after)]
            named = {one.id: (one.source_key, one.version) for _, many in found for one in versions(conn, many)}
        return [(place.commit, [named[number] for number in numbers]) for place, numbers in found]

    return read


def test_by_commit_and_by_row_within_one(commit, told, pages, ready):
    commit(pages.draft("A", pages.content(no=N1)), pages.draft("B", pages.content(no=N2)))
    commit(pages.damaged("C"))
    commit(pages.draft("A", pages.content("2", no=N1)))
    assert told() == [(1, [("A", 1), ("B", 1)]), (2, []), (3, [("A", 2)])]
    assert told(Place(1)) == [(2, []), (3, [("A", 2)])]
    assert told(Place(3)) == []
    with ready.read() as conn:
        (_, (first, second)), *_ = behind(conn, Place(0))
        hashes = content_hashes(conn, [first, second])
    assert told(Place(1, first)) == [(1, [("B", 1)]), (2, []), (3, [("A", 2)])]
    assert told(Place(1, second))[0] == (1, [])
    assert set(hashes.values()) == {
        pages.draft("A", pages.content(no=N1)).content_hash,
        pages.draft("B", pages.content(no=N2)).content_hash,
    }


def test_more_commits_than_are_looked_at_together(commit, told, pages):
    for number in range(103):
        commit(pages.draft(f"K{number}", pages.content(no=None)))
    assert told() == [(number + 1, [(f"K{number}", 1)]) for number in range(103)]


def test_a_notice_that_waits_is_told_and_once_more_when_it_enters_a_record(commit, told, pages):
    void = {"status": "voided", "void": {"reason": "错填"}, "national_no": N1}
    commit(replace(pages.draft("V", void), partial=True))
    assert told() == [(1, [("V", 1)])]
    commit(pages.draft("A", pages.content(no=N1)))
    assert told(Place(1)) == [(2, [("V", 1), ("A", 1)])]


def test_in_shadow_nothing_is_told_but_what_is_in_a_record(commit, told, pages, ready):
    commit(pages.draft("A", pages.content(no=N1)))
    with ready.write() as conn:
        adapters.set_stage(conn, "js", "shadow", who="test", why="test", at=pages.START)
    commit(pages.draft("B", pages.content(no=N2)))
    assert told() == [(1, [("A", 1)]), (2, [])]


def test_a_version_that_came_too_late_to_count(commit, told, pages):
    for newer, quantity in (("1", "1"), ("3", "3"), ("2", "2")):
        commit(pages.draft("A", pages.content(quantity, no=N1), newer=newer))
    assert [one for _, many in told() for one in many] == [("A", 1), ("A", 2)]


def test_a_gateway_is_known_by_its_first_entry(commit, pages, ready):
    with ready.read() as conn:
        assert first_entry(conn) == ""
    commit(pages.draft("A", pages.content(no=N1)))
    with ready.read() as conn:
        name = first_entry(conn)
    commit(pages.draft("B", pages.content(no=N2)))
    with ready.read() as conn:
        assert (len(name), first_entry(conn)) == (64, name)
    assert list(check(ready, lambda _part, _count: None)) == []


def test_a_mapping_that_is_told_never_stands_instead_of_ours(ready, pages):
    told = ("js", "manifests", "theirs.yaml", "theirs")
    fresh = "ab" * 32
    with ready.write() as conn:
        assert mappings.adopt(conn, pages.MAPPING, *told, {"lines": [1]})
        assert not mappings.adopt(conn, pages.MAPPING, *told, {"lines": [2]})
        assert mappings.template(conn, pages.MAPPING) == {"lines": [1]}
        assert mappings.adopt(conn, fresh, *told, {"lines": [9]})
        mappings.put(conn, fresh, "js", "manifests", "ours.yaml", "ours", {"lines": (1,)})
    with ready.read() as conn:
        (one,) = mappings.kept(conn, [fresh])
    assert (one.hash, one.file, one.text, one.template) == (fresh, "ours.yaml", "ours", {"lines": [1]})
