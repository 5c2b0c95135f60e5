"""What must be so in the SOAP parts of an adapter file, besides their shape."""

from collections.abc import Iterator
from pathlib import Path

from adapters.auth.demands import named_secret
from adapters.decode.xpath import xpath_fault
from adapters.fault import Fault, Faults, Place, unfilled
from adapters.protocol.template import texts_in
from adapters.spec import AdapterSpec, AnswerSpec, RequestSpec, SoapSpec


def of_soap(spec: AdapterSpec, path: Path) -> Faults:
    if spec.soap is not None:
        for fault in _service(spec.soap, path):
            yield fault.inside(("soap",))
    for place, answer in _answers(spec):
        for key in ("fault_code", "fault_words"):
            declared = getattr(answer, key)
            if declared and (wrong := xpath_fault(declared)):
                yield Fault((*place, key), wrong)


def of_request(request: RequestSpec, slots: tuple[str, ...]) -> Faults:
    """`slots`: what is filled into it."""
    for place, text in texts_in(request.arguments, ("arguments",)):
        for fault in unfilled((), {"": text}, slots):
            yield fault._replace(place=place)
    yield from unfilled((), {"header": request.header or ""}, slots)


def _service(soap: SoapSpec, path: Path) -> Faults:
    if not soap.wsdl.startswith(("/", "http://", "https://")) and not _beside(soap.wsdl, path):
        words = f"no path that begins with /, no URL, and there is no file {soap.wsdl} beside this one (没有这个文件)"
        yield Fault(("wsdl",), words)
    security = soap.security
    if security is None:
        return
    yield from named_secret(("security", "password"), security.password)
    if security.kind == "digest" and not (security.nonce or security.created):
        words = "a digest of the password alone is as good as the password: 'nonce' or 'created' must go into it"
        yield Fault(("security",), f"{words} (摘要须含随机数或时间)")


def _answers(spec: AdapterSpec) -> Iterator[tuple[Place, AnswerSpec]]:
    yield ("answer",), spec.answer
    for name, dataset in spec.datasets.items():
        if dataset.answer is not None:
            yield ("datasets", name, "answer"), dataset.answer


def _beside(name: str, path: Path) -> bool:
    """Whether it is a file in the adapter file's folder or below: the driver reads no other."""
    folder = path.parent.resolve()
    file = (folder / name).resolve()
    return file.is_relative_to(folder) and file.is_file()
