"""What stands beside a mapping file in its pack, as values: the pack's functions, its shared file, its tables."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Beside:
    """`functions` of the pack's Python, whose source is `code`; `shared`: (name, text) of `_shared.yaml`; `tables`: the CSV
    files in the mapping's folder, text by file name."""

    functions: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    code: bytes = b""
    shared: tuple[str, str] | None = None
    tables: Mapping[str, str] = field(default_factory=dict)


ALONE = Beside()
