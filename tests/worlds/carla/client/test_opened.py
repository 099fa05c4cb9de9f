import json
import os
import signal
import subprocess
import sys

import numpy as np
import pytest

from simgen.core import RequestError, RunError
from simgen.testing import running_carla_server
from simgen.worlds.base import (
    Force,
    Impulse,
    Pose,
    TargetVelocity,
    Teleport,
    VehicleControl,
    WalkerControl,
)
from simgen.worlds.carla.world import CarlaLink, CarlaWorld
from simgen.worlds.road.embedded import EmbeddedWorld

pytestmark = pytest.mark.usefixtures("carla")
ORIGIN = Pose(x=0.0, y=0.0, z=0.0)
LOOK = """
import carla, json, sys
world = carla.Client("127.0.0.1", int(sys.argv[1])).get_world()
settings = world.get_settings()
while not len(world.get_actors()):  # the spectator is always there, once a snapshot has come
    pass
found = [actor.type_id for actor in world.get_actors() if "." in actor.type_id]
print(json.dumps([settings.synchronous_mode, settings.fixed_delta_seconds, found]))
"""
LEAVE = """
import os, sys
from simgen.worlds.base import Pose
from simgen.worlds.carla.world import CarlaLink, CarlaWorld
link = CarlaLink(host="127.0.0.1", port=int(sys.argv[1]))
world = CarlaWorld(link=link, map="parking").open()
world.spawn("car", Pose(x=0.0, y=0.0, z=0.0))
world.step()
os.kill(world.client, 9)
os._exit(0)
"""

DIE = """
import os, sys
from simgen.worlds.base import Pose
from simgen.worlds.carla.world import CarlaLink, CarlaWorld
link = CarlaLink(host="127.0.0.1", port=int(sys.argv[1]))
world = CarlaWorld(link=link, map="parking").open()
world.spawn("car", Pose(x=0.0, y=0.0, z=0.0))
world.step()
os._exit(0)
"""
DESTROY = """
import carla, sys
world = carla.Client("127.0.0.1", int(sys.argv[1])).get_world()
while not len(world.get_actors()):
    pass
world.get_actors().filter("vehicle.audi.etron")[0].destroy()
"""
FREE = """
import carla, sys
world = carla.Client("127.0.0.1", int(sys.argv[1])).get_world()
world.apply_settings(carla.WorldSettings())
"""
TICK = "import carla, sys; carla.Client('127.0.0.1', int(sys.argv[1])).get_world().tick()"
MAP = """<?xml version="1.0"?>
<OpenDRIVE><header revMajor="1" revMinor="4" name="" version="1.00"/>
<road name="" length="{length}" id="1" junction="-1"><planView>
<geometry s="0" x="0" y="0" hdg="0" length="{length}"><line/></geometry></planView>
<lanes><laneSection s="0"><center><lane id="0" type="none" level="false"/></center>
<right><lane id="-1" type="driving" level="false"><width sOffset="0" a="3.5" b="0" c="0" d="0"/>
<roadMark sOffset="0" type="solid" weight="standard" color="standard" width="0.12"/>
</lane></right></laneSection></lanes></road></OpenDRIVE>
"""


@pytest.fixture(scope="module")
def server():
    """A server that is somebody else's."""
    with running_carla_server("--map", "parking") as found:
        yield found


def linked(server, **about):
    return CarlaWorld(
        link=CarlaLink(host=server.host, port=server.port, **about), map="parking", step_time=0.05
    )


def run(program, server):
    command = [sys.executable, "-c", program, str(server.port)]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout


def drive(world):
    """Some of everything that actors can be told, and what is true in the end."""
    car = world.spawn("vehicle.mini.cooper_s", Pose(x=0.0, y=0.0, z=0.0, yaw=3.0))
    man = world.spawn("adult", Pose(x=10.0, y=5.0, z=0.0))
    van = world.spawn("van", Pose(x=-20.0, y=3.0, z=0.0))
    world.apply(car, VehicleControl(throttle=0.6, steer=0.3))
    world.apply(man, WalkerControl(yaw=1.0))
    world.apply(van, TargetVelocity(x=2.0, about_z=0.1))
    for _ in range(30):
        world.step()
    world.apply(van, Teleport(pose=Pose(x=-20.0, y=8.0, z=0.0, yaw=0.5)))
    world.apply(van, Impulse(y=500.0))
    world.apply(car, Force(x=1000.0, about_z=300.0))
    for _ in range(20):
        world.step()
    return world.sense()


def test_actors_do_as_in_the_embedded_world(server):
    """The same commands lead to the same places, within single precision, left-handed or not."""
    with linked(server).open() as world:
        there = drive(world)
    with EmbeddedWorld(map="parking", step_time=0.05).open() as world:
        here = drive(world)

    assert there.names == here.names
    assert (there.frame, there.time) == (here.frame, here.time)
    for name in ("actors", "positions", "rotations", "velocities", "yaw_rates", "sizes"):
        np.testing.assert_allclose(
            getattr(there, name), getattr(here, name), atol=1e-4, err_msg=name
        )


def test_collisions_are_told(server):
    """Of both who strike each other, with the blow that moves them apart."""
    with linked(server).open() as world:
        fast = world.spawn("car", ORIGIN)
        slow = world.spawn("car", Pose(x=12.0, y=0.0, z=0.0))
        world.apply(fast, TargetVelocity(x=15.0))
        found = []
        while not found and world.step() < 60:
            found += world.sense().collisions

    assert {(blow.actor, blow.other) for blow in found} <= {(fast, slow), (slow, fast)}
    assert all(blow.impulse[0] * (slow - fast) * (blow.actor - blow.other) > 0 for blow in found)


def test_nothing_stays_behind(server):
    """The settings are as before, and nobody whom we spawned is left; closing twice is fine."""
    with linked(server).open():
        pass  # whatever map was there
    run(FREE, server)
    before = json.loads(run(LOOK, server))
    with linked(server).open() as world:
        world.spawn("car", ORIGIN)
        world.step()
        assert json.loads(run(LOOK, server))[0]
        world.close()

    assert json.loads(run(LOOK, server)) == before
    assert not before[0]


def test_leftovers_of_a_dead_run_are_swept(server):
    """What a killed run left in a world that is not reloaded does not stand in the way."""
    run(LEAVE, server)
    left = json.loads(run(LOOK, server))
    with linked(server, fresh_world=False).open() as world:
        assert world.spawn("car", ORIGIN) == 1

    now = json.loads(run(LOOK, server))
    assert left[0]
    assert "vehicle.audi.etron" in left[2]
    assert "vehicle.audi.etron" not in now[2]
    assert not now[0]  # what nobody ticks must not wait for it


def test_who_was_in_no_frame_is_taken_away_too(server):
    """Closing a world before its first step leaves nobody."""
    for _ in range(5):
        with linked(server, fresh_world=False).open() as world:
            world.spawn("car", ORIGIN)

    assert "vehicle.audi.etron" not in json.loads(run(LOOK, server))[2]


def test_who_is_destroyed_is_gone(server):
    """With what he carried; others stay."""
    with linked(server).open() as world:
        first, second = world.spawn("car", ORIGIN), world.spawn("car", Pose(x=9.0, y=0.0, z=0.0))
        world.step()
        world.destroy(first)
        world.step()

        assert world.sense().actors.tolist() == [second]
        with pytest.raises(RequestError, match="no actor 1"):
            world.destroy(first)
        assert not any(
            "sensor" in name and "1" in name for name in json.loads(run(LOOK, server))[2]
        )


def test_who_vanishes_is_gone(server):
    """Somebody else destroyed him: he has no place, rather than one of zeros."""
    with linked(server).open() as world:
        world.spawn("car", ORIGIN)
        other = world.spawn("van", Pose(x=9.0, y=0.0, z=0.0))
        world.step()
        run(DESTROY, server)
        world.step()

        assert world.sense().actors.tolist() == [other]
        assert world.step() == 3


def test_a_run_that_dies_leaves_nothing(server):
    """Its client outlives it for as long as it takes to leave the world in good order."""
    run(FREE, server)
    run(DIE, server)  # whose output ends when the client ends, too

    found = json.loads(run(LOOK, server))
    assert not found[0]
    assert "vehicle.audi.etron" not in found[2]


def test_roads_are_read_by_us(server):
    """The server's own map, by a reader that no question kills."""
    with linked(server).open() as world, EmbeddedWorld(map="parking").open() as ours:
        assert len(world.network.lanes) == len(ours.network.lanes)


@pytest.mark.parametrize(
    ("work", "text"),
    [
        (lambda world: world.spawn("vehicle.mini.coper", ORIGIN), "did you mean"),
        (lambda world: [world.spawn("car", ORIGIN) for _ in range(2)], "stand inside"),
        (lambda world: world.apply(world.spawn("adult", ORIGIN), VehicleControl()), "no vehicle"),
        (lambda world: world.apply(9, VehicleControl()), "no actor 9"),
    ],
)
def test_wrong_requests_are_told(server, work, text):
    """In one line, and the world goes on."""
    with linked(server).open() as world:
        with pytest.raises(RequestError, match=text):
            work(world)
        assert world.step() == 1


def test_a_server_that_is_not_there():
    """Is waited for as long as the link says, and then the line names where it should be."""
    link = CarlaLink(host="127.0.0.1", port=1, start_time=0.5)
    with pytest.raises(RunError, match=r"no CARLA server answers at 127\.0\.0\.1 port 1 within"):
        CarlaWorld(link=link, map="parking").open()


def test_a_map_that_is_nowhere(server):
    """Is refused with those that the server has."""
    world = CarlaWorld(link=linked(server).link, map="Town99")
    with pytest.raises(RequestError, match=r"no such file, and the server has .*urban_grid"):
        world.open()


def test_a_map_that_only_we_have_is_sent(server, tmp_path):
    """As OpenDRIVE; the world is then made of it."""
    chart = tmp_path / "ours.xodr"
    chart.write_text(MAP.format(length=321.5), encoding="utf-8")
    with CarlaWorld(link=linked(server).link, map=str(chart)).open() as world:
        assert world.network.document.roads[0].length == 321.5


def test_a_second_user_is_noticed(server):
    """Two who tick one world would both record nonsense: the frame tells."""
    with linked(server).open() as world:
        world.step()
        run(TICK, server)
        with pytest.raises(RunError, match="somebody else ticks"):
            world.step()


def test_a_server_that_stops_is_told_within_the_deadline():
    """The step ends by an error that says which, not by waiting for ever."""
    with (
        running_carla_server("--map", "parking") as server,
        linked(server, tick_time=2.0).open() as world,
    ):
        world.step()
        os.kill(server.process, signal.SIGSTOP)
        with pytest.raises(RunError, match="time-out"):
            world.step()
        os.kill(server.process, signal.SIGKILL)


def test_the_death_of_a_server_of_others_is_noticed():
    """At once: not only when a patience of minutes is at its end."""
    with running_carla_server() as server, linked(server, tick_time=600.0).open() as world:
        world.step()
        os.kill(server.process, signal.SIGKILL)
        with pytest.raises(RunError, match=r"the CARLA server died \(step\)"):
            world.step()


def test_a_client_that_hangs_is_killed_within_the_deadline(server, monkeypatch):
    """Whatever it hangs in: no timeout of its own helps a process that stands still."""
    monkeypatch.setattr("simgen.worlds.carla.client.process._SLACK", 0.2)
    with linked(server, tick_time=0.5).open() as world:
        os.kill(world.client, signal.SIGSTOP)
        with pytest.raises(RunError, match=r"gave no answer in 1\.2 s \(step\)"):
            world.step()
