"""A WSDL as zeep understands it, from bytes that we hold. Synchronous and slow to make: once, in a thread."""

import io
from typing import Any, NoReturn

import zeep
from lxml import etree
from zeep.exceptions import Error as ZeepError

from adapters.address import place_of
from adapters.errors import Misconfigured
from canonical_schema.problem import nearest

# zeep checks little before it reads: an odd WSDL ends in any of these
ODD = (ZeepError, etree.LxmlError, ValueError, AttributeError, LookupError, TypeError, AssertionError)


class _Closed:
    """Stands where zeep expects a transport, and fetches nothing."""

    def load(self, url: str) -> NoReturn:
        raise Misconfigured(f"the WSDL asks for {place_of(url)}, which isn't fetched (WSDL 引用了外部文件)")


class Wsdl:
    """One service's operations."""

    def __init__(self, body: bytes, url: str, port: str | None = None) -> None:
        """Raises Misconfigured where it can't be understood."""
        self._where = place_of(url)
        # both are off by default: a WSDL may then make its reader fetch whatever it names
        settings = zeep.Settings(forbid_dtd=True, forbid_external=True)
        try:
            client = zeep.Client(io.BytesIO(body), transport=_Closed(), port_name=port, settings=settings)  # type: ignore[no-untyped-call]
            binding = client.service._binding  # noqa: SLF001 - zeep shows it in no other way
            self._takes = {name: _parts(binding.get(name)) for name in binding.all()}
        except ODD as error:
            told = " ".join(str(error).split())[:300] or type(error).__name__
            raise Misconfigured(f"the WSDL can't be understood: {told} (WSDL 无法识别)", where=self._where) from None
        self._client = client
        self._binding: Any = binding

    @property
    def operations(self) -> tuple[str, ...]:
        return tuple(sorted(self._takes))

    def check(self, operation: str, arguments: int) -> None:
        """Raises Misconfigured naming the operations there are, or the arguments that this one takes."""
        if operation not in self.operations:
            meant = nearest(operation, self.operations)
            guess = f"; did you mean {meant!r}?" if meant else ""
            known = ", ".join(self.operations)
            raise Misconfigured(
                f"no operation {operation!r}{guess} There are {known} (WSDL 中没有此操作)", where=self._where
            )
        parts = self._takes[operation]
        if len(parts) != arguments:
            takes = f"{operation}({', '.join(parts)})"
            raise Misconfigured(
                f"{takes} takes {len(parts)} arguments, the adapter file gives {arguments} (参数个数不符)",
                where=self._where,
            )

    def message(self, operation: str, arguments: list[str]) -> tuple[bytes, dict[str, str]]:
        """(envelope, headers) of a request. Raises Misconfigured for arguments that the WSDL doesn't allow."""
        try:
            envelope, headers = self._binding._create(operation, arguments, {}, client=self._client)  # noqa: SLF001 - the public way drops the headers
        except ODD as error:
            raise Misconfigured(f"{operation}: {error} (参数不符合 WSDL)", where=self._where) from None
        return etree.tostring(envelope, xml_declaration=True, encoding="UTF-8"), dict(headers)


def _parts(operation: Any) -> tuple[str, ...]:
    """What an operation takes, in order."""
    body = operation.input.body
    return tuple(name for name, _ in body.type.elements) if body is not None else ()
