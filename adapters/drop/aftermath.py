"""What becomes of a file once it is stored, or can't be: it is moved away, never deleted, and what failed is told beside it."""

from collections.abc import Sequence
from datetime import datetime

from adapters.drop.arrival import Arrived
from adapters.drop.source import NOTE
from adapters.drop.taking import Run
from adapters.errors import AdapterError
from adapters.payload import Damaged


async def move(run: Run, one: Arrived, whose: str, why: Sequence[str], at: datetime, *, taken: bool) -> None:
    """Into `failed` where there is a `why`, else into `done`. `whose` is adapter and dataset, `taken` whether something of it
    is stored. The note comes first, then the marker, the file itself last: whatever is cut short is done over next time."""
    after, source = run.spec.after, run.source
    if after is None:
        return
    folder = after.failed if why else after.done
    name = await source.free(folder, one.name)
    if why:
        await source.write(folder, name + NOTE, note(one.name, whose, why, at, taken=taken).encode())
    marker = run.listed.get(run.marker_of(one))
    if marker is not None and run.spec.marker is not None and run.spec.marker.own:
        await source.move(marker, folder, await source.free(folder, marker.name))
    await source.move(one.entry, folder, name)


def note(name: str, whose: str, why: Sequence[str], at: datetime, *, taken: bool) -> str:
    rest = ("其余内容已接收", "all else in it was taken") if taken else ("其内容均未接收", "nothing of it was taken")
    return "\n".join(
        (
            f"{name}    {whose}    {at.isoformat(timespec='seconds')}",
            f"未能完整读取, {rest[0]}。原因如下:",
            f"It could not be read in whole; {rest[1]}. Why:",
            *(f"  {reason}" for reason in why),
            "",
        )
    )


def of_damaged(damaged: Sequence[Damaged]) -> list[str]:
    return [f"{one.place}: {reason}" for one in damaged for reason in one.reasons]


def of_error(error: AdapterError) -> list[str]:
    return [": ".join(part for part in (error.where, str(error.words)) if part)]
