"""nuScenes v1.0: thirteen tables, samples, sweeps and maps, as nuscenes-devkit reads them.

Source: Caesar et al. (2020), nuScenes: a multimodal dataset for autonomous driving, arXiv
1903.11027, and the schema of nuscenes-devkit 1.2.0. Departures stand in docs/export.md.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from simgen.core import RequestError, parameter
from simgen.formats.base import Format, Recorded, Target
from simgen.formats.drives import NEEDS, carried_by, drive_numbers, n_training, read_drive
from simgen.formats.nuscenes.maps import corner, location, mask
from simgen.formats.nuscenes.scenes import Export, scene_name, sensor_rows, write_scene
from simgen.formats.nuscenes.tables import open_tables
from simgen.formats.nuscenes.tokens import Tokens
from simgen.formats.nuscenes.vocabulary import (
    attribute_rows,
    category_rows,
    channels,
    visibility_rows,
)
from simgen.worlds.road.sensors.pillow import pillow


@dataclass(frozen=True, kw_only=True)
class NuScenes(Format):
    """A scene an episode, samples at a fixed rate, sweeps between them."""

    name: ClassVar[str] = "nuscenes"
    title: ClassVar[str] = "nuScenes v1.0"
    doc: ClassVar[str] = "Scenes with boxes, for detection and tracking around the car."
    unit: ClassVar[str] = "scenes"
    needs: ClassVar[Mapping[str, tuple[str, ...]]] = NEEDS

    version: str = parameter("v1.0-simgen", doc="Folder of the tables, and what readers ask for.")
    keyframe_rate: float = parameter(
        2.0, doc="Samples a second, as nuScenes has.", unit="1/s", above=0.0, maximum=100.0
    )
    val_share: float = parameter(
        0.2, doc="Of the scenes, in split simgen_val: the last ones.", minimum=0.0, maximum=1.0
    )
    # At least one lidar or radar point: docs/instructions_nuscenes.md of nuscenes-devkit.
    least_points: int = parameter(
        1,
        doc="Of scanners and radars together, on an actor that has a label in a sample: one, as "
        "nuScenes has it; 0: a pixel of a camera will do, however far away he is.",
        minimum=0,
        maximum=1_000_000,
    )

    def check(self) -> None:
        """The version is the name of a folder.

        Raises:
            RequestError: it is not.
        """
        if not self.version or {"/", "\\", "\0"} & set(self.version) or self.version[0] == ".":
            raise RequestError(
                f"version = {self.version!r} is no name of a folder: give one such as v1.0-mini"
            )

    def n_parts(self, source: Recorded) -> int:
        """The scenes."""
        return len(drive_numbers(source))

    def write(self, source: Recorded, target: Target) -> Iterator[int]:
        """Write all scenes."""
        pillow()
        carried, tokens = carried_by(source), Tokens(identity=source.identity)
        known = channels(carried)
        numbers = drive_numbers(source)
        maps: dict[str, str] = {}  # date of the first log, by map
        with open_tables(target, self.version) as tables:
            tables.add("category", category_rows(tokens))
            tables.add("attribute", attribute_rows(tokens))
            tables.add("visibility", visibility_rows())
            for sensor, calibrated in sensor_rows(carried, known, tokens):
                tables.add("sensor", [sensor])
                tables.add("calibrated_sensor", [calibrated])
            export = Export(
                source=source,
                target=target,
                tables=tables,
                tokens=tokens,
                carried=carried,
                channels=known,
                keyframe_rate=self.keyframe_rate,
                least_points=self.least_points,
            )
            for number in numbers:
                drive = read_drive(source, number)
                maps.setdefault(drive.map, drive.date)
                yield write_scene(export, drive)
            for name, date in maps.items():
                tables.add("log", [_log(source, tokens, name, date)])
                tables.add("map", [_map(tokens, name, target)])
        target.write(f"{self.version}/splits.json", json.dumps(self._splits(numbers), indent=1))
        target.write("maps/origins.json", json.dumps(_origins(maps), indent=1))

    def _splits(self, numbers: list[int]) -> dict[str, list[str]]:
        names = [scene_name(number) for number in numbers]
        n_train = n_training(numbers, self.val_share)
        return {
            "simgen_train": names[:n_train],
            "simgen_val": names[n_train:],
            "simgen_all": names,
        }


def _log(source: Recorded, tokens: Tokens, name: str, date: str) -> dict[str, Any]:
    return {
        "token": tokens.of("log", location(name)),
        "logfile": f"{source.scenario}, seed {source.seed}",
        "vehicle": "simgen",
        "date_captured": date,
        "location": location(name),
    }


def _map(tokens: Tokens, name: str, target: Target) -> dict[str, Any]:
    token = tokens.of("map", location(name))
    filename = f"maps/{token}.png"
    target.write(filename, mask(name))
    return {
        "token": token,
        "log_tokens": [tokens.of("log", location(name))],
        "category": "semantic_prior",
        "filename": filename,
    }


def _origins(maps: Mapping[str, str]) -> dict[str, list[float]]:
    """What was taken from a map's own places, x, y and z [m]."""
    return {location(name): corner(name).tolist() for name in maps}
