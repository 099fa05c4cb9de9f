"""What assets/driving/carla says: attributes of blueprints, names of towns, the first weather."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import yaml

from simgen.core import data_folder


@cache
def assets() -> Mapping[str, Any]:
    """What assets/driving/carla/blueprints.yaml says."""
    path = data_folder("assets") / "driving" / "carla" / "blueprints.yaml"
    found: Mapping[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found
