"""A MappingSpec compiled: Python source that maps, and the template from which lineage is explained."""
