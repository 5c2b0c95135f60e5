"""From an adapter or target file to the line on which its system is called."""

from adapters.auth.certificate import Identity
from adapters.outbound.line import Line
from adapters.outbound.trust import Trust
from adapters.secrets import Revealed
from adapters.spec.reached import ReachedSpec


def line_of(spec: ReachedSpec, revealed: Revealed, own: Identity | None = None) -> Line:
    """Reads what the file names. Raises Misconfigured: a variable or file that isn't there, a proxy that is no address."""
    proxy = revealed.address(spec.proxy, "proxy") if spec.proxy else ""
    ca = revealed.reveal(spec.tls.ca) if spec.tls.ca else ""
    return Line(spec.redirects, proxy, Trust(ca, spec.tls.min_version), own)
