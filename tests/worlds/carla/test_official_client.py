"""The official client against a server, each in a process of its own."""

import numpy as np
import pytest

from simgen.worlds.carla.frames import MIRROR, frame_of, transform_of
from simgen.worlds.carla.protocol.types import Rotation, Transform, Vector
from simgen.worlds.carla.server.blueprints import blueprints
from simgen.worlds.road.embedded import own_maps


@pytest.fixture
def ask(run_client, carla_server):
    """What a program of `client_programs.py` found."""

    def answer(name, **how):
        return run_client("client_programs.py", name, carla_server.port, **how)

    return answer


def test_a_client_finds_a_world(ask, client_version):
    """Version, maps, blueprints with attributes, weather and lights arrive as they are."""
    found = ask("handshake")

    assert found["version"] == client_version
    assert found["maps"] == sorted(own_maps())
    assert found["map"].startswith("Carla/Maps/")
    assert found["n_spawn_points"] > 10
    assert found["n_vehicles"] == sum(name.startswith("vehicle.") for name in blueprints())
    assert (found["wheels"], found["special_type"], found["weather"]) == (4, "taxi", 77.0)
    assert found["asynchronous"]


def test_all_sensors_deliver_the_ticked_frame(ask):
    """Each tick brings one packet of its own frame from each sensor; none is lost or doubled."""
    found = ask("sensors")

    assert found["off"] == []
    assert found["rest"] == 0
    assert len(found["names"]) >= 9
    assert found["gnss"] == pytest.approx([0.0, 0.0], abs=1e-8)
    assert found["imu"] == pytest.approx(9.80665, abs=0.05)
    assert found["points"] > 100
    assert found["pixels"] == 64 * 48 * 4


def test_refusals_reach_the_user(ask):
    """The text of an error is that of the server, and a batch goes on after one."""
    found = ask("errors")

    assert "it would stand inside actor" in found["taken"]
    assert "not found on server" in found["recorder"]
    assert "no map 'Town99'" in found["map"]
    assert "no bones" in found["bones"]
    assert "fixed_delta_seconds = 30" in found["step"]
    assert "there is no actor 9999" in found["batch"][0]
    assert found["batch"][1] == ""
    assert found["try"]


def test_commands_that_follow_a_spawn(ask):
    """Cars that a batch spawned do what it told them next, and end by another."""
    found = ask("batches")

    assert found["errors"] == [""] * 4
    assert min(found["speeds"]) > 1.0
    assert found["left"] == 0


def test_traffic_manager_twice(ask):
    """Twenty cars of the client's own Traffic Manager keep to their lanes, twice the same way."""
    first, second = (ask("traffic", patience=40.0, attempts=3) for _ in range(2))

    assert first == second
    assert first["off_lane"] == 0
    assert first["offset"] < 0.3
    assert first["speed"] > 4.0


def test_frames_agree_with_the_clients(ask):
    """Our frames are CARLA's matrices, mirrored; an attached sensor is where CARLA puts it."""
    found = ask("frames")
    angles = ((0, 0, 0), (10, 0, 0), (0, 70, 0), (0, 0, 20), (-30, 160, 45))

    for matrix, (pitch, yaw, roll) in zip(found["matrices"], angles, strict=True):
        transform = Transform(
            location=Vector(x=1.0, y=2.0, z=3.0),
            rotation=Rotation(pitch=float(pitch), yaw=float(yaw), roll=float(roll)),
        )
        frame = frame_of(transform)
        mirror = np.diag(MIRROR)
        np.testing.assert_allclose(
            mirror @ frame.axes @ mirror, np.array(matrix)[:3, :3], atol=1e-6
        )
        back = transform_of(frame)
        assert vars(back.rotation) == pytest.approx(vars(transform.rotation), abs=1e-9)
    assert found["off"] < 1e-3
    assert found["turn"] == pytest.approx(0.0, abs=1e-2)


def test_walkers_go(ask):
    """To the right of x in CARLA's frame, at the speed asked for; the origin is the middle."""
    found = ask("walkers")

    x, y = found["way"]
    assert x == pytest.approx(0.0, abs=0.05)
    assert 2.0 < y <= 3.0
    assert found["height"] == pytest.approx(1.77 / 2, abs=0.05)
    assert found["speed"] == pytest.approx(1.5)


def test_walkers_of_the_clients_navigation(ask):
    """They go, at most as fast as told, and keep to sidewalks and crosswalks."""
    found = ask("navigation")

    assert min(found["went"]) > 5.0
    assert 1.3 < found["speed"] < 1.7
    # Around corners the middle of a walker may be over the kerb; a crosswalk is part of a road.
    on_foot = sum(kind == "Sidewalk" for kind in found["kinds"])
    assert on_foot > 0.8 * len(found["kinds"])


def test_a_second_client_sees_the_same(ask):
    """It joins a world that waits for a tick and sees its actors at once."""
    found = ask("two_clients")

    assert found["sees"]
