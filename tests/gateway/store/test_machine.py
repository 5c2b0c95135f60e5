"""Commits and deliveries in any order against a small model: claims repeated, late and linked; leases lost."""

import hashlib
from datetime import timedelta

import orjson
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from canonical_schema.digest import canonical_bytes
from canonical_schema.rules import judge
from gateway.domain.claim import Claim
from gateway.domain.consolidate import consolidate, findings_of
from gateway.domain.owed import Target
from gateway.intake import write
from gateway.intake.commit import commit_page
from gateway.store import changes, claims, deliveries, records
from gateway.store.database import open_database
from gateway.store.deliveries import Mark

TARGET = Target("national")
LEASE = 60
OBSERVATIONS = st.tuples(st.sampled_from(["js", "tj", "gd"]), st.integers(0, 2), st.integers(1, 6))


class Broken(Exception):
    pass


def told(pages, adapter, journey, time):
    """What a system says of a journey at a time: words come back, a void comes and goes, gd learns the link late."""
    number = f"2026320500000{journey}"
    more = {"consignor": {"name": f"甲{time // 4}"}} | ({"status": "voided"} if time == 5 else {})
    if adapter == "gd":
        return pages.content(str(time % 2 + 1), no=number if time > 3 else None, local=f"gd:{journey}", **more)
    return pages.content(str(time % 3 + 1), no=number, **more)


class Machine(RuleBasedStateMachine):
    """A subclass gives it `pages` and `new_url`, which are fixtures."""

    def __init__(self):
        super().__init__()
        self.database = open_database(self.new_url())
        self.pages.prepare(self.database)
        self.minute = 0
        self.newest = {}
        self.leased = {}
        self.done = {}

    def teardown(self):
        try:
            self.minute += 10
            self.drain()
            self.check_records()
        finally:
            self.database.dispose()

    def now(self):
        return self.pages.clock(self.minute)()

    def commit(self, adapter, observed):
        self.minute += 1
        drafts = [
            self.pages.draft(
                f"{adapter}{journey}", told(self.pages, adapter, journey, time), adapter=adapter, newer=str(time)
            )
            for _, journey, time in observed
        ]
        page = self.pages.page(*drafts, adapter=adapter, body=repr(observed).encode(), minutes=self.minute)
        return commit_page(self.database, page, self.pages.clock(self.minute), targets=(TARGET,))

    @rule(observed=st.lists(OBSERVATIONS, min_size=1, max_size=4))
    def observe(self, observed):
        adapter = observed[0][0]
        mine = [one for one in observed if one[0] == adapter]
        counts = self.commit(adapter, mine)
        assert counts.pulled == len(mine) == counts.accepted + counts.unchanged
        for _, journey, time in mine:
            key = (adapter, journey)
            self.newest[key] = max(time, self.newest.get(key, 0))
        assert self.commit(adapter, mine).unchanged == len(mine)

    @rule(observed=OBSERVATIONS)
    def fail_in_the_middle(self, observed):
        before = self.feed()
        with pytest.MonkeyPatch.context() as patch:

            def broken(*_args, **_named):
                raise Broken

            patch.setattr(write.commits, "append", broken)
            try:
                self.commit(observed[0], [observed])
            except Broken:
                assert self.feed() == before
                return
        key = observed[:2]
        self.newest[key] = max(observed[2], self.newest.get(key, 0))

    @rule(limit=st.integers(1, 4))
    def claim(self, limit):
        with self.database.write() as conn:
            found = deliveries.claim_due(conn, "national", self.now(), limit, LEASE)
        for due in found:
            ended = self.leased.pop(due.id, None)
            assert ended is None or ended[1] <= self.now()
            assert due.version == self.done.get(due.record_id, 0) + 1
            self.leased[due.id] = (due, self.now() + timedelta(seconds=LEASE))

    @rule(event=st.sampled_from(["deliver", "retry", "refuse", "give_up", "release"]), data=st.data())
    def settle(self, event, data):
        if not self.leased:
            return
        due, _ = self.leased.pop(data.draw(st.sampled_from(sorted(self.leased))))
        self.mark(event, due)

    def mark(self, event, due):
        next_at = self.now() + timedelta(seconds=30) if event == "retry" else None
        with self.database.write() as conn:
            assert deliveries.mark(conn, [Mark(due.id, due.fence, event, self.now(), event, next_at)]) == set()
        if event in {"deliver", "refuse", "give_up"}:
            self.done[due.record_id] = due.version

    @rule()
    def let_leases_end(self):
        self.minute += 2

    def drain(self):
        self.leased.clear()
        while True:
            with self.database.write() as conn:
                found = deliveries.claim_due(conn, "national", self.now(), 3, LEASE)
            if not found:
                break
            for due in found:
                assert due.version == self.done.get(due.record_id, 0) + 1
                self.mark("deliver", due)
        with self.database.read() as conn:
            counted = deliveries.counts(conn)
            assert counted["pending"] == 0
            assert counted["delivered"] + counted["dead"] == len(self.feed())

    def feed(self):
        with self.database.read() as conn:
            return changes.page(conn, after=0, limit=1000)[0]

    @invariant()
    def the_feed_has_no_gap_and_its_versions_are_chained(self):
        shown = self.feed()
        assert [seq for seq, _ in shown] == list(range(1, len(shown) + 1))
        last = {}
        for _, envelope in shown:
            one = orjson.loads(envelope)
            before = last.get(one["record_id"])
            if before is None:
                assert (one["version"], one["change"]) == (1, "created")
            else:
                assert one["version"] == before[0]["version"] + 1
                assert one["previous_hash"] == hashlib.sha256(before[1]).hexdigest()
                assert before[0]["change"] != "merged"
            last[one["record_id"]] = (one, envelope)

    def expected(self):
        """Group → (content, findings) of the record that the newest words on it make."""
        groups = {}
        for arrival, ((adapter, journey), time) in enumerate(sorted(self.newest.items())):
            content = told(self.pages, adapter, journey, time)
            claim = Claim(
                kind="manifest",
                adapter=adapter,
                division=self.pages.DIVISIONS[adapter],
                dataset="manifests",
                source_key=f"{adapter}{journey}",
                content=content,
                newer=str(time),
                arrival=arrival,
                observed_at="",
                payload_hash="",
                mapping_hash="",
            )
            groups.setdefault(content.get("national_no", f"gd{journey}"), []).append(claim)
        made = [consolidate("manifest", claims) for claims in groups.values()]
        return [
            (one.content, list(findings_of(one, judge("manifest", one.content, day=self.pages.DAY)))) for one in made
        ]

    def check_records(self):
        newest = {}
        for _, envelope in self.feed():
            one = orjson.loads(envelope)
            newest[one["record_id"]] = one
        alive = [one for one in newest.values() if one["change"] != "merged"]
        found = [canonical_bytes([one["content"], one["quality"]["findings"]]) for one in alive]
        assert sorted(found) == sorted(canonical_bytes(one) for one in self.expected())
        with self.database.read() as conn:
            assert records.live_counts(conn) == ({"manifest": len(alive)} if alive else {})
            on_records = [len({stored.source_key for stored in claims.of_record(conn, one)}) for one in newest]
        assert sum(on_records) == len(self.newest)


@pytest.mark.slow
def test_any_order_of_events_agrees_with_the_model(new_url, pages):
    run_state_machine_as_test(
        type("Prepared", (Machine,), {"new_url": staticmethod(new_url), "pages": pages}),
        settings=settings(
            max_examples=10,
            stateful_step_count=15,
            phases=(Phase.explicit, Phase.reuse, Phase.generate),
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
        ),
    )
