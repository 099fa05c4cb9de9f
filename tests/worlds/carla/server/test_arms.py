"""Spring arms follow their parent, look at it, and end before walls."""

import math

import numpy as np
import pytest

from simgen.worlds.carla.protocol.types import (
    ActorDescription,
    EpisodeSettings,
    Rotation,
    Transform,
    Vector,
)
from simgen.worlds.carla.server.arms import GHOST, RIGID, SPRING_ARM, Arm
from simgen.worlds.carla.server.routes import ROUTES
from simgen.worlds.carla.server.simulation import Options, Simulation
from simgen.worlds.road.sensors import Frame, Scene
from simgen.worlds.road.sensors.surfaces import moving
from simgen.worlds.road.shapes import boxes

BEHIND = Transform(location=Vector(x=-6.0, z=3.0), rotation=Rotation(pitch=8.0))


def scene(*solids):
    """Boxes that each reach from a low to a high corner."""
    middles = [0.5 * (np.array(high) + low) for low, high in solids]
    halves = [0.5 * (np.array(high) - low) for low, high in solids]
    made = list(boxes(middles, halves, np.zeros(len(solids)))) if solids else []
    nothing = moving([], [], [])
    return Scene(still=nothing, moving=moving(made, [3] * len(made), range(1, len(made) + 1)))


def settled(kind, place=BEHIND):
    """Transform of a camera behind a car that stands, in the car's frame."""
    simulation = Simulation(Options(map="parking"))
    simulation.set_settings(EpisodeSettings(synchronous=True, fixed_step=0.05))
    point = simulation.episode.chart.spawn_points[0]
    car = ROUTES["spawn_actor"].work(simulation, ActorDescription(id="vehicle.tesla.model3"), point)
    camera = ActorDescription(id="sensor.camera.depth")
    made = ROUTES["spawn_actor_with_parent"].work(simulation, camera, place, car.id, kind, "")
    simulation.tick()
    entities = simulation.episode.entities
    parent, own = (simulation.episode.place(entities.get(actor.id)) for actor in (car, made))
    return parent.axes.T @ (own.position - parent.position), parent.axes.T @ own.axes


def test_a_rigid_sensor_is_where_it_was_put():
    """Turned as it was told, in the parent's frame."""
    place, axes = settled(RIGID)

    np.testing.assert_allclose(place, [-6.0, 0.0, 3.0], atol=1e-6)
    assert math.degrees(math.asin(axes[2, 0])) == pytest.approx(8.0, abs=1e-3)


def test_an_arm_looks_at_its_parent():
    """The own pitch counts from the arm, which points down at the parent, as CARLA's."""
    place, axes = settled(GHOST)

    np.testing.assert_allclose(place, [-6.0, 0.0, 3.0], atol=0.05)
    down = math.degrees(math.atan2(3.0, 6.0))
    assert math.degrees(math.asin(axes[2, 0])) == pytest.approx(8.0 - down, abs=0.5)


def test_an_arm_that_is_no_ghost_is_raised():
    """Its root is 0.3 m over the parent's origin."""
    place, _ = settled(SPRING_ARM)

    np.testing.assert_allclose(place, [-6.0, 0.0, 3.3], atol=0.05)


def test_an_arm_turns_after_its_parent():
    """It lags behind, and then arrives."""
    arm, free = Arm(is_ghost=True), scene()
    own = Frame.turned([-5.0, 0.0, 0.0])
    arm.follow(Frame.turned(np.zeros(3)), own, free, 0.05)
    turned = Frame.turned(np.zeros(3), yaw=1.0)

    arm.follow(turned, own, free, 0.05)
    first = math.atan2(-arm.place.position[1], -arm.place.position[0])
    for _ in range(60):
        arm.follow(turned, own, free, 0.05)

    # 8 / s over 0.05 s, in three parts between which the wanted heading goes on.
    assert 0.1 < first < 0.4
    assert math.atan2(-arm.place.position[1], -arm.place.position[0]) == pytest.approx(1.0)


def test_a_wall_shortens_an_arm():
    """The sensor stays before what stands between it and its parent; a ghost goes through."""
    wall = scene(([-3.0, -5.0, -5.0], [-2.9, 5.0, 5.0]))
    own, parent = Frame.turned([-5.0, 0.0, 0.0]), Frame.turned([0.0, 0.0, 0.0])

    ends = []
    for is_ghost in (False, True):
        arm = Arm(is_ghost=is_ghost)
        arm.follow(parent, own, wall, 0.05)
        ends.append(arm.place.position[0])

    assert ends[0] == pytest.approx(-2.9 + 0.12, abs=0.01)
    assert ends[1] == pytest.approx(-5.0)
