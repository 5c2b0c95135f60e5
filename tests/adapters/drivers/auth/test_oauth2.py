"""OAuth2 client credentials against a token endpoint that asks as RFC 6749 says."""

from base64 import b64decode
from urllib.parse import parse_qsl, unquote_plus

import pytest
from starlette.responses import JSONResponse, Response

from adapters.errors import Busy, Denied, Malformed, Misconfigured, Rejected

CLIENT, SECRET = "gw:32", "s3 cr+t/€"
AUTH = """auth:
  oauth2:
    token_url: /oauth/token
    client: ${YY_CLIENT}
    secret: ${YY_SECRET}
"""


def environment(url):
    return {"YY_URL": url, "YY_CLIENT": CLIENT, "YY_SECRET": SECRET}


def shown_to(asked):
    """(client, secret, how) of a token request."""
    form = dict(parse_qsl(asked.body.decode()))
    kind, _, packed = asked.headers.get("authorization", "").partition(" ")
    if kind == "Basic":
        client, _, secret = b64decode(packed).decode().partition(":")
        return unquote_plus(client), unquote_plus(secret), "client_secret_basic"
    return form.get("client_id"), form.get("client_secret"), "client_secret_post"


def system(method="client_secret_basic", said=None, refused=(), **lives):
    given = []

    def judge(asked):
        if asked.path == "/oauth/token":
            if said is not None:
                return said
            if shown_to(asked) != (CLIENT, SECRET, method):
                return JSONResponse({"error": "invalid_client", "error_description": f"not {SECRET}"}, 401)
            given.append(f"access-{len(given) + 1}")
            return JSONResponse({"access_token": given[-1], "token_type": "bearer", **lives})
        shown = asked.headers.get("authorization", "")
        return None if shown == f"Bearer {given[-1]}" and shown[7:] not in refused else Response("expired", 401)

    return judge


@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post"])
def test_a_token_for_the_clients_own_credentials(declared, province, pull, method):
    made, url = province(system(method))
    more = "    scope: manifests.read places\n    form: {audience: province}\n"
    pulled = pull(declared(f"{AUTH}    method: {method}\n{more}"), environment(url))
    assert pulled.error is None
    (asked,) = made.calls("/oauth/token")
    assert asked.method == "POST"
    assert asked.headers["content-type"] == "application/x-www-form-urlencoded"
    own = {"client_id": CLIENT, "client_secret": SECRET} if method == "client_secret_post" else {}
    assert dict(parse_qsl(asked.body.decode())) == {
        "grant_type": "client_credentials",
        "scope": "manifests.read places",
        "audience": "province",
        **own,
    }


def test_the_other_method_is_not_tried(declared, province, pull):
    made, url = province(system("client_secret_post"))
    pulled = pull(declared(AUTH), environment(url))
    assert (type(pulled.error), pulled.error.code) == (Denied, "invalid_client")
    assert f"{url}/oauth/token" in str(pulled.error)
    assert SECRET not in str(pulled.error)
    assert len(made.seen) == 1


def test_a_token_may_be_shown_elsewhere(declared, province, pull):
    made, url = province(lambda asked: system()(asked) if asked.path == "/oauth/token" else None)
    pulled = pull(declared(AUTH + '  query: {access_token: "{token}"}'), environment(url))
    assert pulled.error is None
    (asked,) = made.calls("/list")
    assert asked.query["access_token"] == "access-1"
    assert "authorization" not in asked.headers


def test_a_token_that_is_refused_is_renewed_once(declared, province, pull):
    made, url = province(system(refused={"access-1"}, expires_in=3600))
    assert pull(declared(AUTH), environment(url)).error is None
    assert [one.path for one in made.seen] == ["/oauth/token", "/list"] * 2


@pytest.mark.parametrize(
    ("said", "kind", "words"),
    [
        (JSONResponse({"error": "invalid_scope"}, 400), Rejected, "code invalid_scope"),
        (JSONResponse({"error": "unauthorized_client"}, 400), Denied, "code unauthorized_client"),
        (JSONResponse({"error": "temporarily_unavailable"}, 400), Busy, "temporarily_unavailable"),
        (Response("<h1>bad gateway</h1>", 502), Busy, "code 502"),
        (Response("who?", 401), Denied, "code 401: who?"),
        (JSONResponse({"message": "gone"}, 404), Rejected, "code 404"),
        (Response("<html>", 200), Malformed, "line 1, column 1"),
        (JSONResponse({"token": "x"}), Malformed, "no access_token"),
        (JSONResponse({"access_token": "x", "token_type": "mac"}), Malformed, "of type 'mac'"),
        (JSONResponse({"access_token": "x", "expires_in": "soon"}), Malformed, "/expires_in is no moment"),
    ],
)
def test_what_a_token_endpoint_can_say(declared, province, pull, said, kind, words):
    _, url = province(system(said=said))
    pulled = pull(declared(AUTH + "limits: {tries: 1}"), environment(url))
    assert isinstance(pulled.error, kind)
    assert words in str(pulled.error)
    assert f"{url}/oauth/token" in str(pulled.error)


def test_an_endpoint_elsewhere_is_called_only_when_its_host_is_named(declared, province, pull):
    made, url = province(system())
    port = url.rpartition(":")[2]
    auth = AUTH.replace("/oauth/token", f"http://localhost:{port}/oauth/token")
    refused = pull(declared(auth), environment(url))
    assert isinstance(refused.error, Misconfigured)
    assert "host 'localhost' isn't among base_url and hosts" in str(refused.error)
    assert made.seen == []
    assert pull(declared(auth + "hosts: [localhost]"), environment(url)).error is None


def test_a_look_tells_the_token_endpoint_from_the_page(declared, province, probe):
    _, url = province(system())
    well = probe(declared(AUTH), environment(url))
    assert (well.error, well.rows) == (None, 1)
    assert well.answered <= well.signed_in <= well.read
    wrong = probe(declared(AUTH), {**environment(url), "YY_SECRET": "another"})
    assert isinstance(wrong.error, Denied)
    assert (wrong.signing_in, wrong.signed_in, "another" in str(wrong.error)) == (True, None, False)
