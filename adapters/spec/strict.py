"""What all parts of an adapter file have in common: no key that isn't known, and nothing changes once it is read."""

from pydantic import BaseModel, ConfigDict


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
