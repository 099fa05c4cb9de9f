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
    small = {"n_episodes": 2, "duration": 2.0, "step_time": 0.25, "n_vehicles": 30}
    return _drives("driving/urban_traffic", seed=3, sensors="survey", **small)


@cache
def lonely_drives():
    """The folder of two drives on the motorway, in the first of which no sensor sees anybody."""
    small = {"n_episodes": 2, "duration": 2.0, "n_vehicles": 0}
    return _drives("driving/cut_in", seed=2, sensors="kitti", **small)


def _drives(scenario, *, seed, **values):
    aside = tempfile.mkdtemp(prefix="drives")
    atexit.register(shutil.rmtree, aside, ignore_errors=True)
    out = Path(aside) / "data"
    simgen.generate(scenario, out=out, seed=seed, difficulty=False, quiet=True, **values)
    return out
