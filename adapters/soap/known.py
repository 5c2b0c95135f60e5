"""Schemas that WSDLs import and that never change: held in the package, so that no WSDL ever needs the internet."""

from functools import cache
from pathlib import Path

ENCODING = "http://schemas.xmlsoap.org/soap/encoding/"
_FOLDER = Path(__file__).parent / "schemas"
_FILES = {
    ENCODING: "soap-encoding-1.1.xsd",
    "http://schemas.xmlsoap.org/soap/envelope/": "soap-envelope-1.1.xsd",
    "http://www.w3.org/2003/05/soap-envelope": "soap-envelope-1.2.xsd",
    "http://www.w3.org/XML/1998/namespace": "xml.xsd",
    "http://www.w3.org/2005/08/addressing": "ws-addressing.xsd",
}
# imported for an attribute or a type that zeep knows by itself: an empty schema is enough
_BUILT_IN = ("http://schemas.xmlsoap.org/wsdl/", "http://www.w3.org/2001/XMLSchema")
# where zeep looks when an import, or its absence, names no place
ALWAYS = {
    ENCODING: ENCODING,
    "http://www.w3.org/2001/xml.xsd": "http://www.w3.org/XML/1998/namespace",
    "https://www.w3.org/2001/xml.xsd": "http://www.w3.org/XML/1998/namespace",
}


@cache
def known_schema(namespace: str) -> bytes | None:
    """The schema of a namespace, wherever an import says it is; None for one that isn't held here."""
    if namespace in _BUILT_IN:
        return f'<schema xmlns="http://www.w3.org/2001/XMLSchema" targetNamespace="{namespace}"/>'.encode()
    return (_FOLDER / _FILES[namespace]).read_bytes() if namespace in _FILES else None
