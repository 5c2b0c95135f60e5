"""Drivers by name: the only file that knows them all."""

import os
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from adapters.description import Descriptions, Forgotten
from adapters.driver import Driver
from adapters.drivers.connected import Clock
from adapters.drivers.liandan import LiandanDriver
from adapters.drivers.local_file import FileDriver
from adapters.drivers.rest import RestDriver
from adapters.drivers.xml_drop import XmlDropDriver
from adapters.spec import AdapterSpec, DriverName

FORGOTTEN = Forgotten()
Make = Callable[[AdapterSpec, Mapping[str, str], Clock, Descriptions], Driver]


def _soap(spec: AdapterSpec, environment: Mapping[str, str], clock: Clock, descriptions: Descriptions) -> Driver:
    # zeep takes a third of a second to import, which no command without a SOAP province should wait for
    from adapters.drivers.soap import SoapDriver  # noqa: PLC0415

    return SoapDriver(spec, environment, clock, descriptions)


DRIVERS: dict[DriverName, Make] = {
    DriverName.REST: lambda spec, environment, clock, _: RestDriver(spec, environment, clock),
    DriverName.SOAP: _soap,
    DriverName.XML_DROP: lambda spec, environment, clock, _: XmlDropDriver(spec, environment, clock),
    DriverName.LIANDAN: lambda spec, environment, clock, _: LiandanDriver(spec, environment, clock),
    DriverName.FILE: lambda spec, *_: FileDriver(spec),
}


def _now() -> datetime:
    return datetime.now(UTC)


def open_adapter(
    spec: AdapterSpec,
    environment: Mapping[str, str] = os.environ,
    clock: Clock = _now,
    descriptions: Descriptions = FORGOTTEN,
) -> Driver:
    """The running adapter. Touches nothing: what is missing is told by the first pull or probe. `descriptions` is where
    it keeps what its system says of itself."""
    return DRIVERS[spec.driver](spec, environment, clock, descriptions)
