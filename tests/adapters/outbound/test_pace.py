"""How often and how many at once: by arithmetic, and on a real server that counts."""

import asyncio
import time

from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from adapters.auth.flow import Call
from adapters.errors import Unreachable
from adapters.limits import Limits
from adapters.outbound.pace import Pace, Rate
from adapters.transport import open_transport


@given(
    rate=st.floats(0.1, 1000),
    burst=st.integers(1, 20),
    gaps=st.lists(st.floats(0, 5), min_size=1, max_size=60),
)
def test_no_stretch_of_time_has_more_turns_than_declared(rate, burst, gaps):
    pace, now, turns = Pace(Rate(rate, burst)), 0.0, []
    for gap in gaps:
        now += gap
        turns.append(now + pace.turn(now))
    assert turns == sorted(turns)
    for first, start in enumerate(turns):
        for last in range(first, len(turns)):
            assert last - first + 1 <= burst + rate * (turns[last] - start) + 1e-6


def test_a_rest_gives_the_burst_back_and_no_more():
    pace = Pace(Rate(1, burst=3))
    assert [pace.turn(0) for _ in range(4)] == [0, 0, 0, 1]
    assert [pace.turn(1000) for _ in range(4)] == [0, 0, 0, 1]


class Counted:
    """A server that notes when it was asked and how many it served at once."""

    def __init__(self, hold=0.0):
        self.at, self.most, self._now, self.hold = [], 0, 0, hold

    def app(self):
        async def serve(request):
            self.at.append(time.monotonic())
            self._now += 1
            self.most = max(self.most, self._now)
            await asyncio.sleep(self.hold)
            self._now -= 1
            return PlainTextResponse("ok")

        return Starlette(routes=[Route("/", serve)])


def ask(url, limits, times):
    async def all_of_them():
        transport = open_transport(limits, url, ())
        try:
            calls = (transport.send(Call("GET", f"{url}/")) for _ in range(times))
            return await asyncio.gather(*calls, return_exceptions=True)
        finally:
            await transport.aclose()

    return asyncio.run(all_of_them())


def test_requests_keep_to_the_rate(servers):
    counted = Counted()
    replies = ask(servers.app(counted.app()), Limits(rate=Rate(20, burst=2), concurrency=8), 8)
    assert [reply.status for reply in replies] == [200] * 8
    assert counted.at[-1] - counted.at[0] >= 6 / 20 - 0.03
    for first, last in zip(counted.at, counted.at[4:], strict=False):
        assert last - first >= 2 / 20, "five turns need the burst of two and three more"


def test_a_new_run_begins_with_no_new_burst(servers):
    counted = Counted()
    url = servers.app(counted.app())
    for _ in range(3):
        ask(url, Limits(rate=Rate(10, burst=2)), 2)
    assert counted.at[-1] - counted.at[0] >= 4 / 10 - 0.03


def test_no_more_than_so_many_are_under_way(servers):
    counted = Counted(0.05)
    ask(servers.app(counted.app()), Limits(concurrency=3), 12)
    assert (counted.most, len(counted.at)) == (3, 12)


def test_who_waits_too_long_for_his_turn_is_told(servers):
    counted = Counted(0.6)
    first, second = ask(servers.app(counted.app()), Limits(concurrency=1, pool=0.1), 2)
    assert first.status == 200
    assert isinstance(second, Unreachable)
    assert "1 requests at once are under way for 0.1 s" in second.words
    assert len(counted.at) == 1


def test_connections_are_kept_and_used_again(servers):
    seen = []

    async def serve(request):
        seen.append(request.client.port)
        return PlainTextResponse("ok")

    url = servers.app(Starlette(routes=[Route("/", serve)]))

    async def one_by_one():
        transport = open_transport(Limits(), url, ())
        for _ in range(5):
            await transport.send(Call("GET", f"{url}/"))
        await transport.aclose()

    asyncio.run(one_by_one())
    assert len(set(seen)) == 1
