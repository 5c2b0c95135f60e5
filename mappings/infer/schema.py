"""What schemas say of a source's places: names, labels, code lists and what repeats, as the same tree that samples give.

JSON Schema and OpenAPI come as a decoded JSON tree, XSD and WSDL as an lxml element. References stay inside the document.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mappings.infer.lookups import labelled
from mappings.infer.tree import MOST_PLACES, Path, Place
from mappings.infer.xsd import declared_in_xsd, label

DEEPEST = 24


def declared_in(tree: Any) -> list[Place]:
    """One tree for each thing that the schema declares; none where the document is no schema."""
    if not isinstance(tree, Mapping):
        return declared_in_xsd(tree) if hasattr(tree, "tag") else []
    if not _is_schema(tree):
        return []
    return [place for schema in _declared(tree) if (place := _Reader(tree).read(schema)).children]


def _is_schema(tree: Mapping[str, Any]) -> bool:
    typed = isinstance(tree.get("properties"), Mapping) or "$schema" in tree or "$defs" in tree
    return typed or "openapi" in tree or "swagger" in tree or isinstance(tree.get("definitions"), Mapping)


def _declared(tree: Mapping[str, Any]) -> Iterator[Any]:
    """What answers look like, then every named part, then the document itself."""
    for paths in _values(tree.get("paths")):
        for operation in _values(paths):
            for answer in _values(operation.get("responses") if isinstance(operation, Mapping) else None):
                yield from (one.get("schema") for one in _values(_entry(answer, "content")) if isinstance(one, Mapping))
                yield _entry(answer, "schema")
    components = _entry(tree, "components")
    for named in (_entry(components, "schemas"), tree.get("definitions"), tree.get("$defs")):
        yield from _values(named)
    yield tree


def _values(node: Any) -> Sequence[Any]:
    return tuple(node.values()) if isinstance(node, Mapping) else ()


def _entry(node: Any, key: str) -> Any:
    return node.get(key) if isinstance(node, Mapping) else None


class _Reader:
    """One declared thing under way; `left`: how many places it may still have."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document = document
        self.left = MOST_PLACES

    def read(self, schema: Any) -> Place:
        root = Place(())
        self._walk(schema, root, ())
        return root

    def _walk(self, schema: Any, place: Place, within: tuple[str, ...]) -> None:
        """`within`: the references on the way here, so that a circle ends."""
        if not isinstance(schema, Mapping) or len(within) > DEEPEST:
            return
        reference = schema.get("$ref")
        if isinstance(reference, str) and reference not in within:
            self._walk(self._resolved(reference), place, (*within, reference))
        self._describe(schema, place)
        for key in ("allOf", "oneOf", "anyOf"):
            parts = schema.get(key)
            for part in parts if isinstance(parts, list) else ():
                self._walk(part, place, (*within, key))
        if isinstance(schema.get("items"), Mapping):
            place.many = True
            self._walk(schema["items"], place, (*within, "items"))
        properties = schema.get("properties")
        for name, inner in properties.items() if isinstance(properties, Mapping) else ():
            if self.left > 0 and name:
                self.left -= name not in place.children
                self._walk(inner, place.child(name), (*within, "properties"))

    def _resolved(self, reference: str) -> Any:
        node: Any = self.document
        for part in reference.removeprefix("#/").split("/") if reference.startswith("#/") else ("",):
            node = _entry(node, part.replace("~1", "/").replace("~0", "~"))
        return node

    @staticmethod
    def _describe(schema: Mapping[str, Any], place: Place) -> None:
        told = [text for key in ("title", "description") if isinstance(text := schema.get(key), str)]
        if told and not place.label:
            place.label = label(told[0])
        words = schema.get("enum")
        meanings = schema.get("x-enum-descriptions") or schema.get("x-enum-varnames") or ()
        if isinstance(words, list):
            named = [str(one) for one in meanings] if isinstance(meanings, list) else []
            place.words |= dict(zip(map(str, words), [*named, *[""] * len(words)], strict=False))
        place.words |= labelled(" ".join(told))


def combined(root: Place, declared: Sequence[Place]) -> Place:
    """The places of samples, with what schemas say of them and what they declare beside them; without samples, the largest schema."""
    if not root.children:
        return max(declared, key=lambda one: sum(1 for _ in one.under()), default=root)
    objects = [place for one in declared for place in (one, *one.under()) if place.children]
    for place in (root, *root.under()):
        if place.children and (like := _like(place, objects)) is not None:
            _merge(place, like)
    return root


def _like(place: Place, objects: Sequence[Place]) -> Place | None:
    """The declared object that has most of the names that stand here, if that is at least half of either."""
    best = max(objects, key=lambda one: len(one.children.keys() & place.children.keys()), default=None)
    if best is None:
        return None
    shared = len(best.children.keys() & place.children.keys())
    return best if shared * 2 >= min(len(best.children), len(place.children)) and shared else None


def _merge(place: Place, declared: Place) -> None:
    for name, inner in declared.children.items():
        if name not in place.children:
            place.children[name] = _moved(inner, (*place.path, name))
            continue
        here = place.children[name]
        here.label, here.words, here.many = here.label or inner.label, inner.words | here.words, here.many or inner.many


def _moved(place: Place, path: Path) -> Place:
    """A declared place, and all in it, where the sample would have had it."""
    children = {name: _moved(inner, (*path, name)) for name, inner in place.children.items()}
    return Place(path, children, place.many, label=place.label, words=dict(place.words))
