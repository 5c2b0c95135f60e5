"""Where the `soap` driver has its WSDL from: kept from an earlier run, asked for anew, or a file beside the adapter file."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from urllib.parse import urlsplit

from adapters.description import Description, Descriptions
from adapters.drivers.connected import Clock
from adapters.errors import AdapterError, Misconfigured
from adapters.soap.gather import Bundle, gather
from adapters.soap.kept import bundle_of, described
from adapters.soap.wsdl import Choice, Wsdl
from adapters.spec import SoapSpec

Fits = Callable[[Wsdl], None]


class WsdlSource:
    """`base` is base_url without user and password; `load` gives the bytes of one URL and raises AdapterError; `hide`
    takes secrets out of what is told."""

    def __init__(
        self,
        soap: SoapSpec,
        base: str,
        load: Callable[[str], Awaitable[bytes]],
        most_bytes: int,
        descriptions: Descriptions,
        clock: Clock,
        hide: Callable[[str], str],
    ) -> None:
        self._soap, self._base, self._load, self._most_bytes = soap, base, load, most_bytes
        self._descriptions, self._clock, self._hide = descriptions, clock, hide
        self._choice = Choice(soap.service, soap.port, soap.version, soap.action)
        self._wsdl: Wsdl | None = None
        self._anew = False

    async def fitting(self, fits: Fits) -> Wsdl:
        """The WSDL; `fits` raises Misconfigured where it lacks what is asked of it. A kept one that lacks it may have been
        followed by one that doesn't, so then it's asked for anew."""
        if self._wsdl is None:
            self._wsdl = await self._still_good()
        if self._wsdl is not None and not self._anew:
            with suppress(Misconfigured):
                fits(self._wsdl)
                return self._wsdl
        if not self._anew:
            self._wsdl, self._anew = await self._asked_anew(), True
        assert self._wsdl is not None
        fits(self._wsdl)
        return self._wsdl

    @property
    def _start(self) -> str:
        wsdl = self._soap.wsdl
        if wsdl.startswith("/"):
            return self._base + wsdl
        return wsdl if "://" in wsdl else f"file:///{wsdl}"

    async def _last(self) -> Description | None:
        """The one kept last, if it came from this address. Of a file none is kept: it's the operator's own."""
        if self._start.startswith("file:"):
            return None
        last = await asyncio.to_thread(self._descriptions.last)
        return last if last is not None and bundle_of(last).start == self._start else None

    async def _still_good(self) -> Wsdl | None:
        last = await self._last()
        if last is None or (self._clock() - last.seen_at).total_seconds() >= self._soap.refresh:
            return None
        return await self._understood(bundle_of(last))

    async def _asked_anew(self) -> Wsdl:
        """As it is now; where it can't be had, the kept one, and that is told. Kept is only what was understood."""
        last = await self._last()
        try:
            bundle = await self._gathered()
            wsdl = await self._understood(bundle)
        except AdapterError as error:
            if last is None:
                raise
            when = f"{last.seen_at:%Y-%m-%d %H:%M}"
            words = f"the WSDL can't be had ({error}); the one of {when} is used (WSDL 无法获取, 沿用已存的)"
            await asyncio.to_thread(self._descriptions.stale, self._hide(words))
            return await self._understood(bundle_of(last))
        if not self._start.startswith("file:"):
            told = described(bundle, bundle_of(last) if last is not None else None, self._clock())
            await asyncio.to_thread(self._descriptions.keep, told)
        return wsdl

    async def _understood(self, bundle: Bundle) -> Wsdl:
        return await asyncio.to_thread(Wsdl, bundle, self._choice)

    async def _gathered(self) -> Bundle:
        here = urlsplit(self._base)
        elsewhere = f"{here.scheme}://{here.netloc}" if self._soap.imports == "here" else ""
        gathering = gather(self._start, most_bytes=self._most_bytes, elsewhere=elsewhere)
        url = next(gathering)
        while True:
            body = await self._load(url)
            try:
                url = gathering.send(body)
            except StopIteration as done:
                bundle: Bundle = done.value
                return bundle
