"""Where signals and objects stand on the map, and whom signals are for."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from simgen.kernels.arrays import Floats
from simgen.worlds.road.network import Poses, RoadNetwork
from simgen.worlds.road.opendrive.document import (
    RoadObject,
    Signal,
    SignalReference,
    Validity,
)


@dataclass(frozen=True, kw_only=True)
class PlacedSignal:
    """A traffic light or sign, and the direction into which its face looks."""

    signal: Signal
    road: int  # row in `document.roads`
    x: float  # [m]
    y: float  # [m]
    z: float  # of its foot [m]
    yaw: float  # [rad]


@dataclass(frozen=True, kw_only=True)
class SignalEffect:
    """A place where a signal is to be obeyed, and by which lanes."""

    signal: str  # id
    road: int  # row in `document.roads`
    s: float  # [m]
    orientation: str  # "+": traffic along s, "-": against it, "none": both
    lanes: tuple[int, ...]  # ids


@dataclass(frozen=True, kw_only=True)
class PlacedObject:
    """An object with its corners on the ground, counter-clockwise as in the file."""

    object: RoadObject
    road: int  # row in `document.roads`
    x: float  # [m]
    y: float  # [m]
    z: float  # of its foot [m]
    yaw: float  # of its length [rad]
    corners: Floats  # (n, 3) [m]


def signals(network: RoadNetwork) -> tuple[PlacedSignal, ...]:
    """All signals where they stand."""
    found = [
        (row, signal) for row, road in enumerate(network.document.roads) for signal in road.signals
    ]
    poses = _surface(network, [(row, signal.s, signal.t) for row, signal in found])
    return tuple(
        PlacedSignal(
            signal=signal,
            road=row,
            x=float(poses.x[k]),
            y=float(poses.y[k]),
            z=float(poses.z[k]) + signal.height_offset,
            # Who drives along s sees a face that looks back.
            yaw=float(poses.yaw[k])
            + signal.heading_offset
            + (0.0 if signal.orientation == "-" else math.pi),
        )
        for k, (row, signal) in enumerate(found)
    )


def signal_effects(network: RoadNetwork) -> tuple[SignalEffect, ...]:
    """Where signals are to be obeyed: at their own place and where roads refer to them.

    A signal whose only valid lane is 0 holds through its references alone, as in CARLA.
    """
    effects = []
    for row, road in enumerate(network.document.roads):
        here: tuple[Signal | SignalReference, ...] = (*road.signals, *road.signal_references)
        for signal in here:
            section = max(
                (section for section in road.sections if section.s <= max(signal.s, 0.0)),
                key=lambda section: section.s,
            )
            ids = [lane.id for lane in section.lanes if lane.id]
            lanes = _valid(signal.validities, ids)
            if lanes or not signal.validities:
                effects.append(
                    SignalEffect(
                        signal=signal.id,
                        road=row,
                        s=signal.s,
                        orientation=signal.orientation,
                        lanes=lanes if signal.validities else tuple(ids),
                    )
                )
    return tuple(effects)


def _valid(validities: Sequence[Validity], ids: Sequence[int]) -> tuple[int, ...]:
    spans = [sorted((validity.first, validity.last)) for validity in validities]
    return tuple(i for i in ids if any(low <= i <= high for low, high in spans))


def objects(network: RoadNetwork, types: Collection[str] | None = None) -> tuple[PlacedObject, ...]:
    """The objects of some types where they stand, such as `crosswalk`; None: all.

    An object without an outline is the box, or the disc as eight corners, that it says.
    """
    found = [
        (row, thing)
        for row, road in enumerate(network.document.roads)
        for thing in road.objects
        if types is None or thing.type in types
    ]
    poses = _surface(network, [(row, thing.s, thing.t) for row, thing in found])
    placed = []
    for k, (row, thing) in enumerate(found):
        yaw = float(poses.yaw[k]) + thing.heading
        foot = np.array([poses.x[k], poses.y[k], poses.z[k] + thing.height_offset])
        outline = _outline(thing)
        turn = np.array([[math.cos(yaw), math.sin(yaw)], [-math.sin(yaw), math.cos(yaw)]])
        corners = np.concatenate([outline[:, :2] @ turn, outline[:, 2:]], axis=1) + foot
        placed.append(
            PlacedObject(
                object=thing,
                road=row,
                x=float(foot[0]),
                y=float(foot[1]),
                z=float(foot[2]),
                yaw=yaw,
                corners=corners,
            )
        )
    return tuple(placed)


def _outline(thing: RoadObject) -> Floats:
    """Corners in the object's frame `(n, 3)` [m]."""
    if thing.outline:
        return np.array([(corner.u, corner.v, corner.z) for corner in thing.outline])
    if thing.radius > 0.0:
        angles = np.arange(8) * (math.pi / 4.0)
        disc = thing.radius * np.stack([np.cos(angles), np.sin(angles), 0.0 * angles], axis=1)
        return np.asarray(disc, np.float64)
    length, width = 0.5 * thing.length, 0.5 * thing.width
    return np.array(
        [(length, width, 0.0), (-length, width, 0.0), (-length, -width, 0.0), (length, -width, 0.0)]
    )


def _surface(network: RoadNetwork, places: Sequence[tuple[int, float, float]]) -> Poses:
    road, s, t = np.array(places, np.float64).reshape(-1, 3).T
    return network.surface(road.astype(np.int64), s, t)
