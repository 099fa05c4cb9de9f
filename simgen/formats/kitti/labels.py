"""Boxes of one frame as lines of text."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from simgen.formats.drives import Drive, inverse, kind_in, pose_of, words
from simgen.formats.kitti.calibration import Calibration
from simgen.worlds.road.sensors import Frame

_IGNORED = "DontCare"
_NOWHERE = "-1 -1 -1 -1000 -1000 -1000 -10"  # size, place and angle of what is not labelled


@dataclass(frozen=True, kw_only=True)
class Label:
    """One actor in a picture, or a region that is to be ignored."""

    track: int  # -1 of a region
    type: str
    truncation: float  # share of the whole box beside the picture; -1 of a region
    occlusion: int  # 0 to 2; -1 of a region
    alpha: float  # from which side it is seen [rad]; -10 of a region
    edges: tuple[float, float, float, float]  # left, upper, right, lower [pixel]
    solid: str  # height, width, length [m], x, y, z of its floor's middle [m], rotation_y [rad]

    def object_line(self) -> str:
        """As the object benchmark has it."""
        return self._line(f"{self.truncation:.2f}" if self.track >= 0 else "-1")

    def tracking_line(self, frame: int) -> str:
        """As the tracking benchmark has it, where truncation is a level."""
        return f"{frame} {self.track} {self._line(str(_level(self.truncation, 'truncations')))}"

    def _line(self, truncation: str) -> str:
        edges = " ".join(f"{edge:.2f}" for edge in self.edges)
        alpha = f"{self.alpha:.4f}" if self.track >= 0 else "-10"
        return f"{self.type} {truncation} {self.occlusion} {alpha} {edges} {self.solid}\n"


def labels_of(drive: Drive, at: int, camera: Frame, about: Calibration) -> Iterator[Label]:
    """The actors that a picture shows, by their numbers; regions of those without a point last.

    Args:
        drive: the drive.
        at: when the picture was taken [us].
        camera: where, as right, down, forward.
        about: the calibration.
    """
    actors = {int(actor["actor_id"]): actor for actor in drive.others(at)}
    scanned = {int(m["actor_id"]) for m in drive.marks_of(about.scanner, at) if m["n_points"]}
    regions = []
    for mark in drive.marks_of(about.left, at):
        number = int(mark["actor_id"])
        kind = kind_in("KITTI", str(actors[number]["kind"]), "type")
        if kind is None or not mark["n_pixels"]:
            continue
        if number in scanned:
            yield _label(actors[number], mark, kind, camera, about)
        else:
            regions.append(mark)
    for mark in regions:
        yield Label(
            track=-1,
            type=_IGNORED,
            truncation=-1.0,
            occlusion=-1,
            alpha=-10.0,
            edges=_edges(mark, about),
            solid=_NOWHERE,
        )


def _label(actor: np.void, mark: np.void, kind: str, camera: Frame, about: Calibration) -> Label:
    seen = inverse(camera).carry(pose_of(actor))
    # About the camera's axis down: 0 looks to its right, a quarter turn toward it.
    turn = math.atan2(-seen.axes[2, 0], seen.axes[0, 0])
    x, y, z = seen.position.tolist()
    size = " ".join(f"{actor[name]:.4f}" for name in ("height", "width", "length"))
    return Label(
        track=int(actor["actor_id"]),
        type=kind,
        truncation=float(mark["truncation"]),
        occlusion=_level(float(mark["occlusion"]), "occlusions"),
        alpha=math.remainder(turn - math.atan2(x, z), math.tau),
        edges=_edges(mark, about),
        solid=f"{size} {x:.4f} {y:.4f} {z:.4f} {turn:.4f}",
    )


def _edges(mark: np.void, about: Calibration) -> tuple[float, float, float, float]:
    """Within the picture; its last pixel is the greatest."""
    right, low = about.camera.width - 1.0, about.camera.height - 1.0
    return (
        min(max(float(mark["left"]), 0.0), right),
        min(max(float(mark["top"]), 0.0), low),
        min(max(float(mark["right"]), 0.0), right),
        min(max(float(mark["bottom"]), 0.0), low),
    )


def _level(share: float, name: str) -> int:
    """The level of a share: how many limits it exceeds; -1 of none."""
    return -1 if share < 0.0 else sum(share > limit for limit in words("KITTI")[name])
