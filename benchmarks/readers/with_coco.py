"""Reads an export with pycocotools.

Arguments: the export; a file that goes unread; where a picture would be drawn. Ends with exit code
1 and a line if anything is not as it should be.
"""

from __future__ import annotations

import contextlib
import io
import sys
from pathlib import Path

import numpy as np
from PIL import Image
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval
from telling import absent, need


def main(folder: Path, _truth: Path, _picture: Path) -> None:
    """Check everything, and say what was found."""
    need(any(folder.glob("*/*.jpg")) or any(folder.glob("*/*.png")), "there are pictures")
    for path in sorted(folder.glob("annotations/*.json")):
        with contextlib.redirect_stdout(io.StringIO()):
            truth = COCO(str(path))
        split = path.stem.removeprefix("instances_")
        images = list(truth.imgs.values())
        if not images:
            absent(f"{split}: no picture")
            continue
        sizes = [Image.open(folder / split / about["file_name"]).size for about in images]
        whole = sizes == [(about["width"], about["height"]) for about in images]
        need(whole, f"{split}: {len(images)} pictures of the size they should have")
        if not truth.anns:
            absent(f"{split}: no label")
            continue
        check_masks(truth, split)
        for kind in ("bbox", "segm"):
            score = average_precision(truth, kind)
            need(score > 1.0 - 1e-9, f"{split}: average precision of {kind}: {score:.3f}")


def check_masks(truth: COCO, split: str) -> None:
    """A mask has the area that is stated, and its rectangle is the label's."""
    for label in truth.anns.values():
        mask = truth.annToMask(label)
        rows, columns = np.nonzero(mask)
        left, top, width, height = label["bbox"]
        own = (columns.min(), rows.min(), columns.max() + 1 - left, rows.max() + 1 - top)
        if mask.sum() != label["area"] or not np.allclose(own, (left, top, width, height)):
            need(condition=False, line=f"{split}: label {label['id']} is not its mask's")
    need(condition=True, line=f"{split}: {len(truth.anns)} masks are those of their labels")


def average_precision(truth: COCO, kind: str) -> float:
    """Of the truth, handed in as results."""
    results = [label | {"score": 1.0} for label in truth.anns.values()]
    with contextlib.redirect_stdout(io.StringIO()):
        judge = COCOeval(truth, truth.loadRes(results), kind)
        judge.evaluate()
        judge.accumulate()
        judge.summarize()
    return float(judge.stats[0])


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
