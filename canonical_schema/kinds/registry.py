"""All kinds of record by name."""

from canonical_schema.kinds.manifest import Manifest
from canonical_schema.types import Part

KINDS: dict[str, type[Part]] = {"manifest": Manifest}
