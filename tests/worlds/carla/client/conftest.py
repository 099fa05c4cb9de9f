from importlib.util import find_spec

import pytest


@pytest.fixture
def carla():
    """Skips where the official client has no wheel."""
    if find_spec("carla") is None:
        pytest.skip("the carla wheel is missing")
