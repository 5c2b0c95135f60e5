"""What paging, cursor and decoding of a dataset that is pulled demand of each other."""

from adapters.decode.chain import check_chain, meant_step
from adapters.fault import Fault, Faults, zone_fault
from adapters.protocol import moments
from adapters.protocol.template import PAGE_SLOTS, SLOTS
from adapters.spec import AnswerSpec, CursorSpec, DatasetSpec, PagingSpec, RequestSpec

BY_VALUE = ("keyset", "window")
"""Kinds that can't do without a cursor."""
OF_KIND = {"id": ("keyset",), "next": ("token", "link"), "more": ("token", "link"), "keep": ("token",)}
"""Keys of `paging` that only some kinds have."""


def of_reading(dataset: DatasetSpec) -> Faults:
    paging, cursor = dataset.paging, dataset.cursor
    for key in ("request", "paging"):
        if getattr(dataset, key) is None:
            yield Fault((), f"needs '{key}' (缺少此项)")
    if cursor is None and (paging is None or paging.kind in BY_VALUE):
        yield Fault((), "needs 'cursor' (缺少此项)")
    if cursor is not None:
        yield from _cursor(cursor)
    if paging is None:
        return
    if paging.rows is None and dataset.decode[-1:] == ("xml",):
        yield Fault(("paging",), "rows in XML need 'rows', where they stand (缺少此项)")
    for fault in _paging(paging):
        yield fault.inside(("paging",))
    if cursor is not None:
        yield from _both(paging, cursor)
    if dataset.request is not None:
        yield from _asked(paging, cursor, dataset.request)


def of_detail(dataset: DatasetSpec) -> Faults:
    """What the second call demands; its request is for the caller to look at, who knows the driver."""
    detail = dataset.detail
    if detail is None:
        return
    if dataset.spread:
        yield Fault((), "'spread' and 'detail' don't go together (不能同时使用)")
    if not detail.row:
        yield Fault(("row",), "at least one place in a row is needed, which the detail is asked by (至少一项)")
    for slot in detail.row:
        if slot in SLOTS and slot not in PAGE_SLOTS:
            yield Fault(("row", slot), f"{{{slot}}} is filled already: let it have another name (占位符重名)")
    if detail.decode is not None and (wrong := check_chain(detail.decode)):
        yield Fault(("decode",), wrong, meant_step(detail.decode))
    if detail.answer is not None:
        for fault in of_answer(detail.answer):
            yield fault.inside(("answer",))


def of_answer(answer: AnswerSpec) -> Faults:
    if (answer.code is None) != (answer.success is None):
        words = "'code' (where it stands) and 'success' (what it is when all is well) go together (两项须同时给出)"
        yield Fault((), words)


def _paging(paging: PagingSpec) -> Faults:
    for key, kinds in OF_KIND.items():
        if getattr(paging, key) and paging.kind not in kinds:
            yield Fault((key,), f"'{key}' belongs to paging by {' or '.join(kinds)} (此翻页方式没有这一项)")
    if paging.kind == "token" and paging.next is None:
        yield Fault((), "paging by token needs 'next', where the answer tells the next one (缺少此项)")
    if paging.kind == "pages" and paging.first is not None and not (paging.first.isascii() and paging.first.isdigit()):
        yield Fault(("first",), "the number of the first page is needed here, such as 0 or 1 (应为首页页码)")


def _both(paging: PagingSpec, cursor: CursorSpec) -> Faults:
    if paging.kind == "keyset" and cursor.row is None:
        yield Fault(("cursor",), "paging by keyset needs cursor 'row', the place of the value in a row (缺少此项)")
    if paging.kind == "window" and paging.total is None:
        words = "paging by window needs 'total', where the answer says how many rows there are: else pages are missed (缺少此项)"
        yield Fault(("paging",), words)
    if paging.kind == "window" and cursor.window is None:
        yield Fault(("cursor",), "paging by window needs cursor 'window', such as 30d (缺少此项)")
    if paging.kind == "keyset" and cursor.window is not None:
        yield Fault(("cursor", "window"), "paging by keyset has no windows (此翻页方式没有时间窗)")
    if paging.keep:
        yield Fault(("cursor",), "a feed's cursor is its token: with 'keep' there is no other (此时不需要 cursor)")


def _asked(paging: PagingSpec, cursor: CursorSpec | None, request: RequestSpec) -> Faults:
    """What must be in the request for the run to get on; else page 1 would come for ever."""
    asked = request.model_dump_json()
    wanted = {
        "pages": ("page", "offset"),
        "token": ("next",),
        "keyset": ("id",) if paging.id else (),
    }.get(paging.kind, ())
    if wanted and not any(f"{{{slot}}}" in asked for slot in wanted):
        told = " or ".join(f"{{{slot}}}" for slot in wanted)
        yield Fault(("request",), f"paging by {paging.kind} needs {told} in the request (请求中缺少占位符)")
    if cursor is None:
        for slot in ("from", "to"):
            if f"{{{slot}}}" in asked:
                yield Fault(("request",), f"{{{slot}}} needs a 'cursor' (占位符需要 cursor)")
    elif cursor.window is not None and "{to}" not in asked:
        yield Fault(("request",), "a cursor with 'window' needs {to} in the request (时间窗需要 {to})")


def _cursor(cursor: CursorSpec) -> Faults:
    if unknown := list(zone_fault(("cursor", "zone"), cursor.zone)):
        yield from unknown
        return
    if wrong := moments.format_fault(cursor.format):
        yield Fault(("cursor", "format"), wrong)
    elif not moments.fits(cursor.start, cursor.format):
        words = f"{cursor.start!r} isn't a date written as {cursor.format} (与 format 不符)"
        yield Fault(("cursor", "start"), words)
    elif cursor.window is not None and _stands_still(cursor, cursor.window):
        words = f"a window must reach beyond what {cursor.format} can tell apart (窗口短于 format 的最小单位)"
        yield Fault(("cursor", "window"), words)


def _stands_still(cursor: CursorSpec, window: int) -> bool:
    return moments.moved(cursor.start, window, cursor.format, cursor.zone) <= cursor.start
