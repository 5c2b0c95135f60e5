"""Adapter and target files read whole: shape first, then what one part demands of another; all faults at once."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from adapters import advice, demands
from adapters.fault import Fault, Place
from adapters.meant import as_meant
from adapters.spec import AdapterSpec, TargetSpec
from canonical_schema.declared import Node, declare, read
from canonical_schema.problem import Problem, ProblemsFound

Spec = TypeVar("Spec", bound=BaseModel)

# What faults say besides their English, by the name of their kind: pydantic's, and those of the YAML reader
CHINESE = {
    "missing": "缺少此项",
    "extra_forbidden": "没有这一项",
    "literal_error": "不在可选值之列",
    "enum": "不在可选值之列",
    "alias": "不支持引用, 请写出内容",
    "anchor": "不支持锚点, 请写出内容",
    "merge": "不支持合并键, 请写出内容",
    "tag": "不支持类型标记",
    "duplicate": "键重复",
    "key": "键须为普通文本",
    "document": "一个文件只能有一个文档",
    "depth": "嵌套过深",
    "character": "含有不允许的字符",
    "syntax": "YAML 语法错误",
    "empty": "文件为空",
}
# … and instead of it, where it speaks of Python
INSTEAD = {
    "int_parsing": "a whole number is needed here (应为整数)",
    "int_type": "a whole number is needed here (应为整数)",
    "int_from_float": "a whole number is needed here (应为整数)",
    "float_parsing": "a number is needed here (应为数字)",
    "float_type": "a number is needed here (应为数字)",
    "bool_parsing": "yes or no is needed here (应为 yes 或 no)",
    "bool_type": "yes or no is needed here (应为 yes 或 no)",
    "string_type": "a text is needed here (应为文本)",
    "string_too_short": "something must stand here (不能为空)",
    "string_too_long": "this is too long (过长)",
    "too_short": "at least one is needed here (至少一项)",
    "too_long": "there are too many here (项数过多)",
    "tuple_type": "a list is needed here: [a, b] (应为列表)",
    "list_type": "a list is needed here: [a, b] (应为列表)",
    "set_type": "a list is needed here: [a, b] (应为列表)",
    "dict_type": "names with values are needed here: {name: value} (应为键值)",
    "model_type": "names with values are needed here: {name: value} (应为键值)",
}
BOUNDS = {
    "greater_than": "more than {0} is needed here (应大于 {0})",
    "greater_than_equal": "at least {0} is needed here (至少为 {0})",
    "less_than": "less than {0} is needed here (应小于 {0})",
    "less_than_equal": "at most {0} is needed here (至多为 {0})",
}
LARGEST = 128 << 10
"""Bytes of an adapter or target file: the longest that somebody would write by hand, many times over."""
WRITTEN_IN_CHINESE = re.compile("[\u4e00-\u9fff]")


def load_adapter(path: Path, *, name: str = "", provinces: Collection[str] = ()) -> AdapterSpec:
    """The adapter in a file. `name` is what faults call the file, else the path as given; `provinces` the codes there are,
    if they are to be asked. Raises ProblemsFound."""
    shown = name or str(path)
    node = _read(path, shown)
    try:
        spec = _shaped(AdapterSpec, node, shown)
    except ProblemsFound as found:
        more = _beyond(node, shown, path, provinces)
        raise ProblemsFound((*found.problems, *more)) from None
    _refuse(demands.of_adapter(spec, path, provinces), node, shown)
    return spec.read_from(path)


def noted(path: Path, spec: AdapterSpec, environment: Mapping[str, str], *, name: str = "") -> tuple[Problem, ...]:
    """What isn't wrong and still may not be meant ("note"), and what the file names that isn't there yet ("absent"). Raises
    ProblemsFound."""
    node = _read(path, name or str(path))
    told = [("note", advice.of_adapter(spec)), ("absent", advice.not_there(node, environment))]
    return tuple(one for kind, faults in told for one in _placed(faults, node, name or str(path), kind))


def placed(path: Path, faults: Iterable[Fault], *, name: str = "", kind: str = "demand") -> tuple[Problem, ...]:
    """Faults that somebody else found in a file, with line and column. Raises ProblemsFound where it is no YAML."""
    shown = name or str(path)
    return tuple(_placed(faults, _read(path, shown), shown, kind))


def load_target(path: Path, *, name: str = "") -> TargetSpec:
    """The target in a file. Raises ProblemsFound."""
    shown = name or str(path)
    node = _read(path, shown)
    spec = _shaped(TargetSpec, node, shown)
    _refuse(demands.of_target(spec, path), node, shown)
    return spec


def _read(path: Path, shown: str) -> Node:
    try:
        if path.stat().st_size <= LARGEST:
            return read(path.read_text("utf-8"), shown)
    except ProblemsFound as found:
        raise ProblemsFound(map(_in_both_languages, found.problems)) from None
    except OSError as error:
        raise ProblemsFound([Problem(shown, 1, 1, "file", f"can't be read: {error.strerror} (无法读取)")]) from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise ProblemsFound([Problem(shown, line, 1, "file", "not UTF-8 (不是 UTF-8 编码)")]) from None
    words = f"larger than {LARGEST >> 10} KiB: that is no such file (文件过大)"
    raise ProblemsFound([Problem(shown, 1, 1, "file", words)])


def _shaped(model: type[Spec], node: Node, shown: str) -> Spec:
    try:
        return declare(model, node, shown)
    except ProblemsFound as found:
        raise ProblemsFound(map(_in_both_languages, found.problems)) from None


def _beyond(node: Node, shown: str, path: Path, provinces: Collection[str]) -> list[Problem]:
    """What is wrong besides, so that all comes at once: the file is looked at as its faults suggest it was meant. Of what
    one part demands of another only that is told which concerns a value that stands there: a missing part may be the
    one that is misspelt beyond recognition."""
    meant = as_meant(AdapterSpec, node)
    try:
        spec = _shaped(AdapterSpec, meant, shown)
    except ProblemsFound as found:
        return list(found.problems)
    faults = [one for one in demands.of_adapter(spec, path, provinces) if _stands(meant, one.place)]
    return list(_placed(faults, meant, shown, "demand"))


def _stands(node: Node, place: Place) -> bool:
    for step in place:
        below = node.below(step)
        if below is None:
            return False
        node = below
    return node.kind != "map"


def _in_both_languages(problem: Problem) -> Problem:
    instead = INSTEAD.get(problem.kind, "")
    if problem.kind in BOUNDS:
        instead = BOUNDS[problem.kind].format(problem.words.rpartition(" ")[2])
    if instead:
        place, _, _ = problem.words.rpartition(": ")
        return replace(problem, words=": ".join(part for part in (place, instead) if part))
    if problem.kind in CHINESE:
        return replace(problem, words=f"{problem.words} ({CHINESE[problem.kind]})")
    if not WRITTEN_IN_CHINESE.search(problem.words):
        return replace(problem, words=f"{problem.words} (取值不合要求)")
    return problem


def _refuse(faults: Iterable[Fault], node: Node, shown: str) -> None:
    problems = list(_placed(faults, node, shown, "demand"))
    if problems:
        raise ProblemsFound(problems)


def _placed(faults: Iterable[Fault], node: Node, shown: str, kind: str) -> Iterator[Problem]:
    return (Problem(shown, *node.at(one.place), kind, one.words, one.suggestion) for one in faults)
