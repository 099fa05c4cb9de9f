"""A small data set of drives with sensors."""

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

import simgen


@cache
def small_drives():
    """The folder of two drives through the town, eight looks each; nobody may change it."""
    aside = tempfile.mkdtemp(prefix="drives")
    atexit.register(shutil.rmtree, aside, ignore_errors=True)
    out = Path(aside) / "data"
    small = {"n_episodes": 2, "duration": 2.0, "step_time": 0.25, "n_vehicles": 30}
    simgen.generate(
        "driving/urban_traffic",
        out=out,
        seed=3,
        difficulty=False,
        quiet=True,
        sensors="survey",
        **small,
    )
    return out
