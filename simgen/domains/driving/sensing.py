"""What the ego's sensors report of an episode: raw files, and what they have of each actor."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from simgen.core import Batch, RawFile, Streams
from simgen.des import EventLog
from simgen.domains.driving import schema
from simgen.domains.driving.mounted import kind_of_sensor
from simgen.domains.driving.seeing import NO_SENSORS, witness
from simgen.worlds.road import RoadNetwork, read_network
from simgen.worlds.road.embedded import map_path
from simgen.worlds.road.labels import ImageBoxes, boxes_of, image_boxes
from simgen.worlds.road.sensors import (
    Camera,
    Encoded,
    Observation,
    Reading,
    Stage,
    encode,
)

if TYPE_CHECKING:
    from simgen.domains.driving.records import Told


@cache
def network_of(name: str) -> RoadNetwork:
    """A map, read once in each process; RequestError if it can't be."""
    return read_network(map_path(name))


@cache
def stage_of(name: str) -> Stage:
    """A map with all that stands on it, made once in each process; RequestError if it can't be."""
    return Stage(network=network_of(name))


def readings(told: Told, streams: Streams) -> Iterator[Batch | RawFile]:
    """Raw files as they are read, then the tables about them; both empty without sensors."""
    boxes = EventLog(schema.BOXES, told.about.start_date)
    files = EventLog(schema.SENSOR_FILES, told.about.start_date)
    if told.about.sensors != NO_SENSORS:
        with witness(told.about, stage_of(told.about.map), streams) as seeing:
            for at, snapshot in zip(told.at.tolist(), told.recording.snapshots, strict=True):
                common = {"at": at, "episode_id": told.episode_id}
                yield from _read(seeing.observe(snapshot), common, boxes, files)
            if seeing.log is not None:
                yield RawFile(f"raw/world/{told.episode_id:07d}.json", seeing.log())
    yield boxes.batch()
    yield files.batch()


def _read(
    seen: Observation, common: dict[str, Any], boxes: EventLog, files: EventLog
) -> Iterator[RawFile]:
    """The raw files of one look, noted with what they show of actors."""
    for row in _points(seen):
        boxes.add(**common, **row)
    for reading in seen.readings:
        for row in _pictured(seen, reading):
            boxes.add(**common, **row)
        for content in encode(reading):
            raw = RawFile(_path(common["episode_id"], reading, content), content.content)
            files.add(**common, **_about(reading, content, raw))
            yield raw


def _path(episode_id: int, reading: Reading, content: Encoded) -> str:
    name = f"{episode_id:07d}_{reading.number:06d}_{content.part}.{content.suffix}"
    return f"raw/{reading.sensor.name}/{name}"


def _about(reading: Reading, content: Encoded, raw: RawFile) -> dict[str, Any]:
    """A row of `sensor_files` but for when and in which episode."""
    yaw, pitch, roll = reading.frame.angles
    return {
        "sensor": reading.sensor.name,
        "kind": kind_of_sensor(reading.sensor),
        "part": content.part,
        "path": raw.path,
        "sha256": raw.sha256,
        "n_bytes": len(raw.content),
        **dict(zip("xyz", reading.frame.position.tolist(), strict=True)),
        "yaw": yaw,
        "pitch": pitch,
        "roll": roll,
    }


_IN_PICTURES = ("left", "top", "right", "bottom")
_PIXELS = (
    "n_pixels", *_IN_PICTURES, *(f"visible_{edge}" for edge in _IN_PICTURES), "truncation",
    "occlusion",
)  # fmt: skip


def _points(seen: Observation) -> Iterator[dict[str, Any]]:
    """The actors that laser scanners and radars have points on."""
    boxes = boxes_of(seen)
    for sensor, counts in boxes.n_points.items():
        for row in np.flatnonzero(counts):
            yield {
                "sensor": sensor,
                "actor_id": int(boxes.actors[row]),
                "n_points": int(counts[row]),
                **dict.fromkeys(_PIXELS),
            }


def _pictured(seen: Observation, reading: Reading) -> Iterator[dict[str, Any]]:
    """The actors in a picture, if the camera says who is who."""
    unit = reading.sensor.unit
    if not isinstance(unit, Camera) or "instances" not in unit.sees:
        return
    found: ImageBoxes = image_boxes(seen, reading)
    for row, actor in enumerate(found.actors):
        edges = np.concatenate([found.whole[row], found.visible[row]]).tolist()
        yield {
            "sensor": found.sensor,
            "actor_id": int(actor),
            "n_points": None,
            "n_pixels": int(found.n_pixels[row]),
            **dict(zip(_PIXELS[1:9], (None if math.isnan(e) else e for e in edges), strict=True)),
            "truncation": float(found.truncation[row]),
            "occlusion": float(found.occlusion[row]),
        }
