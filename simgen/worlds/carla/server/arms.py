"""Spring arms: sensors that follow their parent as CARLA's do, and look at it.

An arm goes from its parent to where the sensor was put, turns with the parent's heading alone and
after it, and ends before what is in its way; a ghost's ends nowhere. The sensor's own rotation
counts from the arm, which points back at the parent. Constants and order are those of CARLA's
`ActorAttacher` and of Unreal's `USpringArmComponent`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

import numpy as np

from simgen.kernels.arrays import Floats
from simgen.worlds.carla.frames import MIRROR
from simgen.worlds.carla.server.rays import hits
from simgen.worlds.road.sensors import Frame, Scene

RIGID, SPRING_ARM, GHOST = 0, 1, 2  # kinds of attachment
_LAG_RATE = 8.0  # [1/s]
_LAG_STEP = 1.0 / 60.0  # at most [s]
_LIFT = 0.3  # of the arm's root over the parent's origin, but of a ghost's [m]
_PROBE = 0.12  # radius of what is moved along the arm [m]


@dataclass(kw_only=True)
class Arm:
    """One arm."""

    is_ghost: bool
    heading: float | None = None  # of the parent, as the arm has it [rad]
    place: Frame = field(default_factory=lambda: Frame.turned(np.zeros(3)))  # of the sensor

    def follow(self, parent: Frame, own: Frame, scene: Scene, step: float) -> None:
        """Move after the parent.

        Args:
            parent: where it is now.
            own: where the sensor was put, in the parent's frame.
            scene: what may be in the way.
            step: since the last time. [s]
        """
        heading = math.atan2(parent.axes[1, 0], parent.axes[0, 0])
        self.heading = heading if self.heading is None else _lagging(self.heading, heading, step)
        back = -own.position
        length = float(np.linalg.norm(back))
        yaw = self.heading + math.atan2(back[1], back[0])
        pitch = math.atan2(back[2], math.hypot(back[0], back[1]))
        lift = 0.0 if self.is_ghost else _LIFT
        root = parent.position + np.array([0.0, 0.0, lift])
        arm = Frame.turned(root, yaw=yaw, pitch=pitch)
        way = -length * arm.axes[:, 0]
        if not self.is_ghost:
            way = way * _free_share(scene, root, way, length)
        end = replace(arm, position=root + way)
        self.place = end.carry(replace(own, position=np.zeros(3)))


def _lagging(before: float, wanted: float, step: float) -> float:
    """The heading after a step, in which the wanted one is reached evenly [rad]."""
    turn = math.remainder(wanted - before, 2.0 * math.pi)
    n_parts = max(math.ceil(step / _LAG_STEP - 1e-9), 1)
    share = min(_LAG_RATE * step / n_parts, 1.0)
    off = 0.0
    for part in range(1, n_parts + 1):
        off += (turn * part / n_parts - off) * share
    return before + off


def _free_share(scene: Scene, root: Floats, way: Floats, length: float) -> float:
    """Which share of the arm is free."""
    if length <= _PROBE:
        return 1.0
    beyond = way * ((length + _PROBE) / length)
    met = hits(scene, root * MIRROR, beyond * MIRROR)
    if not met:
        return 1.0
    place = met[0].location
    reached = math.dist((place.x, place.y, place.z), root * MIRROR)
    return min(max((reached - _PROBE) / length, 0.0), 1.0)
