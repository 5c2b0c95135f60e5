"""What a mapping version is known by, and what a person needs to read it again."""

import hashlib
from collections.abc import Mapping

from canonical_schema.codes import fingerprint
from canonical_schema.rules import RULE_SET
from mappings.language.beside import Beside
from mappings.steps.registry import STEP_VERSION


def mapping_hash(direction: str, text: str, beside: Beside, used: Mapping[str, str]) -> str:
    """SHA-256 over all that decides the result: the file, the shared file, the tables it uses, the standard's code lists and
    rules, the steps, the pack's Python."""
    digest = hashlib.sha256()
    shared = beside.shared[1] if beside.shared is not None else ""
    tables = [part for name in sorted(used) for part in (name, used[name])]
    for part in (direction, text, shared, *tables, STEP_VERSION, RULE_SET, fingerprint()):
        digest.update(len(part.encode()).to_bytes(8, "big") + part.encode())
    digest.update(beside.code)
    return digest.hexdigest()


def whole_text(text: str, beside: Beside, used: Mapping[str, str]) -> str:
    """The file, and behind it what it uses of the files beside it."""
    files = [] if beside.shared is None else [beside.shared]
    files += [(name, content) for name, content in sorted(used.items()) if "/" not in name]
    return text + "".join(f"\n# ── {name} ──\n{content}" for name, content in files)
