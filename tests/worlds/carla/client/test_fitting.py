import math

import numpy as np
import pytest

from simgen.core import RequestError
from simgen.worlds.carla.client.fitting import fit
from simgen.worlds.carla.protocol.types import Weather as CarlaWeather
from simgen.worlds.carla.weather import carla_weather, seen_weather
from simgen.worlds.road.sensors import Weather, make_rig, rig

STEP = 0.1  # [s]


def fitted(**sensor):
    (found,) = fit(make_rig({"it": sensor}), STEP, Weather())
    return found


def test_a_scanner_makes_one_turn_a_frame():
    """All channels from the highest to the lowest, and no ray less than the unit has."""
    found = fitted(lidar={"n_columns": 777, "elevations": [-5.0, 0.0, 5.0, 10.0], "reach": 60.0})
    (part,) = found.parts
    about = part.attributes

    assert (float(about["upper_fov"]), float(about["lower_fov"])) == (10.0, -5.0)
    assert float(about["rotation_frequency"]) * STEP == 1.0
    assert int(int(about["points_per_second"]) * STEP / int(about["channels"])) == 777
    assert found.channels[0].tolist() == [3, 2, 1, 0]


def test_uneven_channels_take_several_scanners():
    """Each run of even steps is one, and together they have every channel once."""
    found = fitted(lidar={"elevations": [10.0, 9.0, 8.0, 4.0, 0.0, -4.0], "n_columns": 100})

    assert [run.tolist() for run in found.channels] == [[0, 1, 2], [3, 4, 5]]
    assert [part.attributes["upper_fov"] for part in found.parts] == ["10.0", "4.0"]
    assert len({part.name for part in found.parts}) == 2


@pytest.mark.parametrize("preset", ["hdl_32e", "hdl_64e"])
def test_real_scanners_fit(preset):
    """Those of our presets can be had, within the rounding of their published angles."""
    found = fitted(lidar={"preset": preset})

    assert sorted(np.concatenate(found.channels)) == list(range(len(found.lidar.elevations)))
    for part, run in zip(found.parts, found.channels, strict=True):
        ends = float(part.attributes["upper_fov"]), float(part.attributes["lower_fov"])
        own = np.array(found.lidar.elevations)[run]
        assert np.abs(np.linspace(*ends, len(run)) - own).max() <= 0.01


def test_a_centre_aside_is_cut_from_a_larger_picture():
    """Pixels keep their rays: CARLA's centre lies where the camera's does."""
    about = {"width": 100, "height": 60, "focal_x": 80.0, "focal_y": 80.0}
    found = fitted(camera={**about, "centre_x": 55.5, "centre_y": 28.0})
    values = found.parts[0].attributes
    width, height = int(values["image_size_x"]), int(values["image_size_y"])

    assert (0.5 * width - found.corner[0], 0.5 * height - found.corner[1]) == (55.5, 28.0)
    assert found.corner[0] + 100 <= width
    assert found.corner[1] + 60 <= height
    view = math.radians(float(values["fov"]))
    assert 0.5 * width / math.tan(0.5 * view) == pytest.approx(80.0, abs=1e-9)


@pytest.mark.parametrize(
    ("sensor", "text"),
    [
        ({"camera": {"sees": ["colour", "flow"]}}, "has no flow"),
        ({"camera": {"focal_y": 700.0}}, "square pixels"),
        ({"camera": {"centre_x": 640.3}}, "whole or half"),
        ({"lidar": {"distorted": True}}, "from one place"),
        ({"lidar": {"elevations": [float(k * k) for k in range(9, 0, -1)] * 3}}, "even runs"),
    ],
)
def test_what_carla_lacks_is_refused(sensor, text):
    """By a line that says what to change."""
    with pytest.raises(RequestError, match=text):
        fitted(**sensor)


def test_scanners_feel_no_fog():
    """A run in fog is refused, rather than to have a scanner that sees through it."""
    with pytest.raises(RequestError, match="neither fog nor rain"):
        fit(rig("roof_and_front"), STEP, Weather(visibility=200.0))


def test_each_part_of_a_picture_is_a_camera():
    """Tags and actors come from one; what a camera does not see is not rendered."""
    sees = fitted(camera={"sees": ["tags", "instances"]})
    every = fitted(camera={"sees": ["colour", "depth", "tags"]})

    assert [p.blueprint for p in sees.parts] == ["sensor.camera.instance_segmentation"]
    assert len(every.parts) == 3


def test_other_sensors_take_none():
    """Radar, receiver and inertial unit are made from states."""
    names = {found.sensor.name for found in fit(rig("survey"), STEP, Weather())}

    assert names == {"roof", "front", "left", "right"}


@pytest.mark.parametrize(
    "weather",
    [Weather(), Weather(visibility=400.0, sun_elevation=-5.0, cloud_share=1.0, wetness=0.7)],
)
def test_the_weather_comes_back(weather):
    """What the server sees of CARLA's values is the weather that they were made from."""
    told = carla_weather(weather)
    names = {"sun_azimuth_angle": "sun_azimuth", "sun_altitude_angle": "sun_altitude"}
    seen = seen_weather(CarlaWeather(**{names.get(k, k): v for k, v in told.items()}))

    for name in ("sun_azimuth", "sun_elevation", "cloud_share", "visibility", "wetness"):
        assert getattr(seen, name) == pytest.approx(getattr(weather, name), rel=1e-9), name
