"""Adapter and target files read whole: shape first, then what one part demands of another; all faults at once."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from adapters import demands
from adapters.fault import Fault
from adapters.spec import AdapterSpec, TargetSpec
from canonical_schema.declared import Node, declare, read
from canonical_schema.problem import Problem, ProblemsFound

Spec = TypeVar("Spec", bound=BaseModel)

# What the shape's faults say besides their English, by pydantic's name of them
CHINESE = {
    "missing": "缺少此项",
    "extra_forbidden": "没有这一项",
    "literal_error": "不在可选值之列",
    "enum": "不在可选值之列",
    "greater_than_equal": "数值过小",
    "less_than_equal": "数值过大",
}
# … and instead of it, where it speaks of Python
LARGEST = 128 << 10
"""Bytes of an adapter or target file: the longest that somebody would write by hand, many times over."""
INSTEAD = {
    "int_parsing": "a whole number is needed here (应为整数)",
    "string_type": "a text is needed here (应为文本)",
    "string_too_short": "something must stand here (不能为空)",
    "too_short": "at least one is needed here (至少一项)",
    "tuple_type": "a list is needed here: [a, b] (应为列表)",
    "dict_type": "names with values are needed here: {name: value} (应为键值)",
    "model_type": "names with values are needed here: {name: value} (应为键值)",
}


def load_adapter(path: Path, *, name: str = "", provinces: Collection[str] = ()) -> AdapterSpec:
    """The adapter in a file. `name` is what faults call the file, else the path as given; `provinces` the codes there are,
    if they are to be asked. Raises ProblemsFound."""
    shown = name or str(path)
    node = _read(path, shown)
    spec = _shaped(AdapterSpec, node, shown)
    _refuse(demands.of_adapter(spec, path, provinces), node, shown)
    return spec.read_from(path)


def load_target(path: Path, *, name: str = "") -> TargetSpec:
    """The target in a file. Raises ProblemsFound."""
    shown = name or str(path)
    node = _read(path, shown)
    spec = _shaped(TargetSpec, node, shown)
    _refuse(demands.of_target(spec, path), node, shown)
    return spec


def _read(path: Path, shown: str) -> Node:
    try:
        if path.stat().st_size > LARGEST:
            words = f"larger than {LARGEST >> 10} KiB: that is no such file (文件过大)"
            raise ProblemsFound([Problem(shown, 1, 1, "file", words)])
        return read(path.read_text("utf-8"), shown)
    except OSError as error:
        raise ProblemsFound([Problem(shown, 1, 1, "file", f"can't be read: {error.strerror} (无法读取)")]) from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise ProblemsFound([Problem(shown, line, 1, "file", "not UTF-8 (不是 UTF-8 编码)")]) from None


def _shaped(model: type[Spec], node: Node, shown: str) -> Spec:
    try:
        return declare(model, node, shown)
    except ProblemsFound as found:
        raise ProblemsFound(map(_in_both_languages, found.problems)) from None


def _in_both_languages(problem: Problem) -> Problem:
    if problem.kind in CHINESE:
        return replace(problem, words=f"{problem.words} ({CHINESE[problem.kind]})")
    if problem.kind in INSTEAD:
        place, _, _ = problem.words.rpartition(": ")
        return replace(problem, words=": ".join(part for part in (place, INSTEAD[problem.kind]) if part))
    return problem


def _refuse(faults: Iterable[Fault], node: Node, shown: str) -> None:
    problems = [Problem(shown, *node.at(one.place), "demand", one.words, one.suggestion) for one in faults]
    if problems:
        raise ProblemsFound(problems)
