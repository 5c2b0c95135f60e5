"""Whether an adapter could run: are its files sound, and is there what they name? No network is touched."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from adapters.errors import Misconfigured
from adapters.secrets import VARIABLE, resolve
from adapters.spec import AdapterSpec, TargetSpec
from gateway.clock import instant
from gateway.domain.asking import Asked, resting_until
from gateway.domain.counts import Counts


@dataclass(frozen=True, slots=True)
class AdapterState:
    """One adapter as `adapters list` shows it. `words` says why it can't be asked at all, `trouble` what was wrong with the
    last run: `failures` of them in a row, and so the next comes no sooner than `resting_until`. Counts are over the
    database's life."""

    id: str
    title: str
    title_en: str
    driver: str
    division: str | None
    datasets: tuple[str, ...]
    stage: str
    words: str
    counts: Counts
    asked: Asked = field(default_factory=Asked)

    @property
    def up(self) -> bool:
        return not self.words

    def as_dict(self) -> dict[str, Any]:
        told = asdict(self)
        del told["asked"]
        counts: dict[str, int] = told.pop("counts")
        return told | counts | {"datasets": list(self.datasets), "up": self.up} | _told(self.asked)


def _told(asked: Asked) -> dict[str, Any]:
    until = resting_until(asked)
    return {
        "asked_at": instant(asked.began) if asked.began else None,
        "well_at": instant(asked.well_at) if asked.well_at else None,
        "failures": asked.breaker.failures,
        "resting_until": instant(until) if until else None,
        "trouble": asked.words,
    }


def missing(spec: AdapterSpec | TargetSpec, environment: Mapping[str, str]) -> str:
    """What the file names and isn't there (variables, secret files, the folder), as one sentence; "" when all is."""
    texts = list(_texts(spec.model_dump(mode="json", exclude={"file", "datasets"})))
    names = dict.fromkeys(name for text in texts for name in VARIABLE.findall(text) if not environment.get(name))
    words = [f"not set: {', '.join(names)} (环境变量未设置)"] if names else []
    for text in texts:
        if text.startswith("file:") and not any(name in names for name in VARIABLE.findall(text)):
            try:
                resolve(text, environment)
            except Misconfigured as error:
                words.append(error.words)
    folder = getattr(spec, "folder", None)
    if folder and not words and not Path(resolve(folder, environment).reveal()).is_dir():
        words.append("its folder isn't there (目录不存在)")
    return "; ".join(words)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _texts(one)
