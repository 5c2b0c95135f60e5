"""One record handed over to a system in its own form: written by the outward mapping, sent by the driver."""

from typing import Any

import orjson

from adapters.driver import Driver
from adapters.sending import Outgoing, Receipt
from gateway.domain.key import idempotency_key
from gateway.errors import NotWritable, UsedWrongly
from mappings.errors import RecordRefused
from mappings.outward import Outward


def outgoing(outward: Outward, envelope: bytes, target: str) -> Outgoing:
    """The record as the system writes it. UsedWrongly for a record of another kind, NotWritable where it lacks what the
    system needs, or hides it."""
    record: dict[str, Any] = orjson.loads(envelope)
    if record["kind"] != outward.kind:
        raise UsedWrongly(
            f"记录的种类是 {record['kind']}, 此映射写出的是 {outward.kind}",
            f"the record is of the kind {record['kind']}, and this mapping writes {outward.kind}",
        )
    try:
        sent = outward.run(record)
    except RecordRefused as error:
        raise NotWritable("; ".join(error.reasons)) from None
    kind, record_id, version = record["kind"], record["record_id"], record["version"]
    key = idempotency_key(target, kind, record_id, version, record["content_hash"])
    return Outgoing(kind, record_id, version, key, sent.text, sent.values)


async def hand_over(driver: Driver, dataset: str, what: Outgoing) -> Receipt:
    """Asked first whether it is there already: nobody knows who sent it before. Raises AdapterError."""
    try:
        return await driver.deliver(dataset, what, again=True)
    finally:
        await driver.aclose()
