"""All kinds of record by name."""

from canonical_schema.kinds.agreement import Agreement
from canonical_schema.kinds.application import Application
from canonical_schema.kinds.disposal import Disposal
from canonical_schema.kinds.enterprise import Enterprise
from canonical_schema.kinds.incident import Incident
from canonical_schema.kinds.inspection import Inspection
from canonical_schema.kinds.manifest import Manifest
from canonical_schema.kinds.permit import Permit
from canonical_schema.kinds.track import Track
from canonical_schema.kinds.transport_permit import TransportPermit
from canonical_schema.types import Part

KINDS: dict[str, type[Part]] = {
    "manifest": Manifest,
    "application": Application,
    "transport_permit": TransportPermit,
    "track": Track,
    "disposal": Disposal,
    "permit": Permit,
    "enterprise": Enterprise,
    "agreement": Agreement,
    "inspection": Inspection,
    "incident": Incident,
}
