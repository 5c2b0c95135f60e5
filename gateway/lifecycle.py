"""The life of an adapter as a table: (stage, event) → stage. What isn't in the table is refused with both names.

Only a passed contract run tells `passed`. An operator may say `go_live` from anywhere and answers for it with a reason.
Shadow runs everything, but its claims stay out of consolidation, sharing and delivery.
"""

from typing import Final

from gateway.errors import WrongStage

STAGES: Final = ("draft", "tested", "shadow", "live", "suspended")

MOVES: Final[dict[tuple[str, str], str]] = {
    ("draft", "passed"): "tested",
    ("tested", "passed"): "tested",
    ("shadow", "passed"): "shadow",
    ("live", "passed"): "live",
    ("suspended", "passed"): "tested",
    ("tested", "go_shadow"): "shadow",
    ("live", "go_shadow"): "shadow",
    ("draft", "go_live"): "live",
    ("tested", "go_live"): "live",
    ("shadow", "go_live"): "live",
    ("suspended", "go_live"): "live",
    ("tested", "suspend"): "suspended",
    ("shadow", "suspend"): "suspended",
    ("live", "suspend"): "suspended",
    ("tested", "revise"): "draft",
    ("shadow", "revise"): "draft",
    ("suspended", "revise"): "draft",
}

BY_HAND: Final = {"draft": "revise", "shadow": "go_shadow", "live": "go_live", "suspended": "suspend"}
"""The event that an operator tells by naming the stage he wants; `tested` can't be had by asking."""

TAKES_DATA: Final = frozenset({"shadow", "live"})


def move_by_hand(adapter: str, stage: str, wanted: str) -> str:
    """The stage that an operator asked for, if it can be reached. Asking for the stage it is in changes nothing."""
    if wanted not in STAGES:
        raise WrongStage(
            f"没有 {wanted!r} 这个阶段; 可用: {', '.join(STAGES)}",
            f"there is no stage {wanted!r}; there are {', '.join(STAGES)}",
        )
    if wanted == stage:
        return stage
    event = BY_HAND.get(wanted)
    if event is None:
        raise WrongStage(
            "只有通过契约测试才能进入 tested 阶段", "only a passed contract run moves an adapter to 'tested'"
        )
    if (stage, event) not in MOVES:
        possible = ", ".join(name for name, by in BY_HAND.items() if (stage, by) in MOVES)
        raise WrongStage(
            f"适配器 {adapter} 处于 {stage} 阶段, 不能直接改为 {wanted}; 可改为: {possible}",
            f"adapter {adapter} is {stage} and can't become {wanted} from there; it can become: {possible}",
        )
    return MOVES[stage, event]


def require_taking_data(adapter: str, stage: str, packs: tuple[str, ...] = ()) -> None:
    """Refuse to pull or ingest for an adapter that isn't shadow or live, naming the command that helps."""
    if stage in TAKES_DATA:
        return
    command = " ".join(
        [f"liandan adapters stage {adapter} live --reason '…'", *(f"--pack {folder}" for folder in packs)]
    )
    raise WrongStage(
        f"适配器 {adapter} 处于 {stage} 阶段, 不接收数据; 请先运行: {command}",
        f"adapter {adapter} is {stage} and takes no data yet; run first: {command}",
    )
