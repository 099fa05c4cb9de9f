"""From cases to outcomes, without a map's bends, a background, or anybody's sensors."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from simgen.domains.driving.cut_in import NOTED, PATIENCE, CutIn
from simgen.domains.driving.search.cases import KINDS, Cases, Setting
from simgen.domains.driving.search.kernels import BODY, OUTCOME, follow_all
from simgen.worlds.road.catalogue import catalogue
from simgen.worlds.road.traffic.behaviour import BRISKNESS, shape
from simgen.worlds.road.traffic.tracks import Tracks


def outcomes_of(about: CutIn, setting: Setting, cases: Cases) -> npt.NDArray[np.void]:
    """What comes of cases, as `kernels.OUTCOME` `(n,)`."""
    out = np.zeros(len(cases), OUTCOME)
    ego = about.ego
    rules = (
        ego.reaction_time, ego.heeds, PATIENCE, NOTED, about.step_time,
        round(about.duration / about.step_time),
    )  # fmt: skip
    apart = _apart(setting.town.tracks, cases)
    follow_all(cases, apart, bodies_of(about), rules, out)
    return out


def bodies_of(about: CutIn) -> npt.NDArray[np.void]:
    """The ego, then who may change lanes: a driver of the population's medians each."""
    bodies = np.zeros(1 + len(KINDS), BODY)
    drivers = about.drivers
    for body, kind in zip(bodies, (about.ego.kind, *KINDS), strict=True):
        fields: dict[str, Any] = shape(catalogue().find(kind)) | {
            "headway": drivers.median_headway,
            "min_gap": drivers.min_gap,
            "max_acceleration": drivers.max_acceleration * BRISKNESS.get(kind, 1.0),
            "comfortable_brake": drivers.comfortable_brake,
            "max_brake": drivers.max_brake,
        }
        for name, value in fields.items():
            body[name] = value
    for name, value in about.ego.fields().items():
        if name in (BODY.names or ()) and name != "desired":
            bodies[0][name] = value
    return bodies


def _apart(tracks: Tracks, cases: Cases) -> npt.NDArray[np.float64]:
    """Between the middles of both lanes where the ego begins `(n,)` [m]."""
    own, theirs = (_first_node(tracks, cases[name]) for name in ("track", "lane"))
    return np.hypot(theirs[:, 1] - own[:, 1], theirs[:, 2] - own[:, 2])


def _first_node(tracks: Tracks, track: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    found: npt.NDArray[np.float64] = tracks.nodes[tracks.records["first"][track]]
    return found
