"""The Traffic Manager's own deadlock (CARLA's issue 9172), and the bridge."""

from pathlib import Path

import pytest
from toys.lost_wakeup import is_possible, losing_one_wakeup, newest_thread

from simgen.core import RunError
from simgen.testing import running_carla_server
from simgen.worlds.base import Pose
from simgen.worlds.carla.world import CarlaLink, CarlaWorld

pytestmark = pytest.mark.usefixtures("carla")
CHILD = "simgen.worlds.carla.client.process._CHILD"
TESTS = Path(__file__).parents[3]


def go_on(world):
    """Some steps: the worker is stopped when it waits the next time."""
    for _ in range(3):
        world.step()


def test_a_deadlocked_client_is_killed_and_a_new_one_goes_on(monkeypatch):
    """A client with a Traffic Manager hangs in a tick for ever; the next run finds all in order."""
    if not is_possible():
        pytest.skip("needs Linux on x86-64, and leave to trace a child")
    monkeypatch.setattr(CHILD, "toys.carla_traffic_child")
    monkeypatch.setattr("simgen.worlds.carla.client.process._SLACK", 1.0)
    monkeypatch.setenv("PYTHONPATH", str(TESTS))
    with running_carla_server("--map", "parking") as server:
        link = CarlaLink(host=server.host, port=server.port, tick_time=3.0)
        carla_world = CarlaWorld(link=link, map="parking", step_time=0.05)
        with carla_world.open() as world:
            world.spawn("car", Pose(x=0.0, y=0.0, z=0.0))
            assert [world.step() for _ in range(3)] == [1, 2, 3]
            with (
                losing_one_wakeup(world.client, newest_thread(world.client)) as loss,
                pytest.raises(RunError, match=r"gave no answer in [\d.]+ s \(step\)"),
            ):
                go_on(world)
        with carla_world.open() as world:
            world.spawn("car", Pose(x=0.0, y=0.0, z=0.0))
            frames = [world.step() for _ in range(3)]

    assert loss.has_lost
    assert frames == [1, 2, 3]
