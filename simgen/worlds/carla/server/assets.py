"""What assets/driving/carla says: attributes of blueprints, names of towns, the first weather."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simgen.core import asset


def assets() -> Mapping[str, Any]:
    """What assets/driving/carla/blueprints.yaml says."""
    found: Mapping[str, Any] = asset("driving/carla/blueprints")
    return found
