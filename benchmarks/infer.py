"""How much of a mapping `infer` finds by itself: fields right, wrong and missed, against mappings that people wrote.

    python benchmarks/infer.py [--manifests 40] [--names]

The three simulated systems were known while `infer` was written. The two shapes in `infer_shapes/` were written before it,
with their true answers; no word was added for them, though one fault (an element with a text of its own taken for a list)
was found by the second. The last is a system of another country, from its public documentation, met late: the rules for
objects between a name and its role come from it, its words don't. How it is counted: contract_tests/drafted.py.
"""

import argparse
import json
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from lxml import etree

from contract_tests.drafted import mock_sample, score
from mappings import Mapped, compile_mapping
from mappings.document import is_xml, plain
from mappings.infer import infer

OWN = Path(__file__).resolve().parent
US = OWN.parent / "docs/examples/us_emanifest"


def exams(manifests: int) -> Iterator[tuple[str, list[Any], str]]:
    """(name, decoded samples, true mapping)."""
    for system in ("js", "tj", "gd"):
        true = OWN.parent / f"mappings/provinces/{system}/manifests.yaml"
        yield system, [mock_sample(system, manifests)], true.read_text("utf-8")
    for file in (OWN / "infer_shapes/flat_initials.json", OWN / "infer_shapes/chinese_elements.xml"):
        yield file.stem, [read(file)], file.with_suffix(".yaml").read_text("utf-8")
    samples = [read(US / f"samples/{name}.json") for name in ("data_and_image", "full_electronic", "invalid")]
    yield "us_emanifest", samples, (US / "mappings/provinces/us/manifests.yaml").read_text("utf-8")


def read(file: Path) -> Any:
    return (
        etree.parse(file).getroot()
        if file.suffix == ".xml"
        else json.loads(file.read_text("utf-8"), parse_float=Decimal)
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--manifests", type=int, default=40)
    parser.add_argument("--names", action="store_true", help="name what is wrong, missed or invented")
    asked = parser.parse_args()
    print(
        f"{'':<18}{'fields':>7}{'right':>8}{'wrong':>8}{'missed':>8}{'invented':>10}{'marked':>8}{'records':>9}{'seconds':>9}"
    )
    for name, trees, true in exams(asked.manifests):
        start = time.perf_counter()
        draft = infer([plain(tree) for tree in trees], xml=is_xml(trees[0]))
        spent = time.perf_counter() - start
        found = score(draft, true)
        parts = "".join(f"{100 * len(one) / found.of:7.0f}%" for one in (found.right, found.wrong, found.missed))
        out = [one for tree in trees for one in compile_mapping(draft.text, name).run(tree)]
        mapped = sum(isinstance(one, Mapped) for one in out)
        marked = sum(not line.sure for line in draft.lines)
        print(
            f"{name:<18}{found.of:>7}{parts}{len(found.invented):>10}{marked:>8}{f'{mapped}/{len(out)}':>9}{spent:>9.1f}"
        )
        for word in ("wrong", "missed", "invented") if asked.names else ():
            print("".join(f"    {word:<9} {field}\n" for field in getattr(found, word)), end="")


if __name__ == "__main__":
    main()
