"""One face over JSON and XML: plain dicts, lists and scalars, walked once.

A JSON tree is used as it is. An XML element becomes

    leaf without attributes  →  its text (str)
    anything else            →  {"@attribute": str, "child": leaf, dict, or list where the name repeats, "": text}

Names are local names: provinces change prefixes and namespaces without notice, and the XPaths of lineage are
prefix-free for the same reason. The document itself becomes {root name: root}. White space is kept: `raw` is what an
independent XPath evaluator finds.
"""

from itertools import islice
from typing import Any

from lxml import etree

Plain = Any  # dict[str, Plain] | list[Plain] | str | int | Decimal | bool | None


def is_xml(tree: Any) -> bool:
    return isinstance(tree, etree._Element)  # noqa: SLF001 - lxml names its element type so


# Asked once of a whole document: asking each element is a fifth of the walk.
_HAS_ATTRIBUTES = etree.XPath("boolean(descendant-or-self::*/@*)")


def plain(tree: Any) -> Plain:
    """The tree that compiled mappings read."""
    if not is_xml(tree):
        return tree
    # the first few tell it of most documents that have some, of which the whole question would gather all
    some = any(element.keys() for element in islice(tree.iter(etree.Element), 50)) or _HAS_ATTRIBUTES(tree)
    walk = _element if some else _bare
    return {_local(tree.tag): walk(tree, _Names())}


def _local(name: Any) -> str:
    text = str(name)
    return text.rpartition("}")[2] if text[0] == "{" else text


class _Names(dict[str, str]):
    """Tag → local name, worked out once in a document."""

    def __missing__(self, tag: str) -> str:
        name = self[tag] = _local(tag)
        return name


def _attributes(element: Any) -> dict[str, Plain]:
    """Attributes of which some have one local name: these are several values, and none is taken for the others."""
    told: dict[str, list[str]] = {}
    for name, value in element.items():
        told.setdefault("@" + _local(name), []).append(value)
    return {name: values if len(values) > 1 else values[0] for name, values in told.items()}


def _element(element: Any, names: _Names) -> Plain:
    out: dict[str, Plain] = {"@" + _local(name): value for name, value in element.items()}
    if len(out) < len(element.keys()):
        out = _attributes(element)
    if not len(element):
        text = element.text or ""
        return out | {"": text} if out else text
    attributes = len(out)
    repeated: set[str] = set()
    for child in element:
        tag = child.tag
        if tag.__class__ is not str:  # a comment or processing instruction
            continue
        name = names[tag]
        # most elements are leaves without attributes: taken here, without a call
        value = _element(child, names) if len(child) or child.keys() else child.text or ""
        if name not in out:
            out[name] = value
        elif name in repeated:
            out[name].append(value)
        else:
            out[name] = [out[name], value]
            repeated.add(name)
    if len(out) == attributes:  # only comments among its text
        text = "".join(element.itertext())
        return out | {"": text} if out else text
    return out


def _bare(element: Any, names: _Names) -> Plain:
    """The same for a document without a single attribute."""
    if not len(element):
        return element.text or ""
    out: dict[str, Plain] = {}
    repeated: set[str] = set()
    for child in element:
        tag = child.tag
        if tag.__class__ is not str:
            continue
        name = names[tag]
        value = _bare(child, names) if len(child) else child.text or ""
        if name not in out:
            out[name] = value
        elif name in repeated:
            out[name].append(value)
        else:
            out[name] = [out[name], value]
            repeated.add(name)
    return out or "".join(element.itertext())
