"""COCO: pictures with rectangles and masks, as pycocotools reads them.

Source: Lin et al. (2014), Microsoft COCO: common objects in context, arXiv 1405.0312, and its page
on data formats. Class numbers are COCO's, so that its models can be judged.
"""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from simgen.formats.base import Recorded, Target
from simgen.formats.drives.pictures import PictureFormat, Seen, Shot, classes
from simgen.formats.rows import JsonRows, json_rows
from simgen.worlds.road.sensors.pillow import pillow

_SPLITS = ("train", "val")
_PARTS = ("images", "annotations")


@dataclass(frozen=True, kw_only=True)
class Coco(PictureFormat):
    """Some pictures of each camera, with a rectangle and a mask an actor."""

    name: ClassVar[str] = "coco"
    title: ClassVar[str] = "COCO"
    doc: ClassVar[str] = "Rectangles and masks in pictures."

    def place(self, shot: Shot) -> str:
        """The file of a picture in an export."""
        return f"{shot.split}/{shot.stem}.jpg"

    def write(self, source: Recorded, target: Target) -> Iterator[int]:
        """Write all pictures, and for each split a file of labels."""
        n_images = n_labels = 0
        with ExitStack() as stack:
            rows = {
                (split, part): stack.enter_context(json_rows(target.path(_part(split, part))))
                for split in _SPLITS
                for part in _PARTS
            }
            for shots in self.drives(source):
                before = n_labels
                for shot in shots:
                    n_images += 1
                    target.bring(source, shot.colour.path, shot.colour.n_bytes, self.place(shot))
                    rows[shot.split, "images"].add([_image(shot, n_images)])
                    n_labels += _annotate(
                        rows[shot.split, "annotations"], source, shot, (n_images, n_labels)
                    )
                yield n_labels - before
        for split in _SPLITS:
            _join(source, target, split)


def _part(split: str, part: str) -> str:
    return f"annotations/{split}.{part}"


def _image(shot: Shot, number: int) -> dict[str, Any]:
    return {
        "id": number,
        "file_name": f"{shot.stem}.jpg",
        "width": shot.camera.width,
        "height": shot.camera.height,
    }


def _annotate(rows: JsonRows, source: Recorded, shot: Shot, numbers: tuple[int, int]) -> int:
    """Write the labels of a picture; gives how many there are."""
    image, before = numbers
    content = source.read(shot.instances.path, shot.instances.n_bytes)
    instances = np.asarray(pillow().open(io.BytesIO(content)))
    for row, seen in enumerate(shot.seen):
        rows.add([_annotation(seen, instances) | {"id": before + row + 1, "image_id": image}])
    return len(shot.seen)


def _annotation(seen: Seen, instances: npt.NDArray[Any]) -> dict[str, Any]:
    left, top, right, low = seen.edges
    mask = instances == seen.actor
    return {
        "category_id": classes()[seen.name],
        "bbox": [left, top, right - left, low - top],
        "area": int(mask.sum()),
        "iscrowd": 0,
        "segmentation": {"size": list(mask.shape), "counts": run_lengths(mask)},
    }


def run_lengths(mask: npt.NDArray[np.bool_]) -> list[int]:
    """Lengths of runs down the columns, of what is outside first, as COCO's uncompressed masks.

    >>> run_lengths(np.array([[0, 1], [0, 1], [1, 1]], bool))
    [2, 4]
    """
    pixels = mask.ravel(order="F")
    turns = np.flatnonzero(pixels[1:] != pixels[:-1]) + 1
    lengths: list[int] = np.diff([0, *turns, len(pixels)]).tolist()
    return [0, *lengths] if pixels[0] else lengths


def _join(source: Recorded, target: Target, split: str) -> None:
    """One file of a split's parts, which are as long as the data set."""
    about = {
        "info": {"description": f"{source.scenario}, seed {source.seed}, made by simgen"},
        "licenses": [],
        "categories": [
            {"id": number, "name": name, "supercategory": "road user"}
            for name, number in classes().items()
        ],
    }
    with target.path(f"annotations/instances_{split}.json").open("w", encoding="ascii") as file:
        file.write(json.dumps(about).removesuffix("}"))
        for part in _PARTS:
            path = target.path(_part(split, part))
            file.write(f',\n"{part}": ')
            with path.open(encoding="ascii") as rows:
                shutil.copyfileobj(rows, file)
            path.unlink()
        file.write("}\n")
