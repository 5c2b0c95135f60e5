"""Handing a record over by a call: asked first whether it is held already, sent once, and the answer judged.

Nothing is sent a second time here: whether a lost answer meant yes, only the target knows.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

from adapters.auth.flow import Reply
from adapters.decode.places import value_at
from adapters.decode.web_page import WebPage
from adapters.drivers.connected import Connected
from adapters.drivers.seen import Seen
from adapters.errors import AdapterError, Misconfigured, Rejected
from adapters.protocol.answer import told_by
from adapters.protocol.paging import Ask
from adapters.sending import Outgoing, Receipt, slots_of
from adapters.spec import AnswerSpec, DatasetSpec, HeldSpec, RequestSpec, SendSpec
from adapters.transport import patiently

NO_PAGE = Ask(1, 1, "")
LONGEST_WORDS = 300


class Delivering(Connected):
    """A driver that asks over a network and can also send."""

    async def deliver(self, dataset: str, outgoing: Outgoing, *, again: bool) -> Receipt:
        spec = self.dataset(dataset)
        try:
            if spec.send is None or spec.send.request is None:
                raise Misconfigured("the adapter file doesn't say how it is sent there: 'send' (未声明如何发送)")
            filled = slots_of(outgoing, spec.send.fields, spec.send.request.charset)
            await self._prepare(dataset)
            held = spec.send.held
            if again and held is not None and held.request is not None:
                receipt = await self._asked(spec, spec.send, held, held.request, filled)
                if receipt is not None:
                    return receipt
            return await self._sent(spec, spec.send, spec.send.request, filled)
        except AdapterError as error:
            raise self._told(error, dataset) from None

    async def _sent(
        self, spec: DatasetSpec, send: SendSpec, request: RequestSpec, filled: Mapping[str, Any]
    ) -> Receipt:
        own = _speaking(spec, request, send.decode, send.answer)
        seen = Seen(own, NO_PAGE, filled, sends=True)
        try:
            await self._run(seen)
        except AdapterError as error:
            # a login that fails in between has its own codes: they tell nothing of the record
            told = send.held is not None and seen.failure is error and error.code in send.held.codes
            if told and seen.reply is not None:
                return Receipt(seen.reply.status, already_held=True, words=self._shortened(error.words))
            raise
        receipt = self._receipt(seen, already_held=False)
        if seen.reply is not None and seen.reply.body.strip() and not seen.trees:
            # a code for "there is nothing", which a question may be answered with, is no yes to what was sent
            words = "it answers that there is nothing: that takes no record (对方答复无数据, 未接收)"
            raise Rejected(words, where=seen.where)
        return receipt

    def web_page(self, title: str, seen: Seen) -> WebPage:
        words = f"an HTML page came instead of data: {self._revealed.hide(title)} (返回的是网页, 不是数据)"
        return WebPage(words, where=seen.where, line=1, column=1)

    @staticmethod
    def silent(seen: Seen, reply: Reply, answer: AnswerSpec) -> bool:
        """Whether what was sent is taken without a word, as SOAP's one-way operations and many a 204 do."""
        taken = 200 <= reply.status < 300 and not reply.body.strip()
        return seen.sends and taken and answer.code is None and answer.short_code is None

    async def _asked(
        self, spec: DatasetSpec, send: SendSpec, held: HeldSpec, request: RequestSpec, filled: Mapping[str, Any]
    ) -> Receipt | None:
        """What the target says it holds; None where that isn't this version."""
        own = _speaking(spec, request, held.decode or send.decode, held.answer or send.answer)
        answer, seen = self.spec.answer_of(own), Seen(own, NO_PAGE, filled, sends=True)
        try:
            await patiently(self.limits, partial(self._run, seen))
        except AdapterError as error:
            if (seen.reply is not None and seen.reply.status in answer.empty_status) or error.code in answer.empty:
                return None
            raise
        receipt = self._receipt(seen, already_held=True)
        told = {
            place: next((v for tree in seen.trees if (v := value_at(tree, place)) is not None), None)
            for place in held.same
        }
        alike = all(str(told[place]) == str(filled[slot]) for place, slot in held.same.items())
        return receipt if seen.trees and alike else None

    def _receipt(self, seen: Seen, *, already_held: bool) -> Receipt:
        if seen.page.broken is not None:
            raise seen.page.broken
        assert seen.reply is not None
        words = told_by(self.spec.answer_of(seen.dataset), *seen.trees)[1] if seen.trees else ""
        return Receipt(seen.reply.status, already_held, self._shortened(words))

    def _shortened(self, words: str) -> str:
        return self._revealed.hide(words)[:LONGEST_WORDS]


def _speaking(spec: DatasetSpec, request: RequestSpec, decode: Any, answer: Any) -> DatasetSpec:
    """The dataset as it speaks when something is handed over."""
    told = {"request": request, "detail": None, "spread": False, "decode": decode, "answer": answer}
    return spec.model_copy(
        update={part: one for part, one in told.items() if part in {"request", "detail", "spread"} or one}
    )
