"""YOLO: pictures with rectangles as lines of text, as Ultralytics reads them.

Source: Ultralytics' documentation, object detection datasets: a class and the middle, width and
height of a rectangle as shares of the picture.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import yaml

from simgen.formats.base import Recorded, Target
from simgen.formats.drives.pictures import PictureFormat, Shot, classes


@dataclass(frozen=True, kw_only=True)
class Yolo(PictureFormat):
    """Some pictures of each camera, with a rectangle an actor."""

    name: ClassVar[str] = "yolo"
    title: ClassVar[str] = "YOLO"
    doc: ClassVar[str] = "Rectangles in pictures."

    def place(self, shot: Shot) -> str:
        """The file of a picture in an export."""
        return f"images/{shot.split}/{shot.stem}.jpg"

    def write(self, source: Recorded, target: Target) -> Iterator[int]:
        """Write all pictures, a file of labels for each, and what the classes are called."""
        for split in ("train", "val"):
            for folder in ("images", "labels"):
                (target.root / folder / split).mkdir(parents=True)
        for shots in self.drives(source):
            for shot in shots:
                target.bring(source, shot.colour.path, shot.colour.n_bytes, self.place(shot))
                target.write(f"labels/{shot.split}/{shot.stem}.txt", lines(shot))
            yield sum(len(shot.seen) for shot in shots)
        # Without a path, folders count from where the file lies.
        names = dict(enumerate(classes()))
        about = {"train": "images/train", "val": "images/val", "names": names}
        target.write("data.yaml", yaml.safe_dump(about, sort_keys=False))


def lines(shot: Shot) -> str:
    """The labels of a picture."""
    numbers = {name: number for number, name in enumerate(classes())}
    width, height = shot.camera.width, shot.camera.height
    text = ""
    for seen in shot.seen:
        left, top, right, low = seen.edges
        shares = (
            0.5 * (left + right) / width,
            0.5 * (top + low) / height,
            (right - left) / width,
            (low - top) / height,
        )
        text += f"{numbers[seen.name]} {' '.join(f'{share:.6f}' for share in shares)}\n"
    return text
