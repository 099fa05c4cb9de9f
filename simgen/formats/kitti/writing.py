"""The files of one drive."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from simgen.core import RequestError
from simgen.formats.base import Recorded, Target
from simgen.formats.drives import Carried, Drive, Rawfile, Taken, network_of, rows_apart
from simgen.formats.kitti import layout
from simgen.formats.kitti.calibration import Calibration, object_text, raw_texts, tracking_text
from simgen.formats.kitti.labels import Label, labels_of
from simgen.formats.kitti.packets import packets
from simgen.worlds.road.geodesy import read_projection
from simgen.worlds.road.sensors.pillow import pillow


@dataclass(kw_only=True)
class Export:
    """What all drives share, and how far the export is."""

    source: Recorded
    target: Target
    carried: Carried
    about: Calibration
    object_rate: float  # frames a second that the object benchmark gets [1/s]
    picked: list[list[int]] = field(default_factory=list)  # its frames, by drive

    @property
    def n_picked(self) -> int:
        """How many frames the object benchmark has so far."""
        return sum(map(len, self.picked))


def write_drive(export: Export, drive: Drive) -> int:
    """Write all files of a drive; gives how many labels it has.

    Raises:
        RequestError: no picture was taken together with a turn of the scanner.
    """
    sequence, about = len(export.picked), export.about
    frames = _frames(export, drive)
    times = list(frames)
    labels = []
    # Number in the object benchmark, by frame.
    picked = {
        frame: export.n_picked + row
        for row, frame in enumerate(rows_apart(times, export.object_rate))
    }
    for frame, at in enumerate(times):
        labels.append(list(labels_of(drive, at, frames[at][about.left].frame.optical(), about)))
        _files(export, drive, frames[at], (sequence, frame, picked.get(frame)))
    export.picked.append(list(picked.values()))
    _texts(export, drive, sequence, labels)
    for frame, number in picked.items():
        lines = "".join(label.object_line() for label in labels[frame])
        export.target.write(layout.picked("label_2", number, "txt"), lines)
        export.target.write(layout.picked("calib", number, "txt"), object_text(about))
    _motion(export, drive, sequence, frames)
    return sum(map(len, labels))


def _frames(export: Export, drive: Drive) -> dict[int, Mapping[str, Taken]]:
    """The readings of scanner and cameras that were taken together, by time [us]."""
    about = export.about
    names = [about.scanner, about.left, *([about.right] if about.right else [])]
    by_time = [{taken.at: taken for taken in drive.readings.get(name, ())} for name in names]
    common = sorted(set.intersection(*map(set, by_time)))
    if not common:
        raise RequestError(
            f"episode {drive.number}: {', '.join(names)} never read together: take a rig whose "
            "camera and scanner have one rate, such as scenario.sensors=kitti"
        )
    return {at: {n: one[at] for n, one in zip(names, by_time, strict=True)} for at in common}


def _files(
    export: Export, drive: Drive, frame: Mapping[str, Taken], numbers: tuple[int, int, int | None]
) -> None:
    """Points and pictures; each is written once, and is what it is in three places."""
    sequence, number, picked = numbers
    about, target = export.about, export.target
    sides = [("image_02", about.left), ("image_03", about.right)]
    whole = [("velodyne", "bin", _points(_raw(export, frame[about.scanner], "points")))]
    for folder, camera in sides:
        if camera:
            whole.append((folder, "png", _picture(_raw(export, frame[camera], "colour"))))
    for folder, suffix, content in whole:
        name = layout.tracking(folder, sequence, f"{number:06d}.{suffix}")
        target.write(name, content)
        own = f"{folder.replace('velodyne', 'velodyne_points')}/data/{number:010d}.{suffix}"
        target.repeat(name, layout.raw(drive.date, sequence, own))
        if picked is not None:
            target.repeat(name, layout.picked(folder.replace("_0", "_"), picked, suffix))


def _raw(export: Export, taken: Taken, part: str) -> bytes:
    if part not in taken.files:
        raise RequestError(f"a reading has no {part}: take a rig whose cameras see colour")
    raw: Rawfile = taken.files[part]
    return export.source.read(raw.path, raw.n_bytes)


def _points(content: bytes) -> bytes:
    """Places ahead, to the left and up [m], and reflectance up to 1."""
    points = np.load(io.BytesIO(content), allow_pickle=False)
    columns = [points[name] for name in ("x", "y", "z", "intensity")]
    return np.stack(columns, axis=1).astype("<f4").tobytes()


def _picture(content: bytes) -> bytes:
    file = io.BytesIO()
    pillow().open(io.BytesIO(content)).save(file, format="PNG", compress_level=1)
    return file.getvalue()


def _texts(export: Export, drive: Drive, sequence: int, labels: Sequence[Sequence[Label]]) -> None:
    """Labels of the tracking benchmark, and calibrations."""
    lines = [label.tracking_line(frame) for frame, some in enumerate(labels) for label in some]
    target = export.target
    target.write(layout.tracking("label_02", sequence), "".join(lines))
    target.write(layout.tracking("calib", sequence), tracking_text(export.about))
    for name, text in raw_texts(export.about, drive.date).items():
        target.write(f"{layout.day(drive.date)}/{name}", text)


def _motion(
    export: Export, drive: Drive, sequence: int, frames: Mapping[int, Mapping[str, Taken]]
) -> None:
    """Where the car was, and when."""
    about, times = export.about, list(frames)
    cars = [export.carried.carrier(about.left, frames[at][about.left].frame) for at in times]
    poses = [(car, car.carry(about.unit)) for car in cars]
    projection = read_projection(network_of(drive.map).document.projection)
    lines = list(packets(drive, times, poses, projection))
    export.target.write(layout.tracking("oxts", sequence), "".join(lines))
    for number, line in enumerate(lines):
        export.target.write(layout.raw(drive.date, sequence, f"oxts/data/{number:010d}.txt"), line)
    sides = ["image_02", *(["image_03"] if about.right else [])]
    for folder in ("oxts", "velodyne_points", *sides):
        export.target.write(
            layout.raw(drive.date, sequence, f"{folder}/timestamps.txt"), layout.stamps(times)
        )
