"""A mapping file read: text → MappingSpec, with every fault in its place."""
