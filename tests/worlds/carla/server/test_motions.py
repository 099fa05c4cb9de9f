"""Normals, optical flow and events, in CARLA's frame and encoding."""

import struct

import numpy as np
import pytest

from simgen.worlds.carla.protocol.packets import DVS_EVENT
from simgen.worlds.carla.protocol.types import (
    ActorDescription,
    Attribute,
    EpisodeSettings,
    Rotation,
    Transform,
    Vector,
)
from simgen.worlds.carla.server.routes import ROUTES
from simgen.worlds.carla.server.simulation import Options, Simulation

STEP = 0.05  # [s]
WIDTH, HEIGHT, SPEED = 96, 64, 10.0  # [pixel, pixel, m/s]


class Reader:
    """Keeps the bodies of packets."""

    name, queued = "reader", 0

    def __init__(self):
        self.bodies = []

    def send(self, _head, body):
        """Keep it."""
        self.bodies.append(body)

    def close(self):
        """Nothing was opened."""


def seen(name, place, *, speed=SPEED, n_ticks=4, **attributes):
    """Heads and rests of a camera's packets on a car that goes straight ahead."""
    simulation = Simulation(Options(map="urban_grid", seed=3))
    simulation.set_settings(EpisodeSettings(synchronous=True, fixed_step=STEP))
    point = simulation.episode.chart.spawn_points[0]
    car = ROUTES["spawn_actor"].work(simulation, ActorDescription(id="vehicle.tesla.model3"), point)
    given = {"image_size_x": WIDTH, "image_size_y": HEIGHT, **attributes}
    camera = ActorDescription(
        id=name,
        attributes=tuple(Attribute(id=k, type=4, value=str(v)) for k, v in given.items()),
    )
    for _ in range(10):  # it falls onto the road
        simulation.tick()
    made = ROUTES["spawn_actor_with_parent"].work(simulation, camera, place, car.id, 0, "")
    ROUTES["enable_actor_constant_velocity"].work(simulation, car.id, Vector(x=speed))
    reader = Reader()
    simulation.subscribe(simulation.episode.entities.get(made.id).stream, reader)
    for _ in range(n_ticks):
        simulation.tick()
    assert [struct.unpack_from("<II", body) for body in reader.bodies] == [
        (WIDTH, HEIGHT)
    ] * n_ticks
    return [body[12:] for body in reader.bodies], simulation.episode.time


def test_a_road_looks_up():
    """Seen from straight above, its normal is opposite to where the camera looks."""
    down = Transform(location=Vector(z=10.0), rotation=Rotation(pitch=-90.0))
    bodies, _ = seen("sensor.camera.normals", down)
    picture = np.frombuffer(bodies[-1], np.uint8).reshape(HEIGHT, WIDTH, 4)

    blue, green, red = np.median(picture[..., :3].reshape(-1, 3), axis=0)

    assert blue == 0.0
    assert [green, red] == pytest.approx([127.5, 127.5], abs=1.0)


@pytest.mark.parametrize(("yaw", "sign"), [(90.0, -1.0), (-90.0, 1.0)])
def test_flow_counts_back_to_where_it_was(yaw, sign):
    """Out of the right window the world moves to the right, flow to the left, by the speed."""
    aside = Transform(location=Vector(z=2.0), rotation=Rotation(yaw=yaw, pitch=-45.0))
    bodies, _ = seen("sensor.camera.optical_flow", aside, fov=60.0)
    flow = np.frombuffer(bodies[-1], "<f4").reshape(HEIGHT, WIDTH, 2)

    across, up = flow[HEIGHT // 2, WIDTH // 2]

    # The road there is 2 m below and 2 m aside, so 2.83 m ahead of the lens.
    focal = 0.5 * WIDTH / np.tan(np.radians(30.0))
    moved = SPEED * STEP / (2.0 * np.sqrt(2.0)) * focal
    assert across == pytest.approx(sign * 2.0 * moved / WIDTH, rel=0.1)
    assert up == pytest.approx(0.0, abs=0.02)


def test_a_world_that_stands_makes_no_events():
    """Nor does the first picture of one that moves."""
    ahead = Transform(location=Vector(x=2.0, z=2.0))
    still, _ = seen("sensor.camera.dvs", ahead, speed=0.0)
    moving, _ = seen("sensor.camera.dvs", ahead)

    assert not any(still)
    assert not moving[0]
    assert moving[-1]


def test_events_are_in_order_and_in_the_step():
    """They tell both kinds of change, at pixels of the image, between the last two frames."""
    ahead = Transform(location=Vector(x=2.0, z=2.0))
    bodies, time = seen("sensor.camera.dvs", ahead, positive_threshold=0.1, negative_threshold=0.1)
    events = np.frombuffer(bodies[-1], DVS_EVENT)

    assert set(events["brighter"].tolist()) == {0, 1}
    assert (np.diff(events["time"]) >= 0).all()
    assert (time - STEP) * 1e9 - 1.0 <= events["time"].min()
    assert events["time"].max() <= time * 1e9 + 1.0
    assert events["x"].max() < WIDTH
    assert events["y"].max() < HEIGHT


def test_a_pixel_rests_after_an_event():
    """Within the refractory period each pixel tells one thing, and a higher threshold fewer."""
    ahead = Transform(location=Vector(x=2.0, z=2.0))
    counts = []
    for attributes in ({}, {"refractory_period_ns": 10**9}, {"positive_threshold": 1.0}):
        bodies, _ = seen("sensor.camera.dvs", ahead, n_ticks=6, **attributes)
        events = np.concatenate([np.frombuffer(body, DVS_EVENT) for body in bodies])
        pixels = events["y"].astype(int) * WIDTH + events["x"]
        counts.append((len(events), np.bincount(pixels).max()))

    assert counts[0][1] > 1
    assert counts[1][1] == 1
    assert counts[2][0] < counts[0][0]
