"""Where a SOAP service is."""

from adapters.spec.strict import Strict
from adapters.texts import UrlPath


class SoapSpec(Strict):
    """`wsdl` and `endpoint` are below base_url: the address that a WSDL gives is often one that only its makers can reach."""

    wsdl: UrlPath
    endpoint: UrlPath
    port: str | None = None
