"""Details of a page's rows, asked for side by side: what one row's failure does to the others, and to the run.

A row that the system refuses, or whose detail can't be read, is kept in quarantine. One that can't be had now is left to the next
run, which the run's end tells. In both cases the cursor stays before the page. Where no row at all can be had now,
the system is down, and the page with it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from adapters.decode.web_page import WebPage
from adapters.errors import AdapterError, Denied, Misconfigured
from adapters.limits import Limits
from adapters.protocol.details import Detail, as_bytes, too_large

Ask = Callable[[Any], Awaitable[bytes]]


async def details_of(
    rows: Sequence[Any], names: Sequence[str], ask: Ask, concurrency: int, limits: Limits
) -> tuple[list[Detail], AdapterError | None]:
    """(details in the rows' order, why some are left to the next run). Raises AdapterError where none can be had, or all
    together are more than is taken at once."""
    room, size = asyncio.Semaphore(concurrency), 0

    async def one(row: Any, name: str) -> Detail:
        nonlocal size
        async with room:
            try:
                body = await ask(row)
            except (Denied, Misconfigured):
                raise
            except AdapterError as error:
                return Detail(name, as_bytes(row), error)
            size += len(body)  # counted as they come: afterwards they would all be in memory
            if size > limits.unpacked:
                raise too_large(len(rows), size)
            return Detail(name, body)

    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one(row, name)) for row, name in zip(rows, names, strict=True)]
    except* AdapterError as errors:
        raise errors.exceptions[0] from None
    found = [task.result() for task in tasks]
    later = next((detail.failure for detail in found if _later(detail)), None)
    if later is not None and all(detail.failure for detail in found):
        raise later
    return [detail for detail in found if not _later(detail)], later


def _later(detail: Detail) -> bool:
    return detail.failure is not None and (detail.failure.retryable or isinstance(detail.failure, WebPage))
