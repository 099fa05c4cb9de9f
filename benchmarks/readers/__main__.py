"""Makes a small data set, exports it, and lets others' readers judge: `make check-exports`.

Arguments: for each reader, the Python of the environment that has it; and data=FOLDER for a data
set of one's own, from any world: then no picture of the documentation is drawn anew.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import simgen
from benchmarks.readers.lives import write_lives
from benchmarks.readers.telling import NOT_CHECKED
from simgen.formats.nuscenes.tokens import Tokens
from simgen.pipeline.export import identity
from simgen.storage.reader import Dataset

HERE = Path(__file__).parent
PICTURES = HERE.parents[1] / "docs" / "pictures"
RIGS = {"nuscenes": "nuscenes", "kitti": "kitti", "coco": "kitti"}  # by format
SEEDS = {"nuscenes": 7, "kitti": 4}  # by rig: cars that drive
# Long enough that tracks have velocities.
SMALL = {"n_episodes": 2, "duration": 3.0, "step_time": 0.05, "n_vehicles": 40}


def main(pythons: dict[str, str], given: str | None) -> None:
    """Check every format for which there is a reader."""
    with tempfile.TemporaryDirectory() as aside:
        folder = Path(aside)
        for name, python in pythons.items():
            if name == "lifelines":
                lives = write_lives(folder / "lives")
                judge(python, HERE / "with_lifelines.py", lives)
                continue
            made = small_drives(RIGS[name], folder) if given is None else Path(given)
            began_at = time.process_time()
            out = simgen.export(made, name, out=folder / f"{name}_export")
            spent = time.process_time() - began_at
            print(f"== {name}: exported in {spent:.1f} s of CPU time", flush=True)
            truth = folder / "velocities.json"
            truth.write_text(json.dumps(velocities(Dataset(made))), encoding="utf-8")
            picture = (PICTURES if given is None else folder) / f"export_{name}.png"
            script = HERE / f"with_{name}.py"
            told = judge(python, script, out, truth, picture)
            if given is None and NOT_CHECKED in told:
                sys.exit(f"{name}: our own drives are to show everything")


def judge(python: str, *command: str | Path) -> str:
    """What a reader says, said on; ends with its exit code if it finds something wrong."""
    done = subprocess.run([python, *command], stdout=subprocess.PIPE, text=True, check=False)  # noqa: S603 - ours
    print(done.stdout, end="", flush=True)
    if done.returncode:
        sys.exit(done.returncode)
    return done.stdout


def small_drives(rig: str, folder: Path) -> Path:
    """A small data set with a rig, made once."""
    out = folder / rig
    simgen.generate(
        "driving/urban_traffic",
        out=out,
        seed=SEEDS[rig],
        difficulty=False,
        sensors=rig,
        **SMALL,
    )
    return out


def velocities(made: Dataset) -> dict[str, list[float]]:
    """East and north velocity [m/s] of each actor and frame, by the token of its annotation."""
    tokens = Tokens(identity=identity(made))
    columns = 'episode_id, epoch_us("at"), actor_id, velocity_x, velocity_y'
    rows = made.connect().sql(f"SELECT {columns} FROM actors").fetchall()  # noqa: S608 - ours
    return {
        tokens.of("sample_annotation", episode, at, actor): [x, y]
        for episode, at, actor, x, y in rows
    }


if __name__ == "__main__":
    arguments = dict(argument.split("=", 1) for argument in sys.argv[1:])
    own = arguments.pop("data", None)
    main(arguments, own)
