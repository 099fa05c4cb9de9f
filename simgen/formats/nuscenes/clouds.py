"""Points of scanners and radars as nuScenes stores them."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import numpy.typing as npt

from simgen.worlds.road.sensors import Frame, Lidar

# Its scanner looks to the right along x and ahead along y.
SCANNER_AXES = np.array([[0.0, 1.0, 0.0], [-1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
_FULL = 255.0  # greatest intensity
_VALID, _UNAMBIGUOUS = 0, 3  # states of a detection; the radar's maker's codes
_MOVING, _STILL = 0, 1
_MOVES = 0.5  # radial velocity over ground from which on a detection moves; assumption [m/s]

DETECTED = np.dtype(
    [
        ("x", "<f4"), ("y", "<f4"), ("z", "<f4"), ("dyn_prop", "i1"), ("id", "<i2"), ("rcs", "<f4"),
        ("vx", "<f4"), ("vy", "<f4"), ("vx_comp", "<f4"), ("vy_comp", "<f4"),
        ("is_quality_valid", "i1"), ("ambig_state", "i1"), ("x_rms", "i1"), ("y_rms", "i1"),
        ("invalid_state", "i1"), ("pdh0", "i1"), ("vx_rms", "i1"), ("vy_rms", "i1"),
    ]
)  # fmt: skip


def scanner_frame(mount: Frame) -> Frame:
    """A scanner's mount as nuScenes turns it."""
    return Frame(position=mount.position, axes=mount.axes @ SCANNER_AXES)


def sweep_bytes(content: bytes, unit: Lidar) -> bytes:
    """A turn: x to the right, y ahead, z up [m], intensity to 255, ring from the lowest beam up."""
    points = np.load(io.BytesIO(content), allow_pickle=False)
    rings = np.argsort(np.argsort(unit.elevations, kind="stable"), kind="stable")
    rows = np.empty((len(points), 5), "<f4")
    rows[:, 0], rows[:, 1], rows[:, 2] = -points["y"], points["x"], points["z"]
    rows[:, 3] = _FULL * points["intensity"]
    rows[:, 4] = rings[points["channel"]]
    return rows.tobytes()


def radar_bytes(content: bytes, velocity: npt.NDArray[np.float64]) -> bytes:
    """A reading: places and radial velocities, relative to the radar and over ground.

    As theirs, it reports no heights: z is 0. Echo strength is not simulated and 0.

    Args:
        content: the raw file.
        velocity: of the radar over ground, in its own frame `(3,)` [m/s].
    """
    found = np.load(io.BytesIO(content), allow_pickle=False)
    rows = np.zeros(max(len(found), 1), DETECTED)
    if not len(found):
        rows["x"] = np.nan  # how readers know that there is none
        return _header(1) + rows.tobytes() + b"\n"
    level = np.stack([np.cos(found["azimuth"]), np.sin(found["azimuth"])], axis=1)
    along = np.cos(found["elevation"])
    ways = np.column_stack([level * along[:, None], np.sin(found["elevation"])])
    ground = found["velocity"] + ways @ velocity
    rows["x"], rows["y"] = (level * (found["range"] * along)[:, None]).T
    rows["vx"], rows["vy"] = (level * found["velocity"][:, None]).T
    rows["vx_comp"], rows["vy_comp"] = (level * ground[:, None]).T
    rows["dyn_prop"] = np.where(np.abs(ground) > _MOVES, _MOVING, _STILL)
    rows["id"] = np.arange(len(rows))
    rows["is_quality_valid"], rows["pdh0"] = 1, 1
    rows["ambig_state"], rows["invalid_state"] = _UNAMBIGUOUS, _VALID
    # One byte more than the points need: the development kit reads no file without it.
    return _header(len(rows)) + rows.tobytes() + b"\n"


def _header(n_points: int) -> bytes:
    assert DETECTED.fields is not None
    kinds: list[np.dtype[Any]] = [about[0] for about in DETECTED.fields.values()]
    lines = (
        "# .PCD v0.7 - Point Cloud Data file format",
        "VERSION 0.7",
        f"FIELDS {' '.join(DETECTED.fields)}",
        f"SIZE {' '.join(str(kind.itemsize) for kind in kinds)}",
        f"TYPE {' '.join(kind.kind.upper() for kind in kinds)}",
        f"COUNT {' '.join('1' for _ in kinds)}",
        f"WIDTH {n_points}",
        "HEIGHT 1",
        "VIEWPOINT 0 0 0 1 0 0 0",
        f"POINTS {n_points}",
        "DATA binary",
    )
    return "".join(f"{line}\n" for line in lines).encode("ascii")
