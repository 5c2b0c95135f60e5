"""The pack's own functions, called so that one value they weren't made for costs that value alone."""

from collections.abc import Callable
from typing import Any

from canonical_schema.errors import InvalidValue
from mappings.steps.step import refuse

# What a province's own function meets in values it wasn't made for: its value is refused, the others go on.
SLIPS = (ArithmeticError, AssertionError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)


def guarded(name: str, function: Callable[..., Any]) -> Callable[..., str]:
    """The function, refusing what it fails on or gives no text for."""

    def run(*given: str | None) -> str:
        try:
            made = function(*given)
        except InvalidValue:
            raise
        except Exception as error:
            told, value = f"{type(error).__name__}: {error}", _shown(given)
            raise refuse(
                value, f"函数 {name} 处理不了“{value}”（{told}）", f"{name} fails on '{value}' ({told})"
            ) from error
        if not isinstance(made, str):
            value = _shown(given)
            raise refuse(value, f"函数 {name} 对“{value}”未给出文本", f"{name} gives no text for '{value}'")
        return made

    return run


def _shown(given: tuple[str | None, ...]) -> str:
    return ", ".join("-" if one is None else one for one in given)
