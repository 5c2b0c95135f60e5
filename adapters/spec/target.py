"""A system that records are delivered to."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from adapters.spec.limits import LimitsSpec
from adapters.spec.reached import ReachedSpec
from adapters.spec.strict import Strict
from adapters.texts import Name, Seconds, Text


class RetrySpec(Strict):
    """A target's patience: `first` bounds the wait after the first failure, each later bound is twice the one before,
    up to `longest`; what isn't delivered `deadline` after it was owed is a dead letter."""

    first: Seconds = 1
    longest: Seconds = 900
    deadline: Seconds = 3 * 86_400

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not 0 < self.first <= self.longest <= self.deadline:
            raise ValueError(
                "first, longest and deadline rise in this order, and first is above 0 (须依次递增, first 大于 0)"
            )
        return self


class TargetSpec(ReachedSpec):
    """A system that records are delivered to."""

    id: Name
    title: Text
    title_en: Text
    driver: Literal["national"]
    base_url: Text
    headers: dict[str, str] = {}
    batch: Annotated[int, Field(ge=1, le=1000)] = 100
    retry: RetrySpec = RetrySpec()
    limits: LimitsSpec = LimitsSpec()
