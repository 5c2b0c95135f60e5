"""What the standard's types cost: build, validate and hash one full manifest, against plain pydantic on the same shape.

    python benchmarks/canonical.py [--rounds 7]

The plain models have the same fields with `str` and `int` for every leaf: what pydantic costs without any check of ours.
The hot path (mapping → claim) builds no model: structure, canonical bytes, hash and rules are what it runs instead, and a
test holds that it refuses what the model refuses. Only the ratios of one run mean anything.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from datetime import date
from typing import Any

import rfc8785
from pydantic import BaseModel, create_model

from canonical_schema import structure
from canonical_schema.digest import canonical_bytes, content_hash
from canonical_schema.export.samples import sample
from canonical_schema.fields import ObjectType, field_tree
from canonical_schema.kinds.manifest import Manifest
from canonical_schema.rules import judge

DAY = date(2026, 3, 12)


def plain(tree: ObjectType) -> type[BaseModel]:
    """The same shape without our types."""
    fields: dict[str, Any] = {}
    for field in tree.fields.values():
        inner: Any = plain(field.type) if isinstance(field.type, ObjectType) else _leaf(field.type.name)
        fields[f"{field.name}_"] = (list[inner] if field.many else inner | None, None)  # type: ignore[valid-type]
    model: type[BaseModel] = create_model(tree.name, __config__={"alias_generator": lambda name: name[:-1]}, **fields)
    return model


def _leaf(name: str) -> Any:
    return {"int": int, "boolean": bool, "moment": dict[str, str]}.get(name, str)


def rate(work: Callable[[], Any], rounds: int) -> float:
    """Microseconds, the median of some rounds of 300."""
    spent = []
    for _ in range(rounds):
        start = time.perf_counter()
        for _ in range(300):
            work()
        spent.append((time.perf_counter() - start) / 300 * 1e6)
    return statistics.median(spent)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    content = sample("manifest", "full")["content"]
    bare = plain(field_tree("manifest"))
    base = rate(lambda: bare.model_validate(content), rounds)
    rows = (
        ("plain pydantic: build and validate", base),
        ("our models: build and validate", rate(lambda: Manifest.model_validate(content), rounds)),
        ("hot path: structure", rate(lambda: structure.faults("manifest", content), rounds)),
        ("hot path: canonical bytes and hash", rate(lambda: content_hash(content), rounds)),
        ("hot path: rules", rate(lambda: judge("manifest", content, day=DAY), rounds)),
        ("RFC 8785 library, same bytes", rate(lambda: rfc8785.dumps(content), rounds)),
    )
    assert rfc8785.dumps(content) == canonical_bytes(content)
    print(f"one full manifest, {len(canonical_bytes(content)):,} bytes; medians")
    for name, spent in rows:
        print(f"  {name:<38}{spent:8.1f} µs {1e6 / spent:>10,.0f}/s {spent / base:8.2f} × plain pydantic")
    hot = sum(spent for name, spent in rows if name.startswith("hot"))
    print(
        f"  hot path in all                       {hot:8.1f} µs {1e6 / hot:>10,.0f}/s {hot / base:8.2f} × plain pydantic"
    )


if __name__ == "__main__":
    main()
