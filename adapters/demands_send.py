"""What handing records over demands of an adapter file; its requests are for the caller to look at, who knows the driver."""

from collections.abc import Callable, Iterable

from adapters.decode import check_chain
from adapters.decode.text import known_charset
from adapters.drop.demands import is_beside
from adapters.fault import Fault, Faults, unfilled
from adapters.protocol.demands import of_answer
from adapters.sending import DOCUMENT_SLOTS, OWN_SLOTS
from adapters.spec import DriverName, HeldSpec, RequestSpec, SendSpec, SentFileSpec

CALLING = (DriverName.REST, DriverName.SOAP)
OfRequest = Callable[[RequestSpec, tuple[str, ...]], Faults]


def of_send(send: SendSpec, driver: DriverName, of_request: OfRequest) -> Faults:
    if driver not in (*CALLING, DriverName.XML_DROP):
        yield Fault((), f"driver {driver} hands nothing over (该驱动不支持发送)")
        return
    yield from _fields(send)
    own = (*OWN_SLOTS, *send.fields)
    if driver in CALLING:
        yield from _call(send, of_request, own)
    else:
        yield from _dropped(send, own)


def _fields(send: SendSpec) -> Faults:
    for name in send.fields:
        if name in {*OWN_SLOTS, *DOCUMENT_SLOTS, "token", "time", "nonce", "name"}:
            yield Fault(("fields", name), f"{{{name}}} is filled already: let it have another name (占位符重名)")


def _call(send: SendSpec, of_request: OfRequest, own: tuple[str, ...]) -> Faults:
    if send.file is not None:
        yield Fault(("file",), "a file is handed over by driver xml_drop (仅 xml_drop 支持)")
    if send.request is None:
        yield Fault((), "needs 'request', the call that hands a record over (缺少此项)")
    else:
        yield from _inside(("request",), of_request(send.request, (*own, *DOCUMENT_SLOTS)))
    yield from _spoken(send)
    if send.held is None:
        words = "needs 'held': how it is known that a record is there already when an answer was lost (缺少此项)"
        yield Fault((), words)
    else:
        yield from _inside(("held",), _held(send.held, of_request, own))


def _held(held: HeldSpec, of_request: OfRequest, own: tuple[str, ...]) -> Faults:
    if not (held.repeatable or held.codes or held.request):
        yield Fault((), "one of 'repeatable', 'codes' and 'request' says it (须给出其一)")
    yield from _spoken(held)
    if held.request is not None:
        yield from _inside(("request",), of_request(held.request, own))
    elif held.same or held.decode or held.answer:
        yield Fault((), "'same', 'decode' and 'answer' go with a 'request' (须与 request 同用)")
    for place, slot in held.same.items():
        if slot not in own:
            there = ", ".join(own)
            yield Fault(("same", place), f"there is no {slot!r} to compare with; there are {there} (没有这个占位符)")


def _spoken(part: SendSpec | HeldSpec) -> Faults:
    if part.decode is not None and (wrong := check_chain(part.decode)):
        yield Fault(("decode",), wrong)
    if part.answer is not None:
        yield from _inside(("answer",), of_answer(part.answer))


def _dropped(send: SendSpec, own: tuple[str, ...]) -> Faults:
    for key in ("request", "held", "answer", "decode"):
        if getattr(send, key) is not None:
            yield Fault((key,), f"'{key}' is for systems that are called: a file says itself that it's there (不适用)")
    if send.file is None:
        yield Fault((), "needs 'file', what is dropped and where (缺少此项)")
    else:
        yield from _inside(("file",), _file(send.file, own))


def _file(file: SentFileSpec, own: tuple[str, ...]) -> Faults:
    if not is_beside(file.folder):
        yield Fault(("folder",), "a folder beside the files that are read is needed here, such as in (应为相对目录)")
    yield from unfilled((), {"name": file.name, "member": file.member or ""}, own)
    yield from unfilled((), {"marker": file.marker or ""}, (*own, "name"))
    if "{version}" not in file.name and "{key}" not in file.name:
        words = (
            "{version} or {key} must be in the name: two versions of a record would have one name (文件名须能区分版本)"
        )
        yield Fault(("name",), words)
    if file.member is not None and file.pack != "zip":
        yield Fault(("member",), "'member' goes with 'pack: zip' (须与 pack: zip 同用)")
    if not known_charset(file.charset):
        yield Fault(("charset",), f"{file.charset!r} is no known charset (未知字符集)")


def _inside(place: tuple[str, ...], faults: Iterable[Fault]) -> Faults:
    return (one.inside(place) for one in faults)
