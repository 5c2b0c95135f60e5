"""The WSDL is kept with its hash from run to run; what changes in it is told, and one that can't be had stops nothing."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from starlette.responses import Response

from adapters.errors import Misconfigured, Rejected
from tests.adapters.drivers.soap.conftest import SoapService
from tests.adapters.drivers.soap.test_wsdl_files import split

DAY = datetime(2026, 3, 5, 8, 0, tzinfo=UTC)


class Kept:
    """A store of descriptions, and every one that was handed to it."""

    def __init__(self):
        self.told, self.words = [], []

    def last(self):
        return self.told[-1] if self.told else None

    def keep(self, description):
        self.told.append(description)

    def stale(self, words):
        self.words.append(words)


@pytest.fixture
def again(run, servers):
    """Runs at that hour, against one service at one address, with one store."""

    class Runs:
        def __init__(self):
            self.service, self.kept = split(SoapService()), Kept()
            self.url = servers.app(self.service.app())

        def at(self, hours, **parts):
            self.service.fetched.clear()
            moment = DAY + timedelta(hours=hours)
            return run(self.service, clock=lambda: moment, descriptions=self.kept, url=self.url, **parts)

    return Runs()


def test_a_kept_wsdl_is_used_until_it_is_a_day_old(again):
    assert again.at(0).error is None
    assert again.service.fetched == ["wsdl", "xsd=1", "xsd=2"]
    assert again.at(23).error is None
    assert again.service.fetched == []
    assert again.at(24).error is None
    assert again.service.fetched == ["wsdl", "xsd=1", "xsd=2"]
    first, second = again.kept.told
    assert (first.sha256, first.changes, first.seen_at) == (second.sha256, (), DAY)
    assert second.seen_at == DAY + timedelta(hours=24)
    digest = hashlib.sha256()
    for body in (again.service.wsdl().encode(), *(one.encode() for one in again.service.files.values())):
        digest.update(b"%d:" % len(body) + body)
    assert first.sha256 == digest.hexdigest()


def test_refresh_says_how_old_it_may_be(again):
    soap = "{wsdl: '/svc?wsdl', endpoint: /svc, refresh: 0s}"
    for _ in range(2):
        again.at(0, soap=soap)
        assert again.service.fetched == ["wsdl", "xsd=1", "xsd=2"]


def test_each_exchange_says_which_wsdl_it_was_asked_by(again):
    again.service.result = '{"total": 1, "rows": [{"no": 1}]}'
    (exchange,) = again.at(0).exchanges
    assert exchange.request["wsdl"] == again.kept.last().sha256


def test_a_changed_wsdl_is_told_with_what_changed(again):
    again.at(0)
    again.service.files["xsd=1"] = again.service.files["xsd=1"].replace(
        'name="lang" type="xsd:string"', 'name="tongue" type="xsd:string"'
    )
    again.service.operations["voids"] = {"since": "xsd:date"}
    assert again.at(24).error is None
    assert again.kept.last().changes == (
        "+ element voids",
        "+ message voidsIn",
        "+ message voidsOut",
        "+ operation B.voids",
        "+ operation P.voids",
        "~ type Ask: - @lang xsd:string",
        "~ type Ask: + @tongue xsd:string",
    )
    again.at(48)
    assert again.kept.last().changes == ()


def test_bytes_that_say_nothing_new_are_no_change(again):
    again.at(0)
    again.service.files["xsd=2"] += "<!-- 12:31 -->"
    again.at(24)
    first, second = again.kept.told
    assert first.sha256 != second.sha256
    assert second.changes == ()


def test_an_argument_that_the_new_wsdl_no_longer_has_ends_the_run_before_anything_is_sent(again):
    again.at(0)
    calls = len(again.service.calls)
    again.service.files["xsd=1"] = again.service.files["xsd=1"].replace('name="since"', 'name="from"')
    pulled = again.at(24)
    assert isinstance(pulled.error, Misconfigured)
    assert "no 'since'" in str(pulled.error)
    assert len(again.service.calls) == calls
    assert again.kept.last().changes == ("~ type Ask: + from xsd:string", "~ type Ask: - since xsd:string")


def test_a_kept_wsdl_without_what_is_asked_for_is_asked_for_anew(again):
    """The adapter file was mended after the system had changed: nobody waits for a day."""
    again.at(0)
    again.service.operations["voids"] = {"since": "xsd:string"}
    assert again.at(1, request="{operation: voids, arguments: ['{from}']}").error is None
    assert again.service.fetched[0] == "wsdl"
    assert isinstance(again.at(2, request="{operation: viods, arguments: ['{from}']}").error, Misconfigured)


@pytest.mark.parametrize("how", ["gone", "a page", "another host"])
def test_where_the_wsdl_cannot_be_had_the_kept_one_is_used_and_that_is_told(again, how):
    again.service.result = '{"total": 1, "rows": [{"no": 1}]}'
    again.at(0)
    wsdl = again.service.wsdl()
    broken = {
        "gone": None,
        "a page": "<html>login</html>",
        "another host": wsdl.replace("svc?xsd=1", "http://10.9.8.7/x"),
    }[how]
    again.service.wsdl = lambda: broken
    again.service._file = lambda request: Response(broken or "none", 200 if broken else 404)
    pulled = again.at(24)
    assert pulled.error is None
    (words,) = again.kept.words
    assert words.startswith("the WSDL can't be had (")
    assert "the one of 2026-03-05 08:00 is used" in words
    assert len(again.kept.told) == len(pulled.exchanges) == 1


def test_without_a_kept_one_it_is_an_error(again):
    again.service._file = lambda request: Response("none", 404)
    assert isinstance(again.at(0).error, Rejected)


def test_that_of_another_address_is_not_taken_for_this_one(again):
    again.at(0)
    again.service.files["wsdl=2"] = again.service.wsdl().replace("login", "signOn")
    again.at(1, soap="{wsdl: '/svc?wsdl=2', endpoint: /svc}")
    assert again.service.fetched[0] == "wsdl=2"
    assert again.kept.last().changes == ()


def test_what_is_kept_holds_no_password(again):
    again.url = again.url.replace("http://", "http://user-66:secret-92@")
    assert again.at(0).error is None
    assert again.service.headers[-1]["authorization"].startswith("Basic ")
    assert "secret-92" not in again.kept.last().text
    again.at(1)
    assert again.service.fetched == []


def test_a_file_is_read_each_time_and_never_kept(again, tmp_path):
    (tmp_path / "svc.wsdl").write_text(SoapService().wsdl(), "utf-8")
    assert again.at(0, soap="{wsdl: svc.wsdl, endpoint: /svc}").error is None
    assert (again.service.fetched, again.kept.told) == ([], [])
