import io

import numpy as np
import pytest

from simgen.formats.nuscenes.clouds import DETECTED, radar_bytes, sweep_bytes
from simgen.worlds.road.sensors import Lidar
from simgen.worlds.road.sensors.encoding import DETECTION, POINT


def saved(rows):
    file = io.BytesIO()
    np.save(file, rows)
    return file.getvalue()


def read(content):
    """Header lines and detections of a radar's file."""
    head, _, rest = content.partition(b"DATA binary\n")
    n_bytes = len(rest) // DETECTED.itemsize * DETECTED.itemsize
    return head.decode().splitlines(), np.frombuffer(rest[:n_bytes], DETECTED), rest[n_bytes:]


def detections(**columns):
    rows = np.zeros(len(columns["range"]), DETECTION)
    for name, values in columns.items():
        rows[name] = values
    return saved(rows)


def test_points_turn_to_the_right_and_rings_count_from_below():
    """What lies ahead lies along y; the channel that looks lowest is ring 0."""
    rows = np.zeros(2, POINT)
    rows["x"], rows["y"], rows["z"] = (10.0, 0.0), (0.0, 5.0), (1.0, -1.0)
    rows["intensity"], rows["channel"] = (0.5, 1.0), (0, 2)
    unit = Lidar(elevations=(10.0, -5.0, -20.0))

    found = np.frombuffer(sweep_bytes(saved(rows), unit), np.float32).reshape(-1, 5)

    assert found.tolist() == [[0.0, 10.0, 1.0, 127.5, 2.0], [-5.0, 0.0, -1.0, 255.0, 0.0]]


def test_velocities_over_ground_are_without_the_cars_own():
    """A wall that the car drives toward stands still; who drives as fast ahead moves."""
    content = detections(range=[50.0, 50.0], azimuth=[0.0, 0.0], velocity=[-20.0, 0.0])

    _, rows, _ = read(radar_bytes(content, np.array([20.0, 0.0, 0.0])))

    assert rows["vx"].tolist() == [-20.0, 0.0]
    assert rows["vx_comp"] == pytest.approx([0.0, 20.0])
    assert rows["dyn_prop"].tolist() == [1, 0]


def test_velocities_lie_along_the_ray():
    """Of what is to the left, only the share of the car's way toward it is taken off."""
    angle = np.pi / 3
    content = detections(range=[10.0], azimuth=[angle], velocity=[-10.0 * np.cos(angle)])

    _, rows, _ = read(radar_bytes(content, np.array([10.0, 0.0, 0.0])))

    assert (rows["x"][0], rows["y"][0]) == pytest.approx((5.0, 10.0 * np.sin(angle)))
    assert np.hypot(rows["vx_comp"], rows["vy_comp"])[0] == pytest.approx(0.0, abs=1e-5)
    assert rows["vy"][0] / rows["vx"][0] == pytest.approx(np.tan(angle))


def test_a_radar_file_is_as_readers_expect_it():
    """Eleven lines; a byte after the points; nothing detected is one point that is no number."""
    empty = radar_bytes(detections(range=[]), np.zeros(3))
    lines, rows, rest = read(empty)

    assert len(lines) == 10
    assert lines[0].startswith("#")
    assert lines[6] == "WIDTH 1"
    assert np.isnan(rows["x"]).tolist() == [True]
    assert len(rest) == 1
