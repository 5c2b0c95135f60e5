import os
import random

import pytest


@pytest.fixture
def dice():
    """Random by a fixed seed; another one at each run of the long figures."""
    return random.Random(None if os.environ.get("LIANDAN_TORTURE") else 20261124)
