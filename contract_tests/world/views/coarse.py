"""What is left of canonical content when a system carries only part of it: picked fields, coarser times."""

from collections.abc import Callable, Iterable
from typing import Any


def pick(part: dict[str, Any] | None, keys: Iterable[str]) -> dict[str, Any]:
    """The told ones of these fields, in this order; nothing where the part itself isn't told."""
    return {key: part[key] for key in keys if key in part} if part else {}


def moment(value: dict[str, str], precision: str) -> dict[str, str]:
    """A moment as a system gives it that writes no finer than `precision`."""
    at = value["at"]
    if precision == "day":
        return {"at": at[:10], "precision": "day"}
    if precision == "minute":
        return {"at": at[:16] + ":00+08:00", "precision": "minute"}
    return value


def moments(part: dict[str, Any], keys: Iterable[str], precision: str) -> dict[str, Any]:
    """`part` (changed in place and given back) with these moments, where told, as coarse as `precision`."""
    for key in keys:
        if key in part:
            part[key] = moment(part[key], precision)
    return part


def written(value: dict[str, str] | None, form: str) -> str:
    """A moment as local text: `form` is one of `yyyy-MM-dd`, `yyyy-MM-dd HH:mm`, `yyyy-MM-dd HH:mm:ss` or the same with /."""
    if value is None:
        return ""
    text = value["at"][: len(form)].replace("T", " ")
    return text.replace("-", "/") if "/" in form else text


_TYPED = str.maketrans(",()", "，（）")


def typed(text: str) -> str:
    """A text as a Chinese keyboard gives it: full-width comma and brackets, which NFKC turns back."""
    return text.translate(_TYPED)


def six_digits(division: dict[str, str] | None) -> str:
    """A division as systems write it: always six digits."""
    return f"{division['code']:0<6}" if division else ""


def put(out: dict[str, Any], key: str, value: Any) -> None:
    """Sets what is there: nothing empty ever stands in canonical content."""
    if value:
        out[key] = value


def each(
    parts: Iterable[dict[str, Any]] | None, view: Callable[[dict[str, Any]], dict[str, Any]]
) -> list[dict[str, Any]]:
    return [view(part) for part in parts or ()]
