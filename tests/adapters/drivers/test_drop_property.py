"""Whatever a system does in its folder while it is read: what is taken is always whole, and in the end nothing is missing."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.adapters.drivers.dropping import SECRETS, Place, rows, sha256, xml

RULES = {
    "looks": "complete: {looks: 1s}",
    "marker": 'marker: {name: "{name}.ok"}',
    "sums": 'marker: {name: "{name}.ok", format: sums}',
}
NAMES = st.sampled_from(["a.xml", "b.xml"])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("write"), NAMES, st.integers(0, 60)),  # some of a new content: the rest may come later
        st.tuples(st.just("end"), NAMES, st.just(0)),
        st.tuples(st.just("rename"), NAMES, st.just(0)),  # a whole new content at once
        st.tuples(st.just("again"), NAMES, st.just(0)),
        st.tuples(st.just("pull"), st.just(""), st.integers(0, 2)),  # 1: the run is cut short after its first file
    ),
    max_size=14,
)


class System:
    """Writes its files, whole or in parts, and says by the rule when one is."""

    def __init__(self, place, rule):
        self.place, self.rule, self.made, self.open = place, rule, 0, {}
        self.whole, self.last = set(), {}

    def do(self, step, name, size):
        if step == "end" or (step in {"rename", "again"} and name in self.open):
            self.end(name)
        elif step == "write":
            self.end(name)
            self.mark(name, None)
            body = self.new(name)
            self.open[name] = body
            self.place.write(name, body[: min(size, len(body) - 1)])
        elif step == "rename":
            self.finish(name, self.new(name))
        elif step == "again" and name in self.last:
            self.finish(name, xml(self.last[name]))

    def new(self, name):
        self.made += 1
        return xml(f"{name}-{self.made}")

    def end(self, name):
        if name in self.open:
            self.finish(name, self.open.pop(name))

    def finish(self, name, body):
        (row,) = [part.split("<")[0] for part in body.decode("gb18030").split("<行>")[1:]]
        self.whole.add(row)
        self.last[name] = row
        self.mark(name, None)
        passing = self.place.root / "passing"
        passing.write_bytes(body)
        passing.rename(self.place.folder / name)
        self.mark(name, body)

    def mark(self, name, body):
        marker = self.place.folder / f"{name}.ok"
        if body is None:
            marker.unlink(missing_ok=True)
        elif self.rule != "looks":
            marker.write_text(f"{sha256(body)}  {name}", "utf-8")


@pytest.mark.slow
@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rule=st.sampled_from(sorted(RULES)), moved=st.booleans(), steps=STEPS)
def test_what_is_taken_is_whole_and_nothing_is_missing(pull, monkeypatch, rule, moved, steps):
    with tempfile.TemporaryDirectory() as made, monkeypatch.context() as patched:
        place = Place(Path(made), f"folder: {made}/in")
        place.folder.mkdir()
        system = System(place, rule)

        async def writes_on(_seconds):
            for name in system.open:
                with (place.folder / name).open("ab") as file:
                    file.write(b" ")  # another size is enough: it isn't whole

        patched.setattr("adapters.drivers.xml_drop.asyncio.sleep", writes_on)
        text = f'files: "*.xml"\ndecode: ["text:gb18030", xml]\n{RULES[rule]}\n' + ("after: {}\n" if moved else "")
        spec, cursor, taken, kept = place.adapter(text), None, [], set()

        def lying():
            return {one.read_bytes() for one in (place.folder / "done").glob("*.xml")}

        def run(stop_after=0):
            nonlocal cursor
            pulled = pull(spec, SECRETS, cursor, stop_after=stop_after)
            assert (pulled.error, pulled.damaged) == (None, [])
            cursor = pulled.cursor
            taken.extend(rows(pulled))
            assert kept <= lying()
            kept.update(lying())

        for step, name, size in steps:
            if step == "pull":
                run(stop_after=size)
            else:
                system.do(step, name, size)
        for name in list(system.open):
            system.end(name)
        run()
        run()
        assert set(taken) <= system.whole
        for name, row in system.last.items():
            assert [one for one in taken if one.startswith(name)][-1:] == [row]
        if moved:
            assert place.names() == []
            assert {xml(row) for row in system.last.values()} <= lying()
