"""Legal terms: M021 (receipt confirmed), M022 (back-fill filed), A001 (steps of an application).

A term that isn't over on the day of judgement isn't missed. Days are compared, not hours: the law counts in days.
"""

from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from canonical_schema.rules.rule import Content, Finding, warning
from canonical_schema.rules.working_days import deadline

CONFIRM_DAYS, BACKFILL_DAYS = 5, 10
# The step that starts a term, those that keep it, and its working days (Art. 23–26). The words that systems use for them.
_STEPS = (
    (("accepted", "受理"), ("consulted", "商请", "商请函", "rejected", "不予批准"), 5),
    (("consulted", "商请", "商请函"), ("agreed", "同意", "复函", "declined", "不同意"), 10),
    (("agreed", "同意", "复函", "declined", "不同意"), ("approved", "批准", "rejected", "不予批准"), 5),
)


def receipt_confirmed(content: Content, day: date) -> Iterator[Finding]:
    """M021: the consignee confirms within five working days (Art. 18)."""
    consignee = content.get("consignee", {})
    if "received_at" not in consignee or content.get("status") == "voided":
        return
    done = consignee.get("confirmed_at")
    missed = _missed(consignee["received_at"]["at"], CONFIRM_DAYS, done["at"] if done else None, day)
    if missed:
        yield warning(
            "M021",
            ("/consignee/received_at", "/consignee/confirmed_at"),
            f"接受后应在 {missed} 前（{CONFIRM_DAYS} 个工作日内）确认，{_done_zh(done)}",
            f"receipt was to be confirmed by {missed} ({CONFIRM_DAYS} working days); {_done_en(done)}",
        )


def backfill_filed(content: Content, day: date) -> Iterator[Finding]:
    """M022: a paper manifest is entered within ten working days after the transfer (Art. 20)."""
    backfill = content.get("backfill", {})
    if "finished_at" not in backfill:
        return
    done = backfill.get("filed_at")
    missed = _missed(backfill["finished_at"]["at"], BACKFILL_DAYS, done["at"] if done else None, day)
    if missed:
        yield warning(
            "M022",
            ("/backfill/finished_at", "/backfill/filed_at"),
            f"转移完成后应在 {missed} 前（{BACKFILL_DAYS} 个工作日内）补录，{_done_zh(done)}",
            f"the back-fill was due by {missed} ({BACKFILL_DAYS} working days); {_done_en(done)}",
        )


def steps_in_time(content: Content, day: date) -> Iterator[Finding]:
    """A001: each step of an application within its term: its own `due_at` where told, else the law's.

    By the law a step is due after the latest one before it that starts a term; the last of all may have one still running.
    """
    steps = content.get("steps", ())
    dated = sorted((place for place, step in enumerate(steps) if "at" in step), key=lambda at: steps[at]["at"]["at"])
    running: int | None = None
    for place in dated:
        step, missed = steps[place], None
        if "due_at" not in step and running is not None and step["step"] in _keeps(steps[running]):
            missed = _missed(steps[running]["at"]["at"], _days(steps[running]), step["at"]["at"], day)
        if missed:
            yield _late(place, step, missed)
        if _days(step):
            running = place
    for place, step in enumerate(steps):
        due = step.get("due_at")
        if due is not None and (step["at"]["at"] if "at" in step else day.isoformat())[:10] > due["at"][:10]:
            yield _late(place, step, due["at"][:10])
    if (
        dated
        and running == dated[-1]
        and (missed := _missed(steps[running]["at"]["at"], _days(steps[running]), None, day))
    ):
        wanted = "、".join(_keeps(steps[running])[-2:])
        yield warning(
            "A001",
            (f"/steps/{running}/at",),
            f"环节“{steps[running]['step']}”之后应在 {missed} 前办理下一环节（{wanted} 等），尚未办理",
            f"after the step '{steps[running]['step']}' the next was due by {missed}; it isn't done",
        )


def _late(place: int, step: Content, missed: str) -> Finding:
    return warning(
        "A001",
        (f"/steps/{place}/at",),
        f"环节“{step['step']}”应在 {missed} 前完成，{_done_zh(step.get('at'))}",
        f"the step '{step['step']}' was due by {missed}; {_done_en(step.get('at'))}",
    )


def _days(step: Content) -> int:
    """The working days of the term that the step starts, 0 where it starts none."""
    return next((days for starts, _, days in _STEPS if step["step"] in starts), 0)


def _keeps(step: Content) -> tuple[str, ...]:
    """The steps that keep the term which this one starts."""
    return next((keeps for starts, keeps, _ in _STEPS if step["step"] in starts), ())


def _missed(start: str, days: int, done: str | None, day: date) -> str | None:
    """The last day of the term, if it is over and not kept; marked where the calendar isn't published yet."""
    last, provisional = _deadline(start[:10], days)
    if (done or day.isoformat())[:10] <= last:
        return None
    return f"{last}（暂定/provisional）" if provisional else last


@lru_cache(maxsize=4096)
def _deadline(start: str, days: int) -> tuple[str, bool]:
    last, provisional = deadline(date.fromisoformat(start), days)
    return last.isoformat(), provisional


def _done_zh(done: Content | None) -> str:
    return f"实际为 {done['at'][:10]}" if done else "尚未办理"


def _done_en(done: Content | None) -> str:
    return f"it was done on {done['at'][:10]}" if done else "it isn't done"
