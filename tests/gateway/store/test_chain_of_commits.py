"""The hash chain is rebuilt from the stored rows alone, and any change to them shows."""

import pytest
from sqlalchemy import select, update

from gateway.domain.chain import GENESIS, link
from gateway.domain.owed import Target
from gateway.intake.commit import commit_page
from gateway.store import tables as t
from gateway.store.records import ENVELOPE, read_envelopes

N1, N2 = "20263205000001", "20263205000002"


@pytest.fixture
def filled(ready, pages):
    commits = [
        pages.page(pages.draft("a", pages.content("1", no=N1), newer="1"), pages.damaged("x"), body=b"1"),
        pages.page(
            pages.draft("a", pages.content("2", no=N1), newer="2"), pages.draft("b", pages.content(no=N2)), body=b"2"
        ),
        pages.page(pages.draft("c", pages.content("2", no=N1), adapter="tj"), body=b"3", adapter="tj"),
    ]
    for minute, page in enumerate(commits):
        commit_page(ready, page, pages.clock(minute), targets=(Target("national"), Target("other")))
    return ready


def items_of(conn, entry):
    payload = conn.scalar(
        select(t.payloads.c.hash)
        .join(t.exchanges, t.exchanges.c.payload == t.payloads.c.id)
        .where(t.exchanges.c.id == entry.exchange)
    )
    yield b"payload\n" + payload.hex().encode()
    v, c, d = t.claim_versions, t.claims, t.datasets
    said = (
        select(
            d.c.adapter, d.c.dataset, v.c.version, t.contents.c.hash, t.mappings.c.hash, v.c.findings, c.c.source_key
        )
        .join(c, c.c.id == v.c.claim)
        .join(d, d.c.id == c.c.dataset)
        .join(t.contents, t.contents.c.id == v.c.content)
        .join(t.mappings, t.mappings.c.id == v.c.mapping)
        .where(v.c.exchange == entry.exchange)
        .order_by(v.c.id)
    )
    for adapter, dataset, version, content, mapping, findings, key in conn.execute(said):
        words = ("claim", adapter, dataset, str(version), content.hex(), mapping.hex(), findings or "", key)
        yield "\n".join(words).encode()
    for unit in conn.scalars(
        select(t.quarantine.c.unit_hash).where(t.quarantine.c.exchange == entry.exchange).order_by(t.quarantine.c.id)
    ):
        yield b"quarantine\n" + unit.hex().encode()
    r = t.record_versions
    here = r.c.seq.between(entry.first_seq, entry.last_seq)
    whole = select(*ENVELOPE).join(t.contents, t.contents.c.id == r.c.content).where(here).order_by(r.c.seq)
    for envelope in read_envelopes(conn, conn.execute(whole).all()):
        yield b"record\n" + envelope
    due = (t.deliveries.c.record == r.c.record) & (t.deliveries.c.version == r.c.version)
    owed = select(t.deliveries.c.key).join(r, due).where(here).order_by(r.c.seq, t.deliveries.c.target)
    for key in conn.scalars(owed):
        yield b"delivery\n" + key.hex().encode()


def broken_links(conn):
    before = GENESIS
    for entry in conn.execute(select(t.commits).order_by(t.commits.c.id)).all():
        rebuilt = link(before, list(items_of(conn, entry)))
        if (rebuilt.root, rebuilt.hash, rebuilt.size) != (bytes(entry.root), bytes(entry.hash), entry.items):
            yield entry.id
        before = bytes(entry.hash)


def test_every_entry_can_be_rebuilt_from_the_rows(filled):
    with filled.read() as conn:
        assert list(broken_links(conn)) == []
        assert conn.execute(select(t.commits.c.first_seq, t.commits.c.last_seq, t.commits.c["items"])).all() == [
            (1, 1, 6),
            (2, 3, 9),
            (4, 3, 2),
        ]


def test_a_change_in_any_table_shows(filled):
    with filled.write() as conn:
        conn.execute(update(t.claim_versions).where(t.claim_versions.c.id == 1).values(content=2))
        conn.execute(update(t.record_versions).where(t.record_versions.c.seq == 3).values(content=1))
    with filled.read() as conn:
        assert list(broken_links(conn)) == [1, 2]
