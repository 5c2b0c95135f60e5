"""One file a kind of record; `registry.py` names them all."""
