"""The steps that a rule declares, bound to their arguments."""

from canonical_schema.declared import Node
from canonical_schema.fields import ScalarType
from canonical_schema.problem import nearest
from mappings.language.functions import guarded
from mappings.language.reader import Reader
from mappings.language.tables import lookup
from mappings.spec import Call
from mappings.steps.registry import STEPS
from mappings.steps.step import ArgumentFault, BoundStep, normal
from mappings.steps.times import time_step

_ANY = ScalarType("text", str, (), "M000")


def steps_of(reader: Reader, node: Node, type_name: str = "text") -> list[BoundStep]:
    """`type_name`: of the field; a time that is the last step gives what the field's type wants."""
    if node.kind != "list":
        reader.fault(node, "steps is a list")
        return []
    return [
        bound
        for item in node.items
        if (bound := _step(reader, item, type_name if item is node.items[-1] else "text")) is not None
    ]


def _step(reader: Reader, item: Node, type_name: str) -> BoundStep | None:
    argument: Node | None = None
    if item.kind == "map" and len(item.entries) == 1:
        name, argument = next(iter(item.entries.items()))
    elif item.kind == "scalar":
        name = item.text
    else:
        reader.fault(item, "a step is its name, or 'name: argument'")
        return None
    if name == "call":
        call = call_of(reader, argument or item)
        return BoundStep(call.run, call.label) if call else None
    step = STEPS.get(name)
    if step is None:
        reader.fault(item, f"there is no step '{name}'", nearest(name, [*STEPS, "call"]), "unknown step")
        return None
    if argument is None and step.takes == "argument":
        reader.fault(item, f"the step '{name}' needs an argument: {step.example}")
        return None
    if argument is not None and step.takes == "nothing":
        reader.fault(argument, f"the step '{name}' takes no argument")
        return None
    if name == "lookup" and argument is not None:
        return lookup(reader, argument, None, _ANY)
    if name == "time":
        return time_of(reader, argument, argument or item, type_name)
    try:
        return step.bind(argument or item)
    except ArgumentFault as fault:
        reader.fault(fault.node, fault.words, fault.suggestion)
        return None


def call_of(reader: Reader, node: Node) -> Call | None:
    """A function of the pack's own Python."""
    name = reader.text(node, "call")
    function = reader.beside.functions.get(name)
    if function is None:
        known = list(reader.beside.functions)
        reader.fault(node, f"the pack has no function '{name}'", nearest(name, known), "unknown function")
        return None
    return Call(guarded(name, function), f"call {name}")


def time_of(reader: Reader, node: Node | None, at: Node, type_name: str) -> BoundStep | None:
    """The step that reads a time: by the formats at `node`, else by the file's own `times`."""
    forms = tuple(normal(form) for form in (reader.texts(node, "time") if node is not None else reader.times))
    if not forms or reader.zone is None:
        words = "a time needs its formats: 'time: [yyyy-MM-dd HH:mm:ss]' here, or 'times' and 'zone' for the whole file"
        reader.fault(at, words)
        return None
    try:
        return time_step(forms, reader.zone, as_moment=type_name == "moment")
    except ValueError as error:
        reader.fault(node or at, str(error))
        return None
