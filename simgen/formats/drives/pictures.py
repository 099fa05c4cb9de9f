"""Single pictures with what they show, for detectors in two dimensions."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

from simgen.core import RequestError, parameter
from simgen.formats.base import Format, Recorded
from simgen.formats.drives.drive import Drive, Rawfile
from simgen.formats.drives.reading import NEEDS, drive_numbers, n_training, read_drive
from simgen.formats.drives.rigs import carried_by
from simgen.formats.drives.timing import rows_apart
from simgen.formats.drives.words import kind_in, words
from simgen.worlds.road.sensors import Camera, Sensor
from simgen.worlds.road.sensors.pillow import pillow


@dataclass(frozen=True, kw_only=True)
class Seen:
    """An actor in a picture."""

    actor: int
    name: str  # of its class
    edges: tuple[float, float, float, float]  # of what is seen: left, upper, right, lower [pixel]
    n_pixels: int


@dataclass(frozen=True, kw_only=True)
class Shot:
    """A picture."""

    split: str  # train or val
    stem: str  # of its file's name
    camera: Camera
    colour: Rawfile
    instances: Rawfile  # actors' numbers, pixel by pixel
    seen: tuple[Seen, ...]


@dataclass(frozen=True, kw_only=True)
class PictureFormat(Format):
    """A format of pictures with rectangles."""

    unit: ClassVar[str] = "drives"
    needs: ClassVar[Mapping[str, tuple[str, ...]]] = NEEDS

    rate: float = parameter(
        2.0,
        doc="Pictures a second of each camera: neighbours should differ.",
        unit="1/s",
        above=0.0,
        maximum=100.0,
    )
    val_share: float = parameter(
        0.2, doc="Of the drives, in the split val: the last ones.", minimum=0.0, maximum=1.0
    )
    least_pixels: int = parameter(
        16, doc="Seen of an actor that has a label; assumed.", minimum=1, maximum=1_000_000
    )

    def n_parts(self, source: Recorded) -> int:
        """The drives."""
        return len(drive_numbers(source))

    @abstractmethod
    def place(self, shot: Shot) -> str:
        """The file of a picture in an export."""

    def drives(self, source: Recorded) -> Iterator[list[Shot]]:
        """The pictures of each drive.

        Raises:
            RequestError: no camera sees colour and who is who.
        """
        pillow()
        carried, numbers = carried_by(source), drive_numbers(source)
        cameras = [s for s in carried.of_kind(Camera) if {"colour", "instances"} <= _sees(s)]
        if not cameras:
            raise RequestError(
                f"{source.label}: no camera of its rig sees colour and instances: take another rig"
            )
        n_train = n_training(numbers, self.val_share)
        for row, number in enumerate(numbers):
            drive = read_drive(source, number)
            split = "train" if row < n_train else "val"
            yield [shot for camera in cameras for shot in self._shots(drive, camera, split)]

    def _shots(self, drive: Drive, sensor: Sensor, split: str) -> Iterator[Shot]:
        assert isinstance(sensor.unit, Camera)
        readings = drive.readings.get(sensor.name, ())
        for row in rows_apart([taken.at for taken in readings], self.rate):
            taken = readings[row]
            yield Shot(
                split=split,
                stem=f"{drive.number:07d}_{sensor.name}_{taken.at}",
                camera=sensor.unit,
                colour=taken.files["colour"],
                instances=taken.files["instances"],
                seen=tuple(self._seen(drive, sensor.name, taken.at)),
            )

    def _seen(self, drive: Drive, sensor: str, at: int) -> Iterator[Seen]:
        kinds = {int(actor["actor_id"]): str(actor["kind"]) for actor in drive.others(at)}
        for mark in drive.marks_of(sensor, at):
            name = class_of(kinds[int(mark["actor_id"])])
            if name is not None and mark["n_pixels"] >= self.least_pixels:
                left, top, right, low = (
                    float(mark[f"visible_{edge}"]) for edge in ("left", "top", "right", "bottom")
                )
                yield Seen(
                    actor=int(mark["actor_id"]),
                    name=name,
                    edges=(left, top, right, low),
                    n_pixels=int(mark["n_pixels"]),
                )


def _sees(sensor: Sensor) -> set[str]:
    return set(sensor.unit.sees) if isinstance(sensor.unit, Camera) else set()


def classes() -> Mapping[str, int]:
    """The numbers of COCO's classes that actors have, by name."""
    found: Mapping[str, int] = words("COCO")["classes"]
    return found


def class_of(kind: str) -> str | None:
    """The class of one of our kinds, None if it is left out.

    Raises:
        RequestError: the kind is unknown.
    """
    found: str | None = kind_in("COCO", kind, "class")
    return found
