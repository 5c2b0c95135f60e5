"""What the look for drift costs, beside the compiled mapping and the hand-written one (target T1).

    python benchmarks/drift.py [--manifests 1000] [--rounds 9]

A page of js is mapped and looked at; then the same page again and again, as one after the other comes in. The comparison
with what the store knows is timed with the bytes it reads and writes, the database aside.
"""

import argparse

import msgspec

from benchmarks.pages import compiled, js_page
from benchmarks.peers import by_hand
from benchmarks.rounds import Runner, race
from mappings.drift import Known, Look, Sight, compare


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--manifests", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=9)
    asked = parser.parse_args()
    page, program, mapper = js_page(asked.manifests), compiled("js"), by_hand.mapper()
    tree, count = page.tree, asked.manifests

    def look() -> Sight:
        one = Look(program.detector)
        one(tree)
        return one.sight()

    sight, known = look(), Known()
    compare(known, sight, 1, "2026-03-05T08:30:00+08:00")
    kept = msgspec.json.encode(known)

    def settle() -> bytes:
        stored = msgspec.json.decode(kept, type=Known)
        compare(stored, sight, 2, "2026-03-05T08:30:00+08:00")
        return msgspec.json.encode(stored)

    mapping = Runner("compiled, with lineage", lambda: program.run(tree), count)
    hand = Runner("by hand, without lineage", lambda: mapper(tree), count)
    looking = Runner("to look for drift", look, count)
    settling = Runner("to compare with what is known", settle, count)
    race(f"Drift: {count:,} manifests of js", [mapping, hand, looking, settling], asked.rounds)
    own = looking.times(hand) + settling.times(hand)
    print(
        f"  T1: {mapping.times(hand):.2f} × the hand-written mapper, {mapping.times(hand) + own:.2f} × with drift (target ≤ 1.4)\n"
        f"  {len(sight.places)} places, {len(kept):,} bytes of a dataset's row"
    )


if __name__ == "__main__":
    main()
