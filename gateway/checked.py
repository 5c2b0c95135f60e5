"""A pack's files of one adapter, checked whole: each for itself, and whether they fit each other. No database, no network."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from adapters.fault import Fault
from adapters.load import noted, placed
from adapters.spec import AdapterSpec, DriverName
from canonical_schema.problem import Problem, ProblemsFound, nearest
from gateway import fitting
from gateway.errors import GatewayError
from gateway.packs import Found
from gateway.programs import compiled, outward, shown
from mappings import Program


@dataclass(slots=True)
class Checked:
    """`problems` keep an adapter from going live, `notes` don't. `untold`: what of the standard an outward mapping neither
    carries nor leaves out with a reason, by file; `known_untold` those of them that the system itself tells us, and so
    knows: somebody may have forgotten these."""

    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    untold: dict[str, tuple[str, ...]] = field(default_factory=dict)
    known_untold: dict[str, tuple[str, ...]] = field(default_factory=dict)


def check(found: Found, read: Callable[[], AdapterSpec], environment: Mapping[str, str]) -> Checked:
    """Everything that can be said about an adapter's files. `read` gives its spec or raises ProblemsFound."""
    told = Checked()
    spec: AdapterSpec | None = None
    try:
        spec = read()
    except ProblemsFound as error:
        told.problems += error.problems
    else:
        told.problems += _strangers(found, spec)
        told.notes += noted(found.file, spec, environment, name=shown(found, found.file))
    programs = dict(_programs(found, spec, told.problems))
    if spec is not None:
        _fit(found, spec, programs, told)
    for name in found.outward:
        try:
            made = outward(found, name)
        except ProblemsFound as error:
            told.problems += error.problems
            continue
        known = fitting.carried(programs[name]) if name in programs else frozenset()
        if made.untold:
            told.untold[made.file] = made.untold
        if fields := tuple(one for one in made.untold if one in known):
            told.known_untold[made.file] = fields
    return told


def _strangers(found: Found, spec: AdapterSpec) -> Iterator[Problem]:
    """Mappings of datasets that the adapter doesn't have."""
    for way in (found.mappings, found.outward):
        for name, file in way.items():
            if name not in spec.datasets:
                words = f"{found.id} has no dataset {name} (没有这个数据集)"
                yield Problem(shown(found, file), 1, 1, "demand", words, nearest(name, spec.datasets))


def _programs(found: Found, spec: AdapterSpec | None, problems: list[Problem]) -> Iterator[tuple[str, Program]]:
    """The mappings that compile; the faults of the others go to `problems`."""
    # what another gateway tells is mapped already
    declared = spec.reading if spec and spec.driver is not DriverName.LIANDAN else ()
    for name in sorted({*found.mappings, *declared}):
        try:
            yield name, compiled(found, name)
        except ProblemsFound as error:
            problems += error.problems
        except GatewayError as error:
            # of a dataset without a mapping: its place is where the adapter declares it
            words = f"{error.en} ({error.zh})"
            problems += placed(found.file, [Fault(("datasets", name), words)], name=shown(found, found.file))


def _fit(found: Found, spec: AdapterSpec, programs: Mapping[str, Program], told: Checked) -> None:
    name = shown(found, found.file)
    for dataset, program in programs.items():
        if dataset in spec.datasets:
            told.problems += placed(found.file, fitting.faults(spec, dataset, program), name=name)
            told.notes += placed(found.file, fitting.notes(spec, dataset, program), name=name, kind="note")
        told.notes += program.advice
