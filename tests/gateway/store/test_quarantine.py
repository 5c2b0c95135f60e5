"""An entry of quarantine ends when the system itself says it right, and is open again when it is refused again."""

from gateway.domain.counts import Counts
from gateway.store import quarantine


def test_what_was_refused_is_mended_by_the_system_itself(ready, pages, commit):
    commit(pages.damaged("a"), pages.damaged("b"), pages.damaged("c"), pages.damaged("a2"))
    commit(pages.damaged("b", reason="other"), pages.draft("a", pages.content()), pages.draft("b", pages.content()))
    with ready.read() as conn:
        assert [(one.source_key, one.state) for one in quarantine.rows(conn)] == [
            ("a", "accepted"),
            ("b", "open"),
            ("c", "open"),
            ("a2", "open"),
        ]
    commit(pages.draft("b", pages.content()))  # unchanged, and no longer refused
    commit(pages.draft("c", pages.content(), adapter="tj"), adapter="tj")
    with ready.read() as conn:
        assert [one.state for one in quarantine.rows(conn)] == ["accepted", "accepted", "open", "open"]


def test_an_older_word_mends_nothing_that_is_refused(ready, pages, commit):
    commit(pages.draft("a", pages.content("1"), newer="2"))
    commit(pages.damaged("a"))
    commit(pages.draft("a", pages.content("2"), newer="1"))
    with ready.read() as conn:
        assert [one.state for one in quarantine.rows(conn)] == ["open"]


def test_what_was_refused_under_a_pages_keys_is_found_by_an_index(ready, plans):
    with ready.read() as conn:
        assert "ix_quarantine_dataset_source_key" in plans(
            ready, conn, lambda: quarantine.refused_under(conn, 1, ["a", "b"], 9)
        )


def test_what_was_refused_as_a_whole_is_found_by_an_index(ready, plans):
    with ready.read() as conn:
        # that by key or that by hash: both begin with the dataset
        assert "_quarantine_dataset_" in plans(ready, conn, lambda: quarantine.refused_at(conn, 1, ["detail-1"], 9))


def test_what_was_accepted_is_open_again_when_it_is_refused_again(ready, pages, commit):
    unit = pages.damaged("a")
    assert commit(unit).quarantined == 1
    assert commit(unit).unchanged == 1
    with ready.write() as conn:
        quarantine.move(conn, [1], "accepted", pages.START)
    assert commit(unit) == Counts(1, 0, 0, 1)
    assert commit(unit) == Counts(1, 0, 1, 0)
    with ready.read() as conn:
        (one,) = quarantine.rows(conn)
    assert (one.state, one.times) == ("open", 4)
