"""A gateway in between that changes what it passes on: nothing of it is stored, the cursor stays, and the claim is named."""

import json

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from adapters.errors import Busy, Malformed, Rejected, Unreachable
from canonical_schema.digest import canonical_bytes, sha256_hex
from gateway.store import adapters, mappings
from tests.gateway.federation.conftest import records


@pytest.fixture
def between(filled, opened, servers, peer):
    """between(page=…, payload=…) → a peer of a gateway whose answers go through these; the page is a dict, changed in place."""

    def make(page=None, payload=None, **more):
        url, key = opened(filled)

        def claims(request):
            found = httpx.get(
                f"{url}/v1/claims", params=request.query_params, headers=dict(request.headers), trust_env=False
            ).json()
            return Response(json.dumps(page(found) if page else found), media_type="application/json")

        def bytes_of(request):
            found = httpx.get(f"{url}{request.url.path}", headers=dict(request.headers), trust_env=False).content
            return Response(payload(found) if payload else found)

        routes = [Route("/v1/claims", claims), Route("/v1/payloads/{digest}", bytes_of)]
        return peer(servers.app(Starlette(routes=routes)), key, **more)

    return make


def changed(edit):
    """The page after `edit(page, its first claim)`."""

    def change(page):
        edit(page, page["claims"][0])
        return page

    return change


def rehashed(claim):
    claim["content_hash"] = sha256_hex(canonical_bytes(claim["content"]))


def another_name(_page, claim):
    claim["content"]["consignor"]["name"] = "丙化工厂"


def another_quantity(_page, claim):
    claim["content"]["wastes"][0]["quantity_t"] = "9"
    rehashed(claim)


def another_waste_without_its_origin(_page, claim):
    claim["content"]["wastes"][0]["quantity_t"] = -1
    rehashed(claim)


def an_unknown_field(_page, claim):
    claim["content"]["colour"] = "red"
    rehashed(claim)


def another_number_in_the_lineage(_page, claim):
    from base64 import b64decode, b64encode  # noqa: PLC0415

    told = b64decode(claim["remainder"]).replace("甲化工厂".encode(), "丙化工厂".encode())
    claim["remainder"] = b64encode(told).decode()


def set_to(**values):
    return lambda _page, claim: claim.update(values)


def page_set_to(**values):
    return lambda page, _claim: page.update(values)


def another_document(page, claim):
    page["exchanges"][claim["exchange"]]["documents"][0]["chain"] = ["text:utf-8", "xml"]


def no_template(page, claim):
    page["mappings"][claim["mapping_hash"]]["template"] = {"nonsense": 1}


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (another_name, "aa/manifests A-1: malformed: its content doesn't give its hash"),
        (another_waste_without_its_origin, "no claim of this standard: /wastes/0/quantity_t"),
        (an_unknown_field, "unknown field 'colour'"),
        (another_number_in_the_lineage, "its lineage doesn't hold: '丙化工厂' doesn't stand at /rows/0/from"),
        (set_to(document="d9"), "its lineage doesn't hold: there is no document d9"),
        (set_to(remainder="bm9uc2Vuc2U="), "its lineage doesn't hold"),
        (set_to(remainder="%"), "no such 'remainder'"),
        (set_to(kind="letter"), "there is no kind 'letter'"),
        (set_to(division="3"), "no such 'division'"),
        (set_to(adapter="../aa"), "no such 'adapter'"),
        (set_to(findings=[{"id": "M001"}]), "findings"),
        (set_to(mapping_hash="00"), "no such 'mapping_hash'"),
        (set_to(exchange="none"), "exchanges/none"),
        (another_document, "not well-formed XML"),
        (no_template, "its lineage doesn't hold"),
        (page_set_to(mappings={}), "mappings/"),
        (page_set_to(claims="none"), "no such 'claims'"),
        (page_set_to(more=True, next=""), "the cursor stays ''"),
    ],
)
def test_a_claim_that_was_changed_on_its_way(between, edit, words):
    south = between(page=changed(edit))
    with pytest.raises(Malformed) as told:
        south.pull()
    assert words in str(told.value)
    assert records(south.gateway) == []
    with south.gateway.database.read() as conn:
        assert adapters.cursor(conn, "north", "claims") is None


def test_a_claim_that_our_own_mapping_reads_otherwise(between, pack):
    """Another quantity with its right hash, and a lineage that leads to what is there: only the mapping itself can tell."""
    south = between(page=changed(another_quantity))
    assert south.pull().accepted == 4, "without the mapping it is that gateway's word"
    knowing = between(page=changed(another_quantity), name="knowing", packs=(pack,))
    with pytest.raises(Malformed, match="aa/manifests A-1: malformed: mapped here by the same version"):
        knowing.pull()
    assert records(knowing.gateway) == []
    assert between(name="sound", packs=(pack,)).pull().accepted == 4


def test_a_payload_that_was_changed_on_its_way(between):
    south = between(payload=lambda body: body.replace("甲".encode(), "丙".encode()))
    with pytest.raises(Malformed, match="its bytes have the hash"):
        south.pull()
    assert records(south.gateway) == []


def test_one_that_comes_wrong_once_is_asked_for_again(between):
    seen = []

    def once(body):
        seen.append(body)
        return body if len(seen) > 1 else body[:-1]

    south = between(payload=once)
    assert south.pull().accepted == 4
    assert len(records(south.gateway)) == 4


def test_what_is_sound_before_it_is_stored_and_not_asked_for_again(between, filled):
    """The second change is broken: the first stands, and when it is mended the run goes on behind it."""
    broken = [True]

    def second(page):
        for claim in page["claims"]:
            if claim["source_key"] == "B-7" and broken[0]:
                another_name(page, claim)
        return page

    south = between(page=second, size=1)
    with pytest.raises(Malformed, match="bb/manifests B-7"):
        south.pull()
    assert len(records(south.gateway)) == 2
    broken[0] = False
    counts = south.pull()
    assert (counts.accepted, counts.unchanged) == (2, 0)
    assert south.feed()[-1][2] == records(filled)[-1]["content_hash"]


def test_another_template_under_a_known_mapping_is_refused_and_ours_stays(between, filled):
    """Whoever tells of our own mapping version can't change what it says."""
    south = between()
    digest = filled.programs.program("aa", "manifests").hash
    with south.gateway.database.write() as conn:
        mappings.put(conn, digest, "aa", "manifests", "ours.yaml", "ours", {"ours": True})
    with pytest.raises(Malformed, match="known here with another template"):
        south.pull()
    assert records(south.gateway) == []


def test_a_mapping_of_ours_takes_the_place_of_what_was_told_of_it(between, filled):
    south = between()
    south.pull()
    program = filled.programs.program("aa", "manifests")
    with south.gateway.database.write() as conn:
        mappings.put(conn, program.hash, "aa", "manifests", "ours.yaml", "ours", {"ours": True})
        assert mappings.template(conn, program.hash) == {"ours": True}


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        (HTMLResponse("<html>请登录</html>"), Malformed, "line 1, column 1"),
        (Response('{"changes": []}'), Malformed, "no such 'claims'"),
        (Response("{}", 503, {"Retry-After": "60"}), Busy, "code 503"),
        (Response("{}", 404), Rejected, "code 404"),
        (Response("", 302, {"Location": "http://127.0.0.1:1/"}), Rejected, "redirect"),
    ],
)
def test_what_is_no_gateway(servers, peer, answer, kind, words):
    south = peer(servers.app(Starlette(routes=[Route("/v1/claims", lambda _: answer)])), "key")
    with pytest.raises(kind) as told:
        south.pull()
    assert str(told.value).startswith("north/claims: http://127.0.0.1:")
    assert words in str(told.value)


def test_a_gateway_that_is_down(peer):
    with pytest.raises(Unreachable):
        peer("http://127.0.0.1:9", "key").pull()
