"""What `auth` declares goes with SOAP calls, too: the WSDL's, the login's, each page's."""

import hashlib
import json
from base64 import b64encode

from lxml import etree

from adapters.errors import Denied
from contract_tests.mocks import tj
from contract_tests.mocks.servers import application
from contract_tests.world import World

KEY = "sign-key-41d7"
MORE = """auth:
  basic: {user: gateway, password: "${YY_KEY}"}
  send: {X-Time: "{time}"}
  sign: {qm: ["text:{time}${YY_KEY}", sm3, HEX]}
"""


class Guard:
    """Lets through to the mock what is signed well; answers 403 to all else."""

    def __init__(self, inner):
        self.inner, self.let, self.refused = inner, [], []

    async def __call__(self, scope, receive, send):
        message = await receive()
        assert not message.get("more_body")
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        good = self._good(scope["method"], headers, message["body"])
        (self.let if good else self.refused).append(scope["method"])
        if good:
            waiting = [message]

            async def again():
                return waiting.pop() if waiting else await receive()

            await self.inner(scope, again, send)
            return
        await send({"type": "http.response.start", "status": 403, "headers": []})
        await send({"type": "http.response.body", "body": b"who are you?"})

    def _good(self, method, headers, body):
        if headers.get("authorization") != "Basic " + b64encode(f"gateway:{KEY}".encode()).decode():
            return False
        if method == "GET" or b"getLdxx" not in body:
            return True
        (argument,) = (one.text for one in etree.fromstring(body).iter() if (one.text or "").startswith("{"))
        shown = json.loads(argument)["qm"]
        return shown == hashlib.new("sm3", f"{headers['x-time']}{KEY}".encode()).hexdigest().upper()


def run(servers, own, pull, tmp_path, key):
    mock = tj.make(World(5, 20), tmp_path)
    guard = Guard(application(mock))
    environment = {**mock.environment(servers.app(guard)), "YY_KEY": key}
    spec = own(
        "tj",
        tmp_path,
        text=[("auth:\n", MORE), ('        rows: "{size}"', '        rows: "{size}"\n        qm: "{qm}"')],
    )
    return guard, pull(spec, environment)


def test_basic_and_a_signature_inside_the_json_of_an_argument(servers, own, pull, tmp_path):
    guard, pulled = run(servers, own, pull, tmp_path, KEY)
    assert (pulled.error, pulled.damaged, guard.refused) == (None, [], [])
    assert guard.let.count("GET") == 1
    assert sum(len(tree["rows"]) for tree in pulled.trees()) >= 20


def test_another_key_is_denied(servers, own, pull, tmp_path):
    guard, pulled = run(servers, own, pull, tmp_path, "another-key")
    assert isinstance(pulled.error, Denied)
    assert (guard.let, guard.refused) == ([], ["GET"])
