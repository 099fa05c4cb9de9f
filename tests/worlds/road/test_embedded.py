import copy
import dataclasses
import math

import numpy as np
import pytest
from toys.tracks import launch, run, track

from simgen.core import RequestError, RunError
from simgen.worlds.base import (
    Force,
    Impulse,
    Pose,
    TargetVelocity,
    Teleport,
    VehicleControl,
    WalkerControl,
)
from simgen.worlds.road.embedded import EmbeddedWorld, TakenError

CAST = {
    "car": {},
    "adult": {"category": "walker", "size": (0.73, 0.67, 1.77), "mass": 70.8},
    "cone": {"category": "prop", "size": (0.4, 0.4, 1.0), "mass": 5.0, "friction": 0.5},
    "wall": {"category": "prop", "size": (0.5, 20.0, 1.0), "mass": math.inf},
}
ELSEWHERE = Pose(x=500.0, y=-200.0, z=0.0)


def busy_world():
    """Thirty cars on the town's lanes, each with its own steer and throttle."""
    world = EmbeddedWorld(map="urban_grid").open()
    poses = world.network.poses(world.network.every(50.0)[:60])
    rng = np.random.Generator(np.random.PCG64DXSM(3))
    for row in range(0, 60, 2):
        pose = Pose(x=poses.x[row], y=poses.y[row], z=poses.z[row], yaw=poses.yaw[row])
        throttle, steer = rng.random(2)
        world.apply(
            world.spawn("vehicle.tesla.model3", pose),
            VehicleControl(throttle=throttle, steer=0.2 * steer - 0.1),
        )
    return world


def test_the_same_orders_give_the_same_bytes():
    """Two worlds told the same things agree in every bit after ten seconds with collisions."""
    first, second = (run(busy_world(), 10.0) for _ in range(2))
    other = busy_world()
    other.apply(1, VehicleControl())

    assert first.positions.tobytes() == second.positions.tobytes()
    assert first.velocities.tobytes() == second.velocities.tobytes()
    assert first.positions.tobytes() != run(other, 10.0).positions.tobytes()


def test_cars_follow_the_ground():
    """Over the hills of the country road a car's height and pitch are those of the surface."""
    world = EmbeddedWorld(map="rural").open()
    network = world.network
    start = network.every(10.0)
    hilly = start[[int(np.argmax(np.abs(network.poses(start).pitch)))]]
    pose = network.poses(hilly)
    car = world.spawn("car", Pose(x=pose.x[0], y=pose.y[0], z=pose.z[0], yaw=pose.yaw[0]))
    heading = pose.yaw[0]
    world.apply(car, TargetVelocity(x=15.0 * math.cos(heading), y=15.0 * math.sin(heading)))

    for _ in range(20):
        world.step()
        shot = world.sense()
        near = network.project(shot.positions, None)
        below = network.surface(
            network.lanes["road"][near.waypoints.lane], near.waypoints.s, near.t
        )
        assert shot.positions[0, 2] == pytest.approx(below.z[0], abs=0.02)
    assert abs(shot.rotations[0, 1]) == pytest.approx(
        math.asin(abs(shot.velocities[0, 2]) / np.linalg.norm(shot.velocities[0])), abs=0.01
    )


def test_a_car_crosses_a_bridge_while_another_passes_below():
    """Where lanes lie above each other, each actor keeps to the one that it is on."""
    world = EmbeddedWorld(map="highway").open()
    network = world.network
    poses = network.poses(network.every(1.0))
    high, deep = np.flatnonzero(poses.z > 5.0), np.flatnonzero(poses.z < 1.0)
    apart = np.hypot(poses.x[high][:, None] - poses.x[deep], poses.y[high][:, None] - poses.y[deep])
    above, below = np.unravel_index(apart.argmin(), apart.shape)
    top, low = high[above], deep[below]
    for row in (top, low):
        world.spawn("car", Pose(x=poses.x[row], y=poses.y[row], z=poses.z[row]))

    heights = run(world, 1.0).positions[:, 2]
    np.testing.assert_allclose(heights, poses.z[[top, low]], atol=0.01)
    assert apart.min() < 1.0


def test_an_actor_inside_another_is_refused():
    """The error names the one in the way; above it, or once it is gone, there is room."""
    world = track(kinds=CAST)
    first = world.spawn("car", ELSEWHERE)
    crossing = dataclasses.replace(ELSEWHERE, x=502.0, yaw=1.0)

    with pytest.raises(TakenError, match=r"inside actor 1, a car; choose a free place") as caught:
        world.spawn("car", crossing)
    assert caught.value.actor == first
    assert copy.copy(caught.value).actor == first  # as between processes
    world.spawn("car", dataclasses.replace(crossing, z=2.0))
    world.destroy(first)
    assert world.spawn("car", crossing) == 3
    assert world.sense().actors.tolist() == [2, 3]


@pytest.mark.parametrize(("name", "command", "message"), [
    ("car", VehicleControl(throttle=1.5), r"throttle = 1.5: must be in \[0, 1\]"),
    ("car", VehicleControl(steer=math.nan), r"steer = nan: must be in \[-1, 1\]"),
    ("car", VehicleControl(gear=9), r"gear = 9: must be in \[-1, 5\]"),
    ("car", WalkerControl(speed=1.0), "no walker"),
    ("adult", VehicleControl(), "no vehicle"),
    ("adult", WalkerControl(speed=-1.0), r"speed = -1.0: must be in \[0, 13\]"),
    ("adult", Impulse(z=math.inf), r"Impulse.z = inf"),
    ("wall", Force(x=1.0), "it is anchored"),
    ("cone", Teleport(pose=Pose(x=1.0, y=math.nan, z=0.0)), r"pose.y = nan: must be within"),
])  # fmt: skip
def test_wrong_commands_are_refused(name, command, message):
    """The line names the value and its bound, and nothing has changed."""
    world = track(kinds=CAST)
    actor = world.spawn(name, ELSEWHERE)
    before = world._motions.tobytes() + world._orders.tobytes()

    with pytest.raises(RequestError, match=message):
        world.apply(actor, command)
    assert world._motions.tobytes() + world._orders.tobytes() == before


def test_unknown_actors_and_bad_poses_are_refused():
    """A misspelt name is corrected; a number that was never given, or is gone, is named."""
    world = track(kinds=CAST)

    with pytest.raises(RequestError, match="did you mean adult"):
        world.spawn("adlut", ELSEWHERE)
    with pytest.raises(RequestError, match=r"pose.yaw = inf"):
        world.spawn("car", dataclasses.replace(ELSEWHERE, yaw=math.inf))
    for use in (world.destroy, lambda actor: world.apply(actor, VehicleControl())):
        with pytest.raises(RequestError, match="there is no actor 7"):
            use(7)
    with pytest.raises(RequestError, match=r"step_time = 0.0 is out of bounds"):
        EmbeddedWorld(step_time=0.0)
    with pytest.raises(RequestError, match=r"map = 'mars': no such file; .* highway, parking"):
        EmbeddedWorld(map="mars").open()
    assert len(world.sense().actors) == 0


def test_walkers_go_where_they_are_told():
    """They reach their kind's speed by its agility, look that way, and stop when told."""
    world = track(kinds=CAST)
    walker = world.spawn("adult", ELSEWHERE)
    world.apply(walker, WalkerControl(yaw=2.0))

    assert np.hypot(*run(world, 0.25).velocities[0, :2]) == pytest.approx(2.0 * 0.25)
    there = run(world, 1.0)
    np.testing.assert_allclose(
        there.velocities[0, :2], [1.25 * math.cos(2.0), 1.25 * math.sin(2.0)]
    )
    assert there.rotations[0, 0] == pytest.approx(2.0)
    world.apply(walker, WalkerControl(speed=0.0))
    assert not run(world, 1.0).velocities.any()


def test_a_wall_stands():
    """A car that hits something anchored leaves at its restitution; the wall stays in place."""
    world = track(kinds=CAST)
    wall = world.spawn("wall", ELSEWHERE)
    launch(world, "car", 490.0, 10.0)

    last = run(world, 0.8)
    assert last.positions[0].tolist() == [500.0, -200.0, 0.0]
    assert last.velocities[1, 0] == pytest.approx(-1.0, rel=1e-3)
    world.destroy(wall)
    assert run(world, 1.0).collisions == ()


def test_a_walker_turns_without_a_jump():
    """Who walks on from almost west to beyond it has a yaw beyond half a turn."""
    world = track(kinds=CAST)
    walker = world.spawn("adult", ELSEWHERE)
    for yaw in (3.0, -3.0, -0.5):
        world.apply(walker, WalkerControl(yaw=yaw))
        assert run(world, 0.25).rotations[0, 0] == pytest.approx(yaw % (2.0 * math.pi))


def test_a_struck_walker_is_thrown():
    """A car of twenty times the mass gives a walker more than its own speed, and hardly slows."""
    world = track(kinds=CAST)
    launch(world, "car", 490.0, 10.0)
    world.spawn("adult", ELSEWHERE)

    fastest = max(run(world, 0.05).velocities[1, 0] for _ in range(20))
    assert fastest == pytest.approx(10.0 * 1.1 * 1392.0 / (1392.0 + 70.8), rel=0.03)
    assert world.sense().velocities[0, 0] > 9.0


def test_a_cone_slides_until_friction_stops_it():
    """From 5 m/s it slides v^2 / (2 friction g), and stays there."""
    world = track(kinds=CAST)
    launch(world, "cone", 500.0, 5.0)

    last = run(world, 3.0)
    assert last.positions[0, 0] - 500.0 == pytest.approx(25.0 / (2 * 0.5 * 9.80665), rel=0.01)
    assert not last.velocities.any()


def test_the_wheels_turn_no_faster_than_their_rate():
    """Half a second after full lock is asked for, the bend is that of 0.4 rad, not of 0.6."""
    world = track(step_time=0.01)
    car = launch(world, "car", 100.0, 0.5)
    world.apply(car, VehicleControl(steer=1.0))

    last = run(world, 0.5)
    curvature = last.yaw_rates[0] / np.hypot(*last.velocities[0, :2])
    # The middle of the car is not on its rear axle, on which the bend is tan(steer) / wheelbase.
    aside = math.atan(1.35 / 2.7 * math.tan(0.4))
    assert curvature == pytest.approx(math.tan(0.4) / 2.7 * math.cos(aside), rel=0.02)


def test_teleports_keep_speed_and_find_the_ground():
    """Put 3 m above the ground elsewhere, a car goes on as fast and falls."""
    world = track(kinds=CAST)
    car = launch(world, "car", 100.0, 8.0)
    world.apply(car, Teleport(pose=Pose(x=1000.0, y=-100.0, z=3.0)))

    assert run(world, 0.5).positions[0] == pytest.approx(
        [1004.0, -100.0, 3.0 - 0.5 * 9.80665 * 0.25]
    )
    assert run(world, 1.0).positions[0, 2] == 0.0


def test_a_world_is_used_inside_with():
    """Opened worlds are independent, begin at frame 0 and close quietly, twice too."""
    config = EmbeddedWorld(map="parking", step_time=0.1)
    with config.open() as world:
        assert [world.step(), world.step()] == [1, 2]
        assert world.sense().time == pytest.approx(0.2)
        world.close()
    with config.open() as again:
        assert again.sense().frame == 0


def test_snapshots_are_the_readers_own():
    """A snapshot does not change when the world goes on, nor the world when it is written to."""
    world = track(kinds=CAST)
    launch(world, "car", 100.0, 8.0)
    shot = world.sense()
    shot.positions[:] = 0.0
    kept = world.sense()

    assert run(world, 1.0).positions[0, 0] == pytest.approx(108.0)
    assert kept.positions[0, 0] == 100.0


def test_an_actor_pushed_out_of_the_plane_ends_the_run():
    """The line names the actor; nothing hangs or goes on with places that are no numbers."""
    world = track(kinds=CAST)
    world.apply(world.spawn("cone", ELSEWHERE), TargetVelocity(x=1e9))

    with pytest.raises(RunError, match="actor 1, a cone, left the plane"):
        world.step()
