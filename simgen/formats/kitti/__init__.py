"""KITTI: object and tracking benchmarks and raw drives, as pykitti and detectors read them.

Source: Geiger, Lenz, Urtasun (2012), Are we ready for autonomous driving?, CVPR; Geiger et al.
(2013), Vision meets robotics, IJRR 32; the benchmarks' readme.txt. Departures stand in
docs/export.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

from simgen.core import parameter
from simgen.formats.base import Format, Recorded, Target
from simgen.formats.drives import NEEDS, carried_by, drive_numbers, n_training, read_drive
from simgen.formats.kitti.calibration import calibration_of
from simgen.formats.kitti.writing import Export, write_drive
from simgen.worlds.road.sensors.pillow import pillow


@dataclass(frozen=True, kw_only=True)
class Kitti(Format):
    """A sequence and a raw drive an episode; the object benchmark has some frames of all."""

    name: ClassVar[str] = "kitti"
    title: ClassVar[str] = "KITTI"
    doc: ClassVar[str] = "Boxes before the car: object and tracking benchmarks, and raw drives."
    unit: ClassVar[str] = "drives"
    needs: ClassVar[Mapping[str, tuple[str, ...]]] = NEEDS

    camera: str = parameter("", doc='The left colour camera; "": image_02, or the first there is.')
    scanner: str = parameter("", doc='The laser scanner; "": the first there is.')
    object_rate: float = parameter(
        2.0,
        doc="Frames a second of the object benchmark: its neighbours should differ.",
        unit="1/s",
        above=0.0,
        maximum=100.0,
    )
    val_share: float = parameter(
        0.2, doc="Of the drives, in ImageSets/val: the last ones.", minimum=0.0, maximum=1.0
    )

    def n_parts(self, source: Recorded) -> int:
        """The drives."""
        return len(drive_numbers(source))

    def write(self, source: Recorded, target: Target) -> Iterator[int]:
        """Write all drives."""
        pillow()
        carried = carried_by(source)
        about = calibration_of(carried, camera=self.camera, scanner=self.scanner)
        export = Export(
            source=source,
            target=target,
            carried=carried,
            about=about,
            object_rate=self.object_rate,
        )
        numbers = drive_numbers(source)
        for number in numbers:
            drive = read_drive(source, number)
            yield write_drive(export, drive)
        n_train = n_training(numbers, self.val_share)
        sets = {
            "train": export.picked[:n_train],
            "val": export.picked[n_train:],
            "trainval": export.picked,
            "test": [],  # readers open it; there is nothing without labels
        }
        for name, drives in sets.items():
            lines = "".join(f"{frame:06d}\n" for frames in drives for frame in frames)
            target.write(f"object/ImageSets/{name}.txt", lines)
