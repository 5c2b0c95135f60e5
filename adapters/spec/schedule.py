"""When a system is asked."""

from typing import Annotated, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, model_validator

from adapters.spec.strict import Strict
from adapters.texts import Seconds, Text
from adapters.timetable import cron_fault, window


def _cron(text: str) -> str:
    if wrong := cron_fault(text):
        raise ValueError(wrong)
    return text


def _zone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"{text!r} is no time zone, such as Asia/Shanghai (没有这个时区)") from None
    return text


def _window(text: str) -> str:
    window(text)
    return text


Cron = Annotated[Text, AfterValidator(_cron)]
Zone = Annotated[Text, AfterValidator(_zone)]
QuietHours = Annotated[Text, AfterValidator(_window)]


class ScheduleSpec(Strict):
    """`every` so often, from the beginning of one run to that of the next, or by `cron` (five fields) in `zone`; each run
    begins up to `jitter` later. `zone` is that of the quiet hours too. Without either, as often as the gateway is set."""

    every: Seconds | None = None
    cron: Cron | None = None
    jitter: Seconds = 0
    zone: Zone = "Asia/Shanghai"

    @model_validator(mode="after")
    def _one(self) -> Self:
        if self.every is not None and self.cron is not None:
            raise ValueError("'every' or 'cron', not both (every 与 cron 只能二选一)")
        if self.every is not None and self.every < 1:
            raise ValueError("'every' is at least 1s (every 至少 1s)")
        return self


class AgainSpec(Strict):
    """Patience with a system that is down: after the first failed run it's asked again within `first`, and each time in
    twice as long, up to `longest`. Until `failures` runs in a row have failed, the schedule may come before that."""

    failures: Annotated[int, Field(ge=1, le=1000)] = 5
    first: Seconds = 30
    longest: Seconds = 3600

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not 0 < self.first <= self.longest:
            raise ValueError("first is above 0, and longest isn't below it (first 大于 0, longest 不小于 first)")
        return self
