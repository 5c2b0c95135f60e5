"""The closed list of steps that a mapping may apply to a value. See registry.py for all of them."""
