"""The client's Traffic Manager acts on our roads as its documentation says."""

import subprocess
import sys

import pytest


@pytest.fixture
def ask(run_client, carla_server):
    """What a program of `traffic_programs.py` found at some value."""

    def answer(name, value):
        how = {"patience": 40.0, "attempts": 3}
        return run_client("traffic_programs.py", name, value, carla_server.port, **how)

    return answer


def test_cars_stop_before_red(ask):
    """A car stands before a light that stays red; told to ignore lights, it goes on."""
    assert ask("red", 0) == [True, False]
    assert ask("red", 100) == [False, True]


def test_cars_change_lanes(ask):
    """Behind a slow one they go to the lane beside, unless they may not."""
    assert ask("passing", 1) == 1
    assert ask("passing", 0) == 0


@pytest.mark.slow
def test_a_lane_change_is_forced(ask):
    """To the right, where there is a lane; to the left, where there is none, nothing happens."""
    assert ask("forced", 1) == 1
    assert ask("forced", 0) == 0


@pytest.mark.slow
@pytest.mark.parametrize("percent", [0, 40, 80])
def test_cars_are_as_fast_as_told(ask, percent):
    """Some percent below the speed limit."""
    speed, limit = ask("pace", percent)

    assert speed == pytest.approx(limit * (1.0 - percent / 100.0), rel=0.03)


@pytest.mark.slow
def test_cars_keep_their_distance(ask):
    """To a car that stands, about what they are told."""
    assert 0.0 < ask("gap", 1) < 1.5
    assert ask("gap", 5) == pytest.approx(5.0, abs=1.5)


@pytest.mark.slow
def test_autopilot_is_switched_off(ask):
    """Then the car does what its own driver wants."""
    before, after = ask("switched", 0)

    assert before > 5.0
    assert after == pytest.approx(0.0, abs=0.01)


def test_no_other_hang_is_excused(run_command, tmp_path):
    """A program that waits for something else is tried once, however many tries it has."""
    tries = tmp_path / "tries"
    program = "import sys, threading; open(sys.argv[1], 'a').write('x'); threading.Event().wait()"

    with pytest.raises(subprocess.TimeoutExpired):
        run_command([sys.executable, "-c", program, tries], patience=2.0, attempts=3)

    assert tries.read_text(encoding="utf-8") == "x"
