"""Machines' sensor points to Parquet, beside writing the same finished arrays down.

One process each. A sensor point is one number that a sensor read: a channel of a row of telemetry,
or a sample of a window that is kept. Both ways write every table with the same writer, the labels
and logs among them; who only writes simulates and checks nothing. Ratios of points per second
(bar: DESIGN, section 9). Each scenario runs as it is, where most of the time goes into what happens
between two readings, and with its sensors read densely; in several blocks, as storing one goes on
while the next is made.

    python benchmarks/industrial.py --peers    # and a pump of ProgPy's, where it is installed
    python benchmarks/industrial.py --all      # and each industrial scenario as it is
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
from _measure import Took, alternate, emit, medians, verdict

import simgen
from simgen.core import Scenario, Streams, Table
from simgen.pipeline.blocks import BlockJob, Task
from simgen.pipeline.catalogue import load_scenario, scenario_names
from simgen.storage.folders import Folder, open_folder
from simgen.storage.parts import write_parts

BAR, PEER_BAR = 0.5, 100.0
N_ROUNDS, N_ROUNDS_OF_ALL = 5, 3
PEER = Path(".venv-peers/progpy/bin/python")  # made by `make .venv-peers/progpy/installed`
N_PEER_SAMPLES = 5_000
CHANNELS = {
    "industrial/pump_station": (
        "flow",
        "suction_pressure",
        "discharge_pressure",
        "power",
        "temperature",
        "vibration",
        "speed",
    ),
    "industrial/bearing_rig": ("speed", "load", "current", "temperature"),
}
CASES: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "pumps, each second": (
        "industrial/pump_station",
        {"n_stations": 6, "n_days": 6, "watching": {"telemetry_interval": 1.0}},
    ),
    "pumps, as they are": ("industrial/pump_station", {"n_stations": 12}),
    "rig, every sample": (
        "industrial/bearing_rig",
        {
            "n_machines": 36,
            "n_days": 20,
            "monitoring": {"telemetry_interval": 10.0, "waveform_share": 1.0},
        },
    ),
    "rig, as it is": ("industrial/bearing_rig", {"n_machines": 36}),
}


@dataclass(frozen=True)
class Finished:
    """What is left to do when all is simulated."""

    made: Sequence[Mapping[str, pa.Table]]
    tables: Sequence[Table]
    folder: Folder

    def make(self, number: int) -> int:
        """Nothing."""
        return number

    def store(self, number: int) -> None:
        """Write a block's parts."""
        write_parts(self.folder, self.tables, number, dict(self.made[number]))


class Runs:
    """The two ways, each into an empty folder of its own."""

    def __init__(self, scenario: Scenario[Any], scratch: Path) -> None:
        self.scratch, self.scenario = scratch, scenario
        streams = Streams(0)
        job = BlockJob(
            scenario=scenario,
            name=type(scenario).__name__,
            shared=scenario.prepare(streams.child("shared")),
            streams=streams.child("blocks"),
            folder=open_folder(scratch),
        )
        tasks = [Task(number, block) for number, block in enumerate(scenario.blocks())]
        self.finished = [job.make(task).tables for task in tasks]

    def simgen(self) -> None:
        """The world, with its checks, labels and logs."""
        simgen.generate(
            self.scenario,
            out=self._empty("simgen"),
            executor=simgen.Serial(),
            difficulty=False,
            quiet=True,
        )

    def write(self) -> None:
        """The same arrays, finished, by the same threads."""
        folder = open_folder(self._empty("write"))
        job = Finished(self.finished, self.scenario.tables, folder)
        for _ in simgen.Serial().run(job, range(len(self.finished))):
            pass

    def _empty(self, name: str) -> Path:
        folder = self.scratch / name
        folder.mkdir()
        return folder

    def clean(self) -> None:
        """Delete what was written; nobody's time."""
        for folder in self.scratch.iterdir():
            shutil.rmtree(folder)


def _points(name: str, tables: Mapping[str, pa.Table]) -> int:
    """Numbers that sensors read; those that a fault lost among them."""
    n_points = len(CHANNELS[name]) * tables["telemetry"].num_rows
    if "waveforms" in tables:
        n_points += len(tables["waveforms"]["acceleration"].combine_chunks().values)
    return n_points


def compare(title: str, name: str, parameters: Mapping[str, Any]) -> dict[str, float]:
    """Print one case; its ratios."""
    middle, finished = _race(load_scenario(name, **parameters), N_ROUNDS)
    n_points = sum(_points(name, tables) for tables in finished)
    print(f"{title}: {n_points:,} points")
    for way, time in middle.items():
        rate = n_points / time.wall
        print(f"  {way:8}{time.wall:8.2f} s wall{time.cpu:8.2f} s CPU{rate:14,.0f} points/s")
    ratios = _ratios(middle)
    for kind, ratio in ratios.items():
        print(f"  simgen / write, {kind:4}: {verdict(ratio, BAR)}")
    rate, per_cpu = n_points / middle["simgen"].wall, n_points / middle["simgen"].cpu
    return {
        "points_per_second": rate,
        "points_per_cpu_second": per_cpu,
        **{f"{kind}_ratio": ratio for kind, ratio in ratios.items()},
    }


def _race(
    scenario: Scenario[Any], n_rounds: int
) -> tuple[dict[str, Took], list[Mapping[str, pa.Table]]]:
    """The median of both ways, by name, and the finished tables of each block."""
    with tempfile.TemporaryDirectory() as scratch:
        runs = Runs(scenario, Path(scratch))
        works = {"simgen": runs.simgen, "write": runs.write}
        took = alternate(works, after=runs.clean, n_rounds=n_rounds)
    return {way: medians(rounds) for way, rounds in took.items()}, runs.finished


def _ratios(middle: Mapping[str, Took]) -> dict[str, float]:
    """The time of writing over that of simgen, by the clock and by the processor's time."""
    return {
        kind: getattr(middle["write"], kind) / getattr(middle["simgen"], kind)
        for kind in ("wall", "cpu")
    }


def survey() -> None:
    """Print how long each industrial scenario of the catalogue takes as it is."""
    for name in scenario_names():
        if not name.startswith("industrial/"):
            continue
        middle, finished = _race(load_scenario(name), N_ROUNDS_OF_ALL)
        n_bytes = sum(table.nbytes for tables in finished for table in tables.values())
        ratios, ours = _ratios(middle), middle["simgen"]
        print(
            f"{name}: {n_bytes / 1e6:,.0f} MB, {ours.wall:.2f} s wall, {ours.cpu:.2f} s CPU; "
            f"simgen / write {ratios['wall']:.2f} wall, {ratios['cpu']:.2f} cpu"
        )
        emit(name, simgen_wall=ours.wall, simgen_cpu=ours.cpu, **ratios)


def compare_progpy(rows_per_second: float, rows_per_cpu_second: float) -> None:
    """Print how many times as many samples of a pump with wear as ProgPy makes, in memory."""
    if not PEER.is_file():
        sys.exit(f"there is no {PEER}: make .venv-peers/progpy/installed")
    script = Path(__file__).parent / "peers" / "pump.py"
    command = [str(PEER), str(script), str(N_PEER_SAMPLES), "7"]
    made = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - ours
    peer = json.loads(made.stdout)
    wall, cpu = peer["samples"] / peer["wall"], peer["samples"] / peer["cpu"]
    print(f"ProgPy: {wall:,.0f} samples/s wall, {cpu:,.0f} a second of CPU")
    print(f"  simgen / ProgPy, wall: {verdict(rows_per_second / wall, PEER_BAR)}")
    print(f"  simgen / ProgPy, cpu:  {verdict(rows_per_cpu_second / cpu, PEER_BAR)}")
    emit(
        "progpy",
        samples_per_second=wall,
        wall_ratio=rows_per_second / wall,
        cpu_ratio=rows_per_cpu_second / cpu,
    )


def main() -> None:
    """Print every case."""
    found = {title: compare(title, *case) for title, case in CASES.items()}
    emit(
        "industrial",
        **{
            f"{title} {name}".replace(",", "").replace(" ", "_"): value
            for title, numbers in found.items()
            for name, value in numbers.items()
        },
    )
    if "--all" in sys.argv[1:]:
        survey()
    if "--peers" in sys.argv[1:]:
        pumps = found["pumps, each second"]
        n_channels = len(CHANNELS["industrial/pump_station"])
        # A sample is all that one pump's sensors read at an instant.
        compare_progpy(
            pumps["points_per_second"] / n_channels, pumps["points_per_cpu_second"] / n_channels
        )


if __name__ == "__main__":
    main()
