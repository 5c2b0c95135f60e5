"""Our compiled mapping with lineage taken out of its source: what lineage itself costs is the difference."""

import re
from dataclasses import replace

from mappings import Program
from mappings.compiler.compile import Code

# what only lineage needs: raw values handed back and collected, notes on what was unusual
WITHOUT = (
    (re.compile(r"^(    return .*?), \((?:[vw]\d+, )+\)", re.MULTILINE), r"\1, ()"),
    (re.compile(r"^ +w\d+\.append\(q\)\n", re.MULTILINE), ""),
    (re.compile(r"x\.append\(\(at, .*\)\)$", re.MULTILINE), "pass"),
)


def without_lineage(program: Program) -> Program:
    """ValueError where the compiler writes its source in another way than this file knows."""
    spec, compiled = program.spec, program._compiled  # noqa: SLF001 - only this comparison looks inside
    code = Code(spec)
    code.record(spec.fields, tuple(leaf for leaf in (spec.key, spec.newer) if leaf is not None))
    source = "\n\n".join(code.functions) + "\n"
    for pattern, instead in WITHOUT:
        source, found = pattern.subn(instead, source)
        if not found:
            raise ValueError(f"nothing in the compiled source fits {pattern.pattern}")
    names = type(compiled.record.__globals__)(code.names)  # how quickly a global is read depends on the class
    exec(compile(source, "<without lineage>", "exec"), names)  # noqa: S102 - our own source
    return replace(program, _compiled=replace(compiled, record=names["record"]))
