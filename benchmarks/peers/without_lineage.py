"""Our compiled mapping with lineage taken out of its source: what lineage itself costs is the difference."""

import re
from dataclasses import replace

from mappings.program import Program

# what only lineage needs: raw values handed back and collected, notes on what was unusual
WITHOUT = (
    (re.compile(r"^(    return .*?), \((?:[vw]\d+, )+\)", re.MULTILINE), r"\1, ()"),
    (re.compile(r"^ +w\d+\.append\(q\)\n", re.MULTILINE), ""),
    (re.compile(r"x\.append\(\(at, .*\)\)$", re.MULTILINE), "pass"),
)


def without_lineage(program: Program) -> Program:
    """ValueError where the compiler writes its source in another way than this file knows."""
    compiled = program._compiled  # noqa: SLF001 - only this comparison looks inside
    source = compiled.source
    for pattern, instead in WITHOUT:
        source, found = pattern.subn(instead, source)
        if not found:
            raise ValueError(f"nothing in the compiled source fits {pattern.pattern}")
    before = compiled.record.__globals__
    names = type(before)(before)  # of the same class: how quickly a global is read depends on it
    exec(compile(source, "<without lineage>", "exec"), names)  # noqa: S102 - our own source
    return replace(program, _compiled=replace(compiled, record=names["record"], source=source))
