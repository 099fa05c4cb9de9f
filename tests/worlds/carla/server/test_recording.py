"""Recordings: written, told about, replayed, and kept in their folder."""

import re

import numpy as np
import pytest

from simgen.core import RequestError
from simgen.worlds.carla.protocol.types import (
    ActorDescription,
    Attribute,
    EpisodeSettings,
    Transform,
    Vector,
)
from simgen.worlds.carla.protocol.vehicles import VehicleControl, WalkerControl
from simgen.worlds.carla.server.entities import SensorEntity
from simgen.worlds.carla.server.recording.shelf import Shelf
from simgen.worlds.carla.server.recording.tape import Tape
from simgen.worlds.carla.server.routes import ROUTES
from simgen.worlds.carla.server.simulation import Options, Simulation
from simgen.worlds.carla.server.states import states

CAR = ActorDescription(id="vehicle.tesla.model3")
WALKER = ActorDescription(id="walker.pedestrian.0001")
STEP = 0.05  # [s]


def call(simulation, name, *arguments):
    return ROUTES[name].work(simulation, *arguments)


@pytest.fixture
def simulation(tmp_path):
    found = Simulation(Options(map="parking", recordings=tmp_path))
    found.set_settings(EpisodeSettings(synchronous=True, fixed_step=STEP))
    return found


def places(simulation):
    """x, y and yaw of all vehicles and walkers, in the order of their ids."""
    rows = states(simulation.episode)
    chosen = [
        simulation.episode.entities.get(int(number)).actor.description.id.startswith(
            ("vehicle.", "walker.")
        )
        for number in rows["id"]
    ]
    rows = rows[chosen]
    return np.column_stack([rows["place"][:, :2], rows["rotation"][:, 1]])


def record(simulation, n_ticks=40):
    """A car and a walker that go; gives their places in each frame."""
    points = simulation.episode.chart.spawn_points
    car = call(simulation, "spawn_actor", CAR, points[0])
    walker = call(simulation, "spawn_actor", WALKER, points[3])
    call(simulation, "start_recorder", "run.log", True)
    call(simulation, "apply_control_to_vehicle", car.id, VehicleControl(throttle=0.7, steer=0.2))
    call(simulation, "apply_control_to_walker", walker.id, WalkerControl(speed=1.5))
    found = []
    for _ in range(n_ticks):
        simulation.tick()
        found.append(places(simulation))
    call(simulation, "stop_recorder")
    for actor in (car, walker):
        call(simulation, "destroy_actor", actor.id)
    return np.array(found), (car, walker)


def test_a_replay_does_what_was_done(simulation):
    """Frame by frame actors are where they were, as fast, and say that they are driven so."""
    recorded, _ = record(simulation)

    call(simulation, "replay_file", "run.log", 0.0, 0.0, 0, False, Transform())
    replayed = []
    for _ in range(len(recorded) - 1):
        simulation.tick()
        replayed.append(places(simulation))

    np.testing.assert_allclose(replayed, recorded[1:], atol=1e-5)
    rows = states(simulation.episode)
    speeds = np.linalg.norm(rows["velocity"], axis=1)
    assert speeds.max() > 3.0
    assert simulation.replay is None


def test_half_the_speed_is_between_the_frames(simulation):
    """Places between two frames are interpolated."""
    recorded, _ = record(simulation)

    call(simulation, "set_replayer_time_factor", 0.5)
    call(simulation, "replay_file", "run.log", 1.0, 0.0, 0, False, Transform())
    simulation.tick()

    wanted = 0.5 * (recorded[20] + recorded[21])
    np.testing.assert_allclose(places(simulation), wanted, atol=1e-4)


def test_a_replay_ends_and_leaves_its_actors(simulation):
    """Stopped, it takes its actors with it, or lets them go where they are."""
    record(simulation)
    for keep, n_left in ((False, 0), (True, 2)):
        call(simulation, "replay_file", "run.log", -1.0, 0.5, 0, False, Transform())
        simulation.tick()
        call(simulation, "stop_replayer", keep)
        simulation.tick()

        assert len(places(simulation)) == n_left


def test_the_spectator_follows(simulation):
    """By the recorded id of an actor, at an offset; unless it shall stay."""
    _, (car, _) = record(simulation)
    offset = Transform(location=Vector(x=-10.0, z=5.0))
    still = simulation.episode.transform(simulation.episode.spectator)

    call(simulation, "set_replayer_ignore_spectator", True)
    call(simulation, "replay_file", "run.log", 0.0, 0.0, car.id, False, offset)
    assert simulation.episode.transform(simulation.episode.spectator) == still
    call(simulation, "set_replayer_ignore_spectator", False)
    call(simulation, "replay_file", "run.log", 0.0, 0.0, car.id, False, offset)

    there = simulation.episode.transform(simulation.episode.spectator).location
    off = np.hypot(*(places(simulation)[0, :2] - [there.x, there.y]))
    assert off == pytest.approx(10.0, abs=0.01)


def test_heroes_are_left_out_on_demand(simulation):
    """An actor with the role `hero` is somebody's own car."""
    role = Attribute(id="role_name", type=4, value="hero")
    place = simulation.episode.chart.spawn_points[0]
    hero = ActorDescription(id=CAR.id, attributes=(role,))
    made = call(simulation, "spawn_actor", hero, place)
    call(simulation, "start_recorder", "hero.log", True)
    simulation.tick()
    call(simulation, "stop_recorder")
    call(simulation, "destroy_actor", made.id)

    for ignore in (True, False):
        call(simulation, "set_replayer_ignore_hero", ignore)
        call(simulation, "replay_file", "hero.log", 0.0, 0.0, 0, False, Transform())

        assert len(places(simulation)) == (0 if ignore else 1)


def test_sensors_are_replayed_on_demand(simulation):
    """Attached to the car as they were; otherwise they are left out."""
    car = call(simulation, "spawn_actor", CAR, simulation.episode.chart.spawn_points[0])
    mount = Transform(location=Vector(x=1.0, z=2.0))
    imu = ActorDescription(id="sensor.other.imu")
    sensor = call(simulation, "spawn_actor_with_parent", imu, mount, car.id, 0, "")
    call(simulation, "start_recorder", "rig.log", True)
    simulation.tick()
    call(simulation, "stop_recorder")
    for actor in (sensor, car):
        call(simulation, "destroy_actor", actor.id)

    found = []
    for wanted in (False, True):
        call(simulation, "replay_file", "rig.log", 0.0, 0.0, 0, wanted, Transform())
        found.append(list(simulation.episode.entities.of(SensorEntity)))

    assert not found[0]
    (again,) = found[1]
    assert again.transform == mount
    assert simulation.episode.entities.get(again.actor.parent).actor.description.id == CAR.id


def test_what_is_told_in_carlas_words(simulation):
    """Who came, in centimetres, and how long it took; each frame if all is asked for."""
    recorded, (car, walker) = record(simulation)

    short = call(simulation, "show_recorder_file_info", "run.log", False)
    whole = call(simulation, "show_recorder_file_info", "run.log", True)

    assert f"Create {car.id}: vehicle.tesla.model3 (1) at (" in short
    assert f"Create {walker.id}: walker.pedestrian.0001 (2) at (" in short
    assert "Map: parking" in short
    assert short.endswith("Frames: 40\nDuration: 1.95 seconds\n")
    assert whole.count("Frame ") == 40
    (x, y) = re.findall(rf"  Id: {car.id} Location: \((\S+), (\S+),", whole)[-1]
    assert [float(x) / 100.0, float(y) / 100.0] == pytest.approx(recorded[-1, 0, :2], abs=0.01)


def test_collisions_are_told(simulation):
    """Two cars that meet are named once for a contact that lasts, by their categories."""
    points = simulation.episode.chart.spawn_points
    one = call(simulation, "spawn_actor", CAR, points[0])
    ahead = simulation.episode.entities.get(one.id)
    place = simulation.episode.place(ahead)
    x, y, z = place.position + 8.0 * place.axes[:, 0]
    other = call(
        simulation,
        "spawn_actor",
        CAR,
        Transform(location=Vector(x=x, y=-y, z=z + 0.1), rotation=points[0].rotation),
    )
    call(simulation, "start_recorder", "crash.log", True)
    call(simulation, "apply_control_to_vehicle", one.id, VehicleControl(throttle=1.0))
    for _ in range(60):
        simulation.tick()
    call(simulation, "stop_recorder")

    lines = call(simulation, "show_recorder_collisions", "crash.log", "v", ord("a")).splitlines()
    none = call(simulation, "show_recorder_collisions", "crash.log", "w", "a").splitlines()

    hits = [line for line in lines if " v v " in line]
    assert hits
    assert str(one.id) in hits[0]
    assert str(other.id) in hits[0]
    assert not [line for line in none if " v v " in line]


def test_who_stood_is_told(simulation):
    """The walker that went is not blocked; a car that waits is, for the whole time."""
    car = call(simulation, "spawn_actor", CAR, simulation.episode.chart.spawn_points[0])
    call(simulation, "start_recorder", "wait.log", True)
    for _ in range(45):
        simulation.tick()
    call(simulation, "stop_recorder")

    text = call(simulation, "show_recorder_actors_blocked", "wait.log", 2.0, 50.0)
    none = call(simulation, "show_recorder_actors_blocked", "wait.log", 60.0, 50.0)

    assert re.search(rf"\b{car.id} vehicle.tesla.model3", text)
    assert "vehicle" not in none


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd", "/etc/passwd", "a/../../../b", "..\\..\\c", "~/d", "e\0/../../f"],
)
def test_no_name_leads_out_of_the_folder(tmp_path, name):
    """A path of another machine keeps its folders, below ours."""
    folder = tmp_path / "recordings"

    path = Shelf(folder).path(name)

    assert path.resolve().is_relative_to(folder.resolve())
    assert path != folder


@pytest.mark.parametrize("name", ["", "..", "/", ".profile", "x" * 101, "/".join("x" * 17)])
def test_names_that_are_none(tmp_path, name):
    """Nothing is left of them, or they are hidden, or too long."""
    with pytest.raises(RequestError, match="name a file"):
        Shelf(tmp_path).path(name)


def test_broken_recordings_are_refused(simulation, tmp_path):
    """What is missing, another format, or being written is named; a cut one ends earlier."""
    with pytest.raises(RequestError, match="not found on server"):
        call(simulation, "replay_file", "none.log", 0.0, 0.0, 0, False, Transform())
    (tmp_path / "other.log").write_bytes(b"CARLA_RECORDER")
    with pytest.raises(RequestError, match=r"other\.log: no recording of this server"):
        call(simulation, "show_recorder_file_info", "other.log", True)
    call(simulation, "start_recorder", "now.log", True)
    with pytest.raises(RequestError, match="is being written"):
        call(simulation, "show_recorder_file_info", "now.log", True)
    record(simulation)
    path = tmp_path / "run.log"
    path.write_bytes(path.read_bytes()[:-100])

    assert sum(1 for _ in Tape(path=path).frames()) == 39


def test_no_other_file_is_overwritten(simulation, tmp_path):
    """A recording may be made anew; what is none stays as it is, and so do folders."""
    (tmp_path / "notes.txt").write_text("keep me")
    (tmp_path / "folder").mkdir()
    call(simulation, "start_recorder", "run.log", True)
    call(simulation, "start_recorder", "run.log", True)

    for name in ("notes.txt", "folder"):
        with pytest.raises(RequestError, match="no recording of this server"):
            call(simulation, "start_recorder", name, True)

    assert (tmp_path / "notes.txt").read_text() == "keep me"


def test_recordings_have_an_end(simulation, tmp_path, monkeypatch):
    """No new one begins where too much is kept."""
    (tmp_path / "old.log").write_bytes(b"x" * 1000)
    monkeypatch.setattr("simgen.worlds.carla.server.recording.shelf.MOST_KEPT", 999)

    with pytest.raises(RequestError, match="at most 999 are kept"):
        call(simulation, "start_recorder", "new.log", True)


def test_a_recording_without_a_folder_of_its_own():
    """It lies in a folder that is gone when the simulation is."""
    simulation = Simulation(Options(map="parking"))
    path = simulation.shelf.path("x.log")
    assert path.parent.is_dir()

    del simulation

    assert not path.parent.exists()
