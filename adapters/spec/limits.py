"""Within which bounds a system may keep us busy."""

from adapters.limits import MEGABYTE, Limits
from adapters.spec.strict import Strict
from adapters.texts import Count, Seconds


class LimitsSpec(Strict):
    connect: Seconds = 5
    read: Seconds = 30
    total: Seconds = 120
    answer_mb: Count = 32
    unpacked_mb: Count = 200
    ratio: Count = 100
    members: Count = 10_000
    depth: Count = 100
    concurrency: Count = 4
    tries: Count = 4

    def bounds(self) -> Limits:
        return Limits(
            connect=self.connect,
            read=self.read,
            total=self.total,
            answer=self.answer_mb * MEGABYTE,
            concurrency=self.concurrency,
            tries=self.tries,
            unpacked=self.unpacked_mb * MEGABYTE,
            ratio=self.ratio,
            members=self.members,
            depth=self.depth,
        )
