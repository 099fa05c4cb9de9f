"""COCO and YOLO: what a picture's labels say is what it shows."""

import json

import numpy as np
import pytest
import yaml
from hypothesis import given, strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image

import simgen
from simgen.core import RequestError
from simgen.formats.coco import run_lengths
from simgen.formats.drives.pictures import class_of, classes
from simgen.worlds.road.catalogue import catalogue


@pytest.fixture(scope="session")
def coco(drives, tmp_path_factory):
    """The data set, exported, and its labels by split."""
    out = tmp_path_factory.mktemp("coco") / "out"
    simgen.export(drives, "coco", out=out, quiet=True)
    files = sorted(out.glob("annotations/*"))
    return out, {path.stem: json.loads(path.read_text()) for path in files}


@pytest.fixture(scope="session")
def yolo(drives, tmp_path_factory):
    """The data set, exported."""
    return simgen.export(drives, "yolo", out=tmp_path_factory.mktemp("yolo") / "out", quiet=True)


def painted(counts, shape):
    """The mask of run lengths."""
    inside = np.repeat(np.arange(len(counts)) % 2, counts)
    return inside.reshape(shape, order="F").astype(bool)


@given(arrays(np.bool_, st.tuples(st.integers(1, 9), st.integers(1, 9))))
def test_run_lengths_give_the_mask_back(mask):
    """Down the columns, beginning with what is outside, be that nothing."""
    counts = run_lengths(mask)

    assert (painted(counts, mask.shape) == mask).all()
    assert min(counts[1:], default=1) > 0


def test_rectangles_hold_their_masks(coco):
    """Each edge of a rectangle is its mask's; the area is its pixels."""
    _, labels = coco
    n_labels = 0
    for split in labels.values():
        sizes = {image["id"]: [image["height"], image["width"]] for image in split["images"]}
        for label in split["annotations"]:
            assert label["segmentation"]["size"] == sizes[label["image_id"]]
            mask = painted(label["segmentation"]["counts"], label["segmentation"]["size"])
            rows, columns = np.nonzero(mask)
            left, top, width, height = label["bbox"]
            assert (left, top) == (columns.min(), rows.min())
            assert (left + width, top + height) == (columns.max() + 1, rows.max() + 1)
            assert label["area"] == mask.sum() >= 16
            n_labels += 1
    assert n_labels > 10


def test_labels_are_numbered_and_belong_to_pictures(coco):
    """Numbers are unique over both splits, classes are listed, files are there."""
    out, labels = coco
    assert list(labels) == ["instances_train", "instances_val"]
    numbers = [label["id"] for split in labels.values() for label in split["annotations"]]
    assert sorted(numbers) == list(range(1, len(numbers) + 1))
    for name, split in labels.items():
        known = {category["id"]: category["name"] for category in split["categories"]}
        assert known[3] == "car"
        images = {image["id"] for image in split["images"]}
        for label in split["annotations"]:
            assert label["category_id"] in known
            assert label["image_id"] in images
        there = {path.name for path in (out / name.removeprefix("instances_")).iterdir()}
        assert there == {image["file_name"] for image in split["images"]}
        assert len(there) == 4 * 3  # half-seconds of one drive, cameras


def test_yolo_says_the_same_in_shares(coco, yolo):
    """A line's middle and size, times those of the picture, are COCO's rectangle."""
    _, labels = coco
    names = yaml.safe_load((yolo / "data.yaml").read_text())["names"]
    numbers = {number: name for name, number in classes().items()}
    for split_name, split in labels.items():
        folder = split_name.removeprefix("instances_")
        for image in split["images"]:
            stem = image["file_name"].removesuffix(".jpg")
            with Image.open(yolo / "images" / folder / image["file_name"]) as picture:
                size = np.array(picture.size)
            text = (yolo / "labels" / folder / f"{stem}.txt").read_text()
            own = [label for label in split["annotations"] if label["image_id"] == image["id"]]
            found = [line.split() for line in text.splitlines()]
            assert [names[int(line[0])] for line in found] == [
                numbers[label["category_id"]] for label in own
            ]
            for line, label in zip(found, own, strict=True):
                middle, extent = np.array(line[1:3], float), np.array(line[3:5], float)
                corner = (middle - 0.5 * extent) * size
                assert corner == pytest.approx(label["bbox"][:2], abs=0.01)
                assert extent * size == pytest.approx(label["bbox"][2:], abs=0.01)


@pytest.mark.parametrize("kind", catalogue().kinds)
def test_every_kind_of_actor_has_a_class_or_is_left_out(kind):
    """It is one of COCO's."""
    assert class_of(kind) in {None, *classes()}


def test_an_unknown_kind_is_refused():
    """The line names the file to complete."""
    with pytest.raises(RequestError, match=r"no class for 'tram': .*coco.yaml"):
        class_of("tram")
