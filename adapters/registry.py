"""Drivers by name: the only file that knows them all."""

import os
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from adapters.driver import Driver
from adapters.drivers.connected import Clock
from adapters.drivers.liandan import LiandanDriver
from adapters.drivers.local_file import FileDriver
from adapters.drivers.rest import RestDriver
from adapters.drivers.xml_drop import XmlDropDriver
from adapters.spec import AdapterSpec, DriverName

Make = Callable[[AdapterSpec, Mapping[str, str], Clock], Driver]


def _soap(spec: AdapterSpec, environment: Mapping[str, str], clock: Clock) -> Driver:
    # zeep takes a third of a second to import, which no command without a SOAP province should wait for
    from adapters.drivers.soap import SoapDriver  # noqa: PLC0415

    return SoapDriver(spec, environment, clock)


DRIVERS: dict[DriverName, Make] = {
    DriverName.REST: RestDriver,
    DriverName.SOAP: _soap,
    DriverName.XML_DROP: XmlDropDriver,
    DriverName.LIANDAN: LiandanDriver,
    DriverName.FILE: lambda spec, _, __: FileDriver(spec),
}


def _now() -> datetime:
    return datetime.now(UTC)


def open_adapter(spec: AdapterSpec, environment: Mapping[str, str] = os.environ, clock: Clock = _now) -> Driver:
    """The running adapter. Touches nothing: what is missing is told by the first pull or probe."""
    return DRIVERS[spec.driver](spec, environment, clock)
