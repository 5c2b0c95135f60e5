from collections.abc import Callable
from typing import Any

import pytest

from gateway.domain.claim import Claim

DIVISIONS = {"js": "32", "tj": "12", "gd": "44", "zj": "33"}


@pytest.fixture(scope="session")
def claim() -> Callable[..., Claim]:
    """claim(adapter, content, source_key="1", newer=…, arrival=…, findings=…) -> Claim of that province's system."""

    def make(adapter: str, content: dict[str, Any], source_key: str = "1", **more: Any) -> Claim:
        parts: dict[str, Any] = {
            "kind": "manifest",
            "division": DIVISIONS[adapter],
            "dataset": "manifests",
            "newer": None,
            "arrival": 0,
            "observed_at": "2026-03-05T08:30:00+08:00",
            "payload_hash": "a" * 64,
            "mapping_hash": "b" * 64,
        }
        return Claim(adapter=adapter, content=content, source_key=source_key, **(parts | more))

    return make
