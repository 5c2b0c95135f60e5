"""One file per released state of the tables."""
