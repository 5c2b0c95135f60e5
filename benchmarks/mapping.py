"""The compiled mapping, with lineage of every leaf, against what one would take instead (targets: T1 to T5, T13).

    pip install -e .[bench]
    python benchmarks/mapping.py [--manifests 1000] [--rounds 9] [--stream 1000]

Every peer maps the same page of `js` to the same content, checked before anything is timed. What it can't say of the
value types (check digits, NFKC, exact decimals) it leaves as written, which is generous to it; the table then says how
many of the leaves are the same. XML is a file of `gd`; a SOAP answer is read as zeep itself would. Each round runs all,
one after the other, and the ratio is taken within it: only ratios of one run mean anything. Slow peers get fewer
records. A peer that isn't installed is left out. `--stream`: megabytes of the last part, 0 leaves it out.
"""

import argparse
import importlib
import subprocess
import sys
from pathlib import Path
from typing import Any

import zstandard

from adapters.decode import decode
from adapters.limits import Limits
from benchmarks.pages import Page, compiled, gd_page, js_page, tj_answer
from benchmarks.peers import lxml_by_hand, with_zeep
from benchmarks.peers.without_lineage import without_lineage
from benchmarks.rounds import Runner, race, timed
from contract_tests.lineage_check import leaves
from contract_tests.mocks import tj as tj_mock
from mappings import Mapped, Program, encode_remainder
from mappings.document import plain

LONGEST = 0.5  # seconds that one peer may take of a round
# module, name, what it is given, whether it gives lineage beside content, target for the ratio
PEERS = (
    ("by_hand", "by hand, without lineage", "tree", False, ""),
    ("by_hand_lineage", "by hand, with lineage", "tree", True, ""),
    ("interpreted", "YAML interpreted, lineage", "tree", True, "T2: 3"),
    ("with_jq", "jq", "text", False, "T2: 10"),
    ("with_glom", "glom", "tree", False, "T2: 35"),
    ("with_jsonata", "jsonata-python, our value types", "tree", False, ""),
    ("jsonata_alone", "jsonata-python alone", "floats", False, "T2: 65"),
)


def agreement(made: list[Any], wanted: list[Any]) -> str:
    """What a peer's content has in common with ours; SystemExit where it isn't the same work."""
    if made == wanted:
        return "same content"
    pairs = [(leaves(one), leaves(other)) for one, other in zip(made, wanted, strict=True)]
    if any(one.keys() != other.keys() for one, other in pairs):
        raise SystemExit("other leaves than ours: not the same work")
    every = sum(len(one) for one, _ in pairs)
    same = sum(one[at] == other[at] for one, other in pairs for at in one)
    return f"same leaves, {same / every:.1%} with the same value"


def told_of(content: Any, told: list[tuple[Any, ...]]) -> bool:
    """Whether every leaf has an entry of its own, or the moment or list that it's part of has one."""
    fields = {"/local_numbers/0/system"} | {entry[0] for entry in told}
    return all(leaf in fields or leaf.rpartition("/")[0] in fields for leaf in leaves(content))


def peer(row: tuple[str, str, str, bool, str], page: Page, wanted: list[Any]) -> Runner | None:
    module, name, takes, lineage, target = row
    try:
        work = importlib.import_module(f"benchmarks.peers.{module}").mapper()
    except ImportError as missing:
        print(f"{name}: not installed ({missing.name}), left out")
        return None
    few = page.first(20)
    work(getattr(few, takes))  # what is loaded at first use isn't timed
    each = timed(lambda: work(getattr(few, takes))) / 20
    count = min(len(page.rows), max(20, int(LONGEST / each)))
    given = getattr(page if count == len(page.rows) else page.first(count), takes)
    made = work(given)
    note = agreement([one[0] for one in made] if lineage else made, wanted[:count])
    if lineage and not all(told_of(*one) for one in made):
        raise SystemExit(f"{name}: a leaf has no entry")
    return Runner(name, lambda: work(given), count, note, target)


def mapped(program: Program, tree: Any) -> list[Mapped]:
    return [one for one in program.run(tree) if isinstance(one, Mapped)]


def json_part(page: Page, rounds: int) -> None:
    program, tree, count = compiled("js"), page.tree, len(page.rows)
    ours = mapped(program, tree)
    wanted = [one.content for one in ours]
    bare = without_lineage(program)
    if [one.content for one in mapped(bare, tree)] != wanted:
        raise SystemExit("without lineage the content is another")
    remainders = [one.remainder for one in ours]
    first = Runner("compiled, with lineage", lambda: program.run(tree), count)
    plain_run = Runner("the same without lineage", lambda: bare.run(tree), count)
    encoding = Runner("to encode its lineage", lambda: [encode_remainder(one) for one in remainders], count)
    rivals = [runner for row in PEERS if (runner := peer(row, page, wanted))]
    per = sum(map(len, map(leaves, wanted))) / count
    title = f"JSON: {count:,} manifests of js, {per:.0f} leaves and {len(page.body) / count:,.0f} bytes each; decoded page → content"
    race(title, [first, plain_run, encoding, *rivals], rounds)
    hand = next(runner for runner in rivals if runner.name == "by hand, without lineage")
    print(f"  T1: {first.times(hand):.2f} × the hand-written mapper without lineage   (target ≤ 1.4)")
    own, whole = 1 - plain_run.times(first), encoding.times(first)
    kept = [encode_remainder(one) for one in remainders]
    packed = len(zstandard.compress(b"".join(kept))) / count
    print(
        f"  T13: lineage costs {own:.1%} of mapping, {own + whole:.1%} with its encoding (target ≤ 15 %); "
        f"{sum(map(len, kept)) / count:,.0f} bytes a record, {packed:.0f} in a page's frame (target ≤ 400)"
    )


def xml_part(manifests: int, rounds: int) -> None:
    body, program, limits = gd_page(manifests), compiled("gd"), Limits()

    def tree() -> Any:
        return decode(body, ("text:utf-8", "xml"), limits).documents[0].tree

    root, hand = tree(), lxml_by_hand
    if plain(root) != hand.document(root):
        raise SystemExit("the hand-written extraction gives another document")
    content = [one.content for one in mapped(program, root)]
    count, note = len(content), agreement(hand.manifests(root), content)
    race(
        f"XML: {count:,} manifests of gd, {len(body) / count:,.0f} bytes each; tree → document",
        [
            Runner("lxml by hand", lambda: hand.document(root), count),
            Runner("ours", lambda: plain(root), count, "same document", "T3: ≤ 1.5"),
        ],
        rounds,
    )
    race(
        "the same from bytes",
        [
            Runner("lxml by hand, to document", lambda: hand.document(hand.parsed(body)), count),
            Runner("ours, to document", lambda: plain(tree()), count, "same document"),
            Runner("lxml by hand, to content", lambda: hand.manifests(hand.parsed(body)), count, "no lineage"),
            Runner("ours, to content with lineage", lambda: program.run(tree()), count, note),
        ],
        rounds,
    )


def soap_part(page: Page, manifests: int, rounds: int) -> None:
    limits, shape = Limits(), with_zeep.shape_of(page.rows)
    typed, count = with_zeep.typed_answer(page.rows, shape), len(page.rows)
    read = with_zeep.reader(with_zeep.typed_wsdl(shape), "list")

    def document() -> Any:
        return plain(decode(typed, ("text", "xml"), limits).documents[0].tree)

    ours = document()["Envelope"]["Body"]["listResponse"]["manifest"]
    if with_zeep.as_told(read(typed)) != with_zeep.told(ours):
        raise SystemExit("zeep reads another document")
    title = f"SOAP, every value typed: {count:,} manifests, {len(typed) / count:,.0f} bytes each; bytes → document"
    zeep = Runner("zeep", lambda: read(typed), count, "same values", "T4: ≥ 7")
    race(title, [Runner("ours", document, count), zeep], rounds)
    answer, several = tj_answer(manifests)
    read_json = with_zeep.json_reader(tj_mock.wsdl("http://tj.invalid/"), "getLdxx")
    chain = ("text:utf-8", "xml", "soap", "string", "json")
    if read_json(answer) != decode(answer, chain, limits).documents[-1].tree:
        raise SystemExit("zeep reads another document")
    checked = Runner("ours, numbers exact and JSON checked", lambda: decode(answer, chain, limits), several)
    loose = Runner("zeep, then json.loads", lambda: read_json(answer), several, "same values")
    race(f"SOAP, JSON in a string: {several:,} manifests of tj; bytes → document", [checked, loose], rounds)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--manifests", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--stream", type=int, default=1000)
    asked = parser.parse_args()
    page = js_page(asked.manifests)
    print(f"medians of {asked.rounds} rounds; × is the ratio to the first line, taken within each round")
    json_part(page, asked.rounds)
    xml_part(asked.manifests, asked.rounds)
    soap_part(page, asked.manifests, asked.rounds)
    if asked.stream:
        print("\nMemory: decoded and mapped page by page", flush=True)
        stream = Path(__file__).with_name("stream.py")
        subprocess.run([sys.executable, stream, "--megabytes", str(asked.stream)], check=True)  # noqa: S603 - our own file


if __name__ == "__main__":
    main()
