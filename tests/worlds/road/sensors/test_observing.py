"""A rig from plain data, read while a world goes on, and written to files."""

import io

import numpy as np
import pytest
from PIL import Image

from simgen.core import RequestError, RunError, Streams
from simgen.worlds.base import Pose, TargetVelocity
from simgen.worlds.road.embedded import EmbeddedWorld
from simgen.worlds.road.sensors import (
    Camera,
    Inertial,
    Lidar,
    Observer,
    Stage,
    Tag,
    encode,
    make_rig,
    rig,
)
from simgen.worlds.road.sensors.encoding import POINT

RIG = {
    "roof": {
        "lidar": {"preset": "hdl_32e", "n_columns": 180},
        "position": [0.0, 0.0, 1.9],
        "rate": 10.0,
    },
    "front": {
        "camera": {
            "width": 96, "height": 64, "field_of_view": 90.0,
            "sees": ["colour", "depth", "tags", "instances", "normals", "flow"],
        },
        "position": [0.5, 0.0, 1.5],
        "rate": 4.0,
    },
    "ahead": {"radar": {"view_up": 10.0}, "position": [2.3, 0.0, 0.6], "rate": 20.0},
    "receiver": {"gnss": {}, "rate": 1.0},
    "inertial": {"imu": {}, "yaw": 90.0},
    "bumper": {"obstacles": {"distance": 30.0}, "position": [2.3, 0.0, 0.6]},
}  # fmt: skip


@pytest.fixture(scope="module")
def stage():
    with EmbeddedWorld(map="parking").open() as world:
        return Stage(network=world.network)


def run(stage, *, content=RIG, n_steps=10, seed=1):
    """Observations of a car that rolls toward a van, one a step of 50 ms."""
    with EmbeddedWorld(map="parking").open() as world:
        network = stage.network
        lane = network.project(np.array([[0.0, 0.0, 0.0]])).waypoints
        places = [lane, network.walk(lane, 12.0).waypoints[0]]
        car, van = (
            world.spawn(name, Pose(x=p.x[0], y=p.y[0], z=p.z[0], yaw=p.yaw[0]))
            for name, p in zip(("car", "van"), map(network.poses, places), strict=True)
        )
        heading = network.poses(lane).yaw[0]
        world.apply(car, TargetVelocity(x=4.0 * np.cos(heading), y=4.0 * np.sin(heading)))
        observer = Observer(
            make_rig(content), stage, carrier=car, streams=Streams(seed).child("sensors")
        )
        for _ in range(n_steps):
            world.step()
            yield observer.observe(world.sense()), van


def files(observation):
    return {
        (reading.sensor.name, file.part): file.content
        for reading in observation.readings
        for file in encode(reading)
    }


def test_each_sensor_at_its_own_rate(stage):
    """A sensor of rate r reads at the first look and at multiples of 1 / r; without one, always."""
    names = [reading.sensor.name for seen, _ in run(stage) for reading in seen.readings]

    counts = {name: names.count(name) for name in RIG}
    assert counts == {
        "roof": 6, "front": 3, "ahead": 10, "receiver": 1, "inertial": 10, "bumper": 10,
    }  # fmt: skip


def test_a_rate_that_divides_no_step_is_kept_on_average(stage):
    """Twelve readings a second at twenty steps: none is left out, each comes at the next step."""
    content = {"inertial": {"imu": {}, "rate": 12.0}}
    readings = [
        reading for seen, _ in run(stage, content=content, n_steps=20) for reading in seen.readings
    ]

    assert [reading.number for reading in readings] == list(range(13))
    late = [reading.time - reading.number / 12.0 for reading in readings]
    assert min(late) > -1e-6
    assert max(late) < 0.05 + 1e-6


def test_readings_are_numbered_by_their_time(stage):
    """A look that comes late leaves numbers out, and does not catch up."""
    with EmbeddedWorld(map="parking").open() as world:
        car = world.spawn("car", Pose(x=0.0, y=0.0, z=0.0))
        content = {"receiver": {"gnss": {}, "rate": 10.0}}
        observer = Observer(make_rig(content), stage, carrier=car, streams=Streams(1))
        numbers = []
        for n_steps in (2, 2, 10, 1, 1):
            for _ in range(n_steps):
                world.step()
            numbers += [reading.number for reading in observer.observe(world.sense()).readings]
    assert numbers == [1, 2, 7, 8]


def test_the_same_seed_gives_the_same_files(stage):
    """All files are the same for the same seed, and for another seed those with errors differ."""
    first, again, other = (
        [files(seen) for seen, _ in run(stage, n_steps=6, seed=seed)] for seed in (1, 1, 2)
    )

    assert first == again
    differ = {key for a, b in zip(first, other, strict=True) for key in a if a[key] != b[key]}
    assert {name for name, _ in differ} == {"roof", "ahead", "receiver", "inertial"}


def test_another_sensor_changes_nothing(stage):
    """Taking a sensor off the rig leaves the bytes of all others."""
    whole = [files(seen) for seen, _ in run(stage, n_steps=4)]
    fewer = {name: about for name, about in RIG.items() if name not in {"ahead", "front"}}

    rest = [files(seen) for seen, _ in run(stage, content=fewer, n_steps=4)]

    for all_files, some in zip(whole, rest, strict=True):
        assert some == {key: value for key, value in all_files.items() if key[0] in fewer}


def test_files_say_what_was_read(stage):
    """Every file gives back its reading: arrays exactly, colours nearly."""
    seen, van = next(run(stage, n_steps=1))
    by_name = {reading.sensor.name: reading for reading in seen.readings}
    written = files(seen)

    points = np.load(io.BytesIO(written["roof", "points"]))
    sweep = by_name["roof"].content
    assert points.dtype == POINT
    np.testing.assert_array_equal(np.stack([points[k] for k in "xyz"], axis=1), sweep.points)
    np.testing.assert_array_equal(points["instance"], sweep.instances)
    view = by_name["front"].content
    opened = {
        part: np.asarray(Image.open(io.BytesIO(written["front", part])))
        for part in ("colour", "tags", "instances")
    }
    assert np.abs(opened["colour"].astype(int) - view.colour).mean() < 4.0
    np.testing.assert_array_equal(opened["tags"], view.tags)
    np.testing.assert_array_equal(opened["instances"], view.instances)
    assert van in view.instances
    assert {Tag.ROAD, Tag.CAR, Tag.SKY} <= set(view.tags.ravel().tolist())
    np.testing.assert_array_equal(np.load(io.BytesIO(written["front", "depth"])), view.depth)
    normals = np.load(io.BytesIO(written["front", "normals"]))
    np.testing.assert_allclose(normals, view.normals, atol=1e-3)
    np.testing.assert_array_equal(np.load(io.BytesIO(written["front", "flow"])), view.flow)
    fix = np.load(io.BytesIO(written["receiver", "fix"]))
    assert fix["latitude"] == by_name["receiver"].content.latitude
    motion = np.load(io.BytesIO(written["inertial", "motion"]))
    np.testing.assert_array_equal(
        motion["specific_force"], by_name["inertial"].content.specific_force
    )
    obstacle = np.load(io.BytesIO(written["bumper", "obstacle"]))
    assert (obstacle["actor"], 5.0 < obstacle["distance"] < 12.0) == (van, True)


def test_sensors_sit_where_they_are_mounted(stage):
    """A unit turned by 90 degrees feels the brakes of its carrier on its own side axis."""
    seen, _ = next(run(stage, n_steps=1))

    reading = next(r for r in seen.readings if r.sensor.name == "inertial")
    assert isinstance(reading.content, Inertial)
    np.testing.assert_allclose(reading.frame.axes[:, 0], seen.frame.axes[:, 1], atol=1e-9)
    np.testing.assert_allclose(reading.frame.position - seen.frame.position, [0, 0, 1.7], atol=0.1)


def test_rigs_that_ship():
    """The survey car has what its file says, and an unknown rig is refused with those there are."""
    survey = rig("survey")

    assert {sensor.name for sensor in survey.all(Camera)} == {"front", "left", "right"}
    assert len(survey.all(Lidar)) == 1
    with pytest.raises(RequestError, match="survey"):
        rig("none")


@pytest.mark.parametrize(
    ("content", "about"),
    [
        ({"a b": {"imu": {}}}, "letters, digits"),
        ({"a": {}}, "give one of"),
        ({"a": {"imu": {}, "gnss": {}}}, "give one of"),
        ({"a": {"imu": {"noise": 1.0}}}, "unknown parameter a.imu.noise"),
        ({"a": {"imu": {}, "height": 1.0}}, "unknown parameter a.height"),
        ({"a": {"lidar": {"preset": "vlp_16"}}}, "hdl_64e"),
        ({"a": {"camera": {"sees": ["heat"]}}}, "sees"),
        ({"a": {"camera": {"field_of_view": 200.0}}}, "field_of_view"),
        ({"a": {"radar": {"n_rays": 0}}}, "n_rays"),
        ({"a": {"imu": {}, "rate": -1.0}}, "rate"),
    ],
)
def test_wrong_rigs_are_refused(content, about):
    """A rig that cannot be is refused in a line that names sensor and parameter."""
    with pytest.raises(RequestError, match=about):
        make_rig(content)


def test_a_look_needs_its_carrier_and_time(stage):
    """A carrier that is gone, and two looks at one instant, end the run."""
    with EmbeddedWorld(map="parking").open() as world:
        car = world.spawn("car", Pose(x=0.0, y=0.0, z=0.0))
        world.step()
        observer = Observer(make_rig({"a": {"imu": {}}}), stage, carrier=car, streams=Streams(1))
        observer.observe(world.sense())
        with pytest.raises(RunError, match="between two looks"):
            observer.observe(world.sense())
        world.destroy(car)
        with pytest.raises(RunError, match="left the world"):
            observer.observe(world.sense())


def test_instances_in_as_few_bits_as_they_need(stage):
    """Numbers up to 255 are written in 8 bits, up to 65,535 in 16, and above that refused."""
    seen, _ = next(run(stage, n_steps=1))
    reading = next(r for r in seen.readings if r.sensor.name == "front")

    def written(number):
        reading.content.instances[0, 0] = number
        return next(e.content for e in encode(reading) if e.part == "instances")

    for number, kind in ((255, np.uint8), (256, np.uint16), (65_535, np.uint16)):
        image = np.asarray(Image.open(io.BytesIO(written(number))))
        assert (image.dtype, image[0, 0]) == (kind, number)
    with pytest.raises(RequestError, match="65,535"):
        written(65_536)
