"""A run that is killed, again and again, ends with the bytes of one that was not."""

import contextlib
import os
import random
import re
import signal
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from simgen.storage.reader import Dataset

TOYS = Path(__file__).parents[1]

# Both have 12 blocks.
COIN = "Coin(n_blocks=12, n_coins=20, n_flips=1000, n_rounds=300)"
# Six blocks with raw files of every kind of sensor.
DRIVE = "CutIn(n_episodes=6, duration=2.0, step_time=0.25, n_vehicles=6, sensors='survey')"
BANK = "RetailBank(n_customers=2400, customers_per_block=200, prevalence=0.002)"

# Says when it begins, so that the moments of killing do not fall into the imports.
PROGRAM = """
from toys.coin import Coin
from simgen.pipeline.executors import Processes, Serial
from simgen.pipeline.generate import generate

{imported}

if __name__ == "__main__":
    scenario = {scenario}
    print("ready", flush=True)
    generate(scenario, out={out!r}, seed=11, executor={executor}, difficulty=False, quiet=True)
"""

IMPORTS = {
    BANK: "from simgen.domains.fraud import RetailBank",
    DRIVE: "from simgen.domains.driving import CutIn",
}


def start(out, executor, scenario=COIN):
    program = PROGRAM.format(
        out=str(out), executor=executor, scenario=scenario, imported=IMPORTS.get(scenario, "")
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,  # a signal to its group is no signal to us
        env={**os.environ, "PYTHONPATH": str(TOYS)},
        text=True,
    )
    assert process.stdout.readline() == "ready\n"
    return process


def finish(process):
    with process:
        assert process.wait() == 0


def wait_for(process, out, n_blocks):
    """Let the run go on until its journal has `n_blocks` blocks."""
    journal = out / ".simgen" / "journal.jsonl"
    while n_blocks and (not journal.exists() or journal.read_bytes().count(b"\n") < n_blocks):
        look_again(process, 0.002)


def look_again(process, later):
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(timeout=later)
        pytest.fail("the run was over before it could be killed")


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A function from a scenario to what one process writes that nobody interrupts."""

    @cache
    def run(scenario):
        out = tmp_path_factory.mktemp("whole") / "data"
        finish(start(out, "Serial()", scenario))
        return Dataset(out)

    return run


# After each kill another process goes on.
@pytest.mark.parametrize(
    ("executor", "scenario", "n_kills"),
    [
        ("Serial()", COIN, 2),
        ("Processes(n_workers=2)", COIN, 2),
        pytest.param("Processes(n_workers=2)", BANK, 5, marks=pytest.mark.slow),
    ],
    ids=["one", "two", "bank"],
)
def test_killed_again_and_again_the_digests_are_those_of_an_uninterrupted_run(
    whole, tmp_path, executor, scenario, n_kills
):
    """Whatever the moment, the same command goes on to the same bytes."""
    draw = random.Random(executor + scenario)  # noqa: S311 - moments, not secrets
    for n_blocks in sorted(draw.sample(range(9), n_kills)):
        with start(tmp_path / "killed", executor, scenario) as process:
            wait_for(process, tmp_path / "killed", n_blocks)
            look_again(process, draw.uniform(0.0, 0.08))
            process.kill()
        assert process.returncode == -signal.SIGKILL
        assert not (tmp_path / "killed" / "manifest.json").exists()
    finish(start(tmp_path / "killed", executor, scenario))

    one, two = whole(scenario), Dataset(tmp_path / "killed")
    assert two.manifest["tables"] == one.manifest["tables"]
    assert two.manifest["timings"]["resumed_blocks"] > 0
    assert two.damaged_parts() == []


@pytest.mark.slow
def test_killed_while_sensors_look_the_digests_are_those_of_an_uninterrupted_run(tmp_path):
    """Raw files too are the same, with one process and with two, killed at any moment or not."""
    draw = random.Random("sensors")  # noqa: S311 - moments, not secrets
    for n_blocks in (0, 2, 4):
        with start(tmp_path / "killed", "Serial()", DRIVE) as process:
            wait_for(process, tmp_path / "killed", n_blocks)
            look_again(process, draw.uniform(0.0, 0.3))
            process.kill()
    raw = tmp_path / "killed" / "raw"
    next(raw.glob("front/*_colour.jpg")).unlink()
    next(raw.glob("roof/*_points.npy")).write_bytes(b"?")
    finish(start(tmp_path / "killed", "Serial()", DRIVE))
    finish(start(tmp_path / "whole", "Processes(n_workers=2)", DRIVE))

    one, two = Dataset(tmp_path / "whole"), Dataset(tmp_path / "killed")
    assert one.manifest["raw"]["files"] == 6 * 8 * 10
    assert two.manifest["tables"] == one.manifest["tables"]
    assert two.manifest["raw"] == one.manifest["raw"]
    assert two.manifest["timings"]["resumed_blocks"] > 0
    assert two.damaged_parts() == []


@pytest.mark.parametrize(
    ("executor", "number"),
    [("Serial()", signal.SIGTERM), ("Processes(n_workers=2)", signal.SIGINT)],
)
def test_a_signal_to_the_whole_group_ends_the_run_in_good_order(tmp_path, executor, number):
    """Workers finish what they are at, as the terminal and batch systems ask all of them."""
    process = start(tmp_path, executor)
    wait_for(process, tmp_path, 2)
    os.killpg(process.pid, number)
    _, said = process.communicate(timeout=60)

    assert re.search(r"Interrupted: stopped after \d+ of 12 blocks in .*same command resumes", said)
    assert "Process " not in said  # no worker told of its own end
    assert not (tmp_path / "manifest.json").exists()
    finish(start(tmp_path, executor))
    assert Dataset(tmp_path).damaged_parts() == []


@pytest.mark.parametrize(
    "delay", [0.4, *(pytest.param(delay, marks=pytest.mark.slow) for delay in (0.1, 0.8))]
)
def test_a_signal_while_workers_start_ends_the_run_too(tmp_path, delay):
    """Half-made workers are not killed, which would leave their parent waiting for ever."""
    process = start(tmp_path, "Processes(n_workers=2)", BANK)
    look_again(process, delay)
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=60)

    assert process.returncode == 1
    assert "Interrupted: stopped after" in said
    assert not (tmp_path / "manifest.json").exists()
