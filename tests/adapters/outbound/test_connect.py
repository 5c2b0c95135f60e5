"""A name is resolved once and judged; what was judged is connected to."""

import asyncio
from urllib.parse import urlsplit

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from adapters.auth.flow import Call
from adapters.errors import Misconfigured, Unreachable
from adapters.limits import Limits
from adapters.transport import open_transport

FAR = "10.9.9.9"


@pytest.fixture
def port(servers):
    """Of a server that tells the Host it was asked for, and ends the connection after each answer."""

    async def host(request):
        return PlainTextResponse(request.headers["host"], headers={"Connection": "close"})

    return urlsplit(servers.app(Starlette(routes=[Route("/", host)]))).port


def ask(*urls, hosts=(), connect=2):
    async def all_of_them():
        transport = open_transport(Limits(connect=connect), urls[0], hosts)
        try:
            return [(await transport.send(Call("GET", url))).body.decode() for url in urls]
        finally:
            await transport.aclose()

    return asyncio.run(all_of_them())


def test_the_judged_address_is_connected_to_and_the_name_is_kept(names, opened, port):
    names["province.test"] = [[FAR]]
    assert ask(f"http://province.test:{port}/") == [f"province.test:{port}"]
    assert (opened, names.asked["province.test"]) == ([FAR], 1)


def test_dns_that_answers_something_else_the_next_time_gains_nothing(names, opened, port):
    """Rebinding: good while it is checked, bad when it is used. Each connection is judged by its own one answer."""
    names["province.test"] = [[FAR], ["169.254.169.254"]]
    url = f"http://province.test:{port}/"
    with pytest.raises(Misconfigured, match=r"province\.test is 169\.254\.169\.254.*link-local") as told:
        ask(url, url)
    assert opened == [FAR]
    assert (told.value.retryable, told.value.where) == (False, url)


@pytest.mark.parametrize(
    "answer",
    [["127.0.0.1"], ["::1"], ["0.0.0.0"], ["169.254.169.254"], ["fe80::1"], ["::ffff:127.0.0.1"], ["fd00:ec2::254"], [FAR, "127.0.0.1"]],
)  # fmt: skip
def test_a_name_that_means_this_machine_or_metadata_opens_no_socket(names, opened, answer):
    names["province.test"] = [answer]
    with pytest.raises(Misconfigured, match="may not be called"):
        ask("http://province.test:80/")
    assert opened == []


@pytest.mark.parametrize(
    "spelling", ["2130706433", "0x7f000001", "127.1", "0177.0.0.1", "[::ffff:127.0.0.1]", "0", "0xa9fea9fe"]
)
def test_an_odd_spelling_in_the_file_itself_opens_no_socket(opened, port, spelling):
    with pytest.raises(Misconfigured, match=r"may not be called|no URL"):
        ask(f"http://{spelling}:{port}/")
    assert opened == []


@pytest.mark.parametrize("plain", ["127.0.0.1", "localhost"])
def test_this_machine_is_called_by_who_writes_it_plainly(opened, port, plain):
    assert ask(f"http://{plain}:{port}/") == [f"{plain}:{port}"]
    assert opened == ["127.0.0.1"]


def test_who_may_call_this_machine_by_one_name_may_not_by_another(names, opened, port):
    names["province.test"] = [["127.0.0.1"]]
    with pytest.raises(Misconfigured, match="this machine itself"):
        ask(f"http://127.0.0.1:{port}/", f"http://province.test:{port}/", hosts=["province.test"])
    assert opened == ["127.0.0.1"]


def test_the_next_address_is_tried_where_one_is_dead(names, opened, port):
    names["province.test"] = [["10.7.7.7", FAR]]
    assert ask(f"http://province.test:{port}/") == [f"province.test:{port}"]
    assert opened == ["10.7.7.7", FAR]


def test_a_name_that_dns_does_not_know_may_be_known_later(names, opened):
    names["province.test"] = [[]]
    with pytest.raises(Unreachable, match="has no address"):
        ask("http://province.test/")
    label = "a" * 70
    with pytest.raises(Unreachable, match="can't connect"):
        ask(f"http://{label}.test/")
    assert opened == []
