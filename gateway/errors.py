"""What can go wrong in the running product, in the user's words.

GatewayError                  words in Chinese and English, for people; `kind` is stable, for programs
├── NoSuchThing               the answer is no: 404, exit code 1
│   ├── NoSuchRecord          no record under this number
│   ├── NoSuchVersion         the record has no version of this number
│   ├── NoSuchQuarantine      nothing set apart under this id
│   ├── NoSuchPayload         nothing stored under this hash
│   ├── NoSuchDrift           nothing open among the changes of sources under this id
│   └── NoSuchKey             no credential of this name
├── TwoRecords                a local number that two records carry: 409, exit code 1; `record_ids` names them
├── Retired               it was known once, and was retired by law: 410, exit code 1
├── NotWritable               a record that a system's own form can't hold: exit code 1
├── ChangedInPlace            something stored isn't what it was: a defect or tampering, never papered over
└── UsedWrongly               the request can't be carried out as asked: 422, exit code 2
    ├── BadSettings           liandan.toml or a LIANDAN_ variable
    ├── NoSuchAdapter         no adapter (or dataset of it) in the loaded packs
    ├── TwicePacked           two packs claim one id
    ├── BadCursor             a feed position that this gateway never gave out
    ├── TooBroad              a search for what nearly every record holds
    └── WrongStage            the adapter's stage doesn't allow it
        └── StageMoved        it was moved while a run was under way: the run must begin anew

Faults in declared files are canonical_schema.problem.ProblemsFound; those of other systems are adapters.errors.
"""

from collections.abc import Iterable
from typing import ClassVar


class GatewayError(Exception):
    """Base. `zh` and `en` say the same; `kind` is the last part of the problem type's URI."""

    kind: ClassVar[str] = "fault"
    exit_code: ClassVar[int] = 1

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en


class NoSuchThing(GatewayError):
    kind = "not-found"


class NoSuchRecord(NoSuchThing):
    def __init__(self, no: str) -> None:
        super().__init__(f"没有编号为 {no!r} 的记录", f"no record is known under {no!r}")


class NoSuchVersion(NoSuchThing):
    def __init__(self, record_id: str, version: int) -> None:
        super().__init__(f"记录 {record_id} 没有版本 {version}", f"record {record_id} has no version {version}")


class NoSuchQuarantine(NoSuchThing):
    def __init__(self, item: str) -> None:
        super().__init__(f"隔离区没有 {item!r}", f"nothing is quarantined under {item!r}")


class NoSuchPayload(NoSuchThing):
    def __init__(self, digest: str) -> None:
        super().__init__(f"没有存过载荷 {digest!r}", f"no payload {digest!r} is stored")


class NoSuchDrift(NoSuchThing):
    def __init__(self, item: str) -> None:
        super().__init__(f"没有未处理的变化 {item!r}", f"no change of a source is open under {item!r}")


class NoSuchKey(NoSuchThing):
    def __init__(self, name: str) -> None:
        super().__init__(f"没有名为 {name!r} 的有效凭证", f"no valid key is called {name!r}")


class TwoRecords(GatewayError):
    kind = "ambiguous"

    def __init__(self, no: str, record_ids: Iterable[str]) -> None:
        self.record_ids = tuple(sorted(record_ids))
        listed = ", ".join(self.record_ids)
        super().__init__(
            f"编号 {no!r} 对应多条记录: {listed}", f"{no!r} is the number of more than one record: {listed}"
        )


class Retired(GatewayError):
    kind = "retired"


class NotWritable(GatewayError):
    kind = "not-writable"

    def __init__(self, reasons: str) -> None:
        super().__init__(
            f"记录无法写成对方的格式: {reasons}", f"the record can't be written in the system's form: {reasons}"
        )


class ChangedInPlace(GatewayError):
    kind = "integrity"


class UsedWrongly(GatewayError):
    kind = "used-wrongly"
    exit_code = 2


class BadSettings(UsedWrongly):
    kind = "settings"


class NoSuchAdapter(UsedWrongly):
    kind = "no-such-adapter"


class TwicePacked(UsedWrongly):
    kind = "twice-packed"


class BadCursor(UsedWrongly):
    kind = "bad-cursor"

    def __init__(self, cursor: str) -> None:
        super().__init__(f"游标 {cursor!r} 无效", f"{cursor!r} is no cursor of this feed")


class TooBroad(UsedWrongly):
    kind = "too-broad"

    def __init__(self, value: str) -> None:
        super().__init__(
            f"符合 {value!r} 的名称过多, 请写得更完整", f"too many names hold {value!r}: give more of the name"
        )


class WrongStage(UsedWrongly):
    kind = "wrong-stage"


class StageMoved(WrongStage):
    def __init__(self, adapter: str) -> None:
        super().__init__(
            f"适配器 {adapter} 的阶段在拉取期间已改变, 须重新拉取",
            f"adapter {adapter} was moved to another stage during the run: it must begin anew",
        )
