"""Driver `rest`: JSON over HTTP, paged, with a token or without."""

import json
from datetime import datetime
from typing import Any

from adapters.address import place_of
from adapters.auth.expiry import good_until
from adapters.auth.flow import Call, Reply
from adapters.decode import decode
from adapters.decode.json_text import parse_json
from adapters.decode.pointer import point
from adapters.decode.text import decode_text
from adapters.drivers.connected import Connected, Seen, refuse
from adapters.errors import Malformed
from adapters.protocol.answer import business_failure
from adapters.protocol.paging import Page
from adapters.protocol.template import Values, asked, fill, fill_all, fill_json, page_values
from adapters.spec import AnswerSpec, RequestSpec


class RestDriver(Connected):
    """Each page is one call; each call is judged by HTTP's status, then by the code that the answer itself carries."""

    def make(self, seen: Seen, token: str) -> Call:
        assert seen.dataset.request is not None
        values = {**page_values(seen.ask), "token": token}
        return self._call(seen.dataset.request, values)

    def look(self, seen: Seen, reply: Reply) -> None:
        self.refuse_status(reply, seen.where)
        answer = self.spec.answer_of(seen.dataset)
        outer = self._outer(seen, reply.body, answer)
        refuse(business_failure(answer, outer) if outer is not None else None, seen.where)
        tree = self.tree(seen, reply.body)
        if tree is None:
            return
        try:
            refuse(business_failure(answer, tree) if outer is None else None, seen.where)
            seen.page = self.rows(seen, tree)
        except Malformed as error:
            error.where = error.where or seen.where
            seen.page = Page(broken=error)

    def _outer(self, seen: Seen, body: bytes, answer: AnswerSpec) -> Any:
        """The tree around the rows' own document, if the code stands there; None if not. A refusal has no rows inside."""
        chain = seen.dataset.decode
        ends = next((at for at, step in enumerate(chain) if step == "json"), len(chain))
        if answer.code is None or ends >= len(chain) - 1:
            return None
        decoded = decode(body, chain[: ends + 1], self.limits)
        tree = decoded.documents[0].tree if decoded.documents else None
        return tree if point(tree, answer.code) is not None else None

    def login(self) -> Call:
        assert self.spec.auth.login is not None
        return self._call(self.spec.auth.login, {})

    def token(self, reply: Reply) -> str:
        where = self._login_place()
        self.refuse_status(reply, where)
        try:
            tree: Any = parse_json(decode_text(reply.body, "utf-8")[0], self.limits)
            refuse(business_failure(self.spec.answer, tree), where)
            found = point(tree, self.spec.auth.token or "")
        except Malformed as error:
            error.where = where
            raise
        if not isinstance(found, str) or not found:
            raise Malformed(f"no token at {self.spec.auth.token} (应答中没有令牌)", where=where)
        return found

    def expires(self, reply: Reply) -> datetime | None:
        if self.spec.auth.expires is None:
            return super().expires(reply)
        try:
            tree = parse_json(decode_text(reply.body, "utf-8")[0], self.limits)
            return good_until(self.spec.auth.expires, tree, self.now())
        except Malformed as error:
            error.where = self._login_place()
            raise

    def _login_place(self) -> str:
        assert self.spec.auth.login is not None
        return place_of(self.base_url() + str(self.spec.auth.login.path))

    def _call(self, request: RequestSpec, values: Values) -> Call:
        headers = {"Accept": "application/json", **fill_all(request.headers, values, self.reveal)}
        body = b""
        if request.body:
            headers["Content-Type"] = "application/json; charset=utf-8"
            body = json.dumps(fill_json(request.body, values, self.reveal), ensure_ascii=False).encode()
        return Call(
            request.method,
            self.base_url() + fill(request.path or "/", values, self.reveal),
            headers,
            fill_all(request.query, values, self.reveal),
            body,
            asked(request, values),
        )
