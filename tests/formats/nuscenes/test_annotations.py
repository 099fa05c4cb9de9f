import numpy as np
import pytest

from simgen.formats.drives import Drive
from simgen.formats.drives.drive import ACTOR, MARK
from simgen.formats.nuscenes.annotations import Key, label_rows
from simgen.formats.nuscenes.tokens import Tokens

TOKENS = Tokens(identity="test")


def actors(at, **columns):
    """The ego and actor 2, a car 4 m long that stands 10 m ahead."""
    rows = np.zeros(2, ACTOR)
    rows["at"], rows["actor_id"], rows["kind"] = at, (1, 2), "car"
    rows["x"], rows["length"], rows["width"], rows["height"] = (0.0, 10.0), 4.0, 2.0, 1.5
    for name, value in columns.items():
        rows[name][1] = value
    return rows


def marks(*, n_pixels=0, n_points=0, occlusion=0.0, truncation=0.0):
    """What a sensor has of actor 2: in a picture its box is 100 pixels wide and high."""
    rows = np.zeros(1, MARK)
    rows["actor_id"], rows["n_pixels"], rows["n_points"] = 2, n_pixels, n_points
    rows["right"], rows["bottom"] = 100.0, 100.0
    rows["occlusion"], rows["truncation"] = occlusion, truncation
    return rows


def labelled(*seen, least_points=0, **columns):
    """Rows of annotations and instances, of samples in which sensors have `seen`."""
    times = range(len(seen))
    drive = Drive(
        number=1,
        date="2024-01-01",
        map="parking",
        planned="",
        happened=(),
        readings={},
        actors={at: actors(at, **columns) for at in times},
        marks={(name, at): rows for at, some in enumerate(seen) for name, rows in some.items()},
        yaw_rates={},
    )
    keys = [
        Key(
            token=f"sample {at}",
            at=at,
            scanners=[("roof", at)],
            radars=[("nose", at)],
            cameras=[("left", at), ("right", at)],
        )
        for at in times
    ]
    return label_rows(drive, keys, TOKENS, np.array([1.0, 2.0, 0.0]), least_points=least_points)


@pytest.mark.parametrize(
    ("left", "right", "token"),
    [
        ({"n_pixels": 5_000}, {}, "4"),
        ({"occlusion": 1.0}, {"n_pixels": 5_000, "occlusion": 0.0}, "2"),
        ({"n_pixels": 900, "occlusion": 0.7}, {"occlusion": 1.0}, "1"),
        # Only a tenth of the box is in the left picture, all of it hidden there.
        ({"occlusion": 1.0, "truncation": 0.9}, {"n_pixels": 5_000}, "4"),
    ],
)
def test_visibility_counts_all_cameras_together(left, right, token):
    """By how much of the box each has in its picture."""
    seen = {"left": marks(**left)} | ({"right": marks(**right)} if right else {})
    rows, _ = labelled(seen)

    assert [row["visibility_token"] for row in rows] == [token]


def test_who_is_in_no_picture_has_no_visibility():
    """Points alone make a label; counts stand by kind of sensor."""
    rows, _ = labelled({"roof": marks(n_points=7), "nose": marks(n_points=2)})

    assert [row["visibility_token"] for row in rows] == [""]
    assert [(row["num_lidar_pts"], row["num_radar_pts"]) for row in rows] == [(7, 2)]


def test_who_is_wholly_hidden_has_no_label():
    """Neither point nor pixel."""
    assert labelled({"left": marks(occlusion=1.0)}) == ([], [])


@pytest.mark.parametrize(
    ("least", "seen", "n_labels"),
    [
        (1, {"left": marks(n_pixels=40)}, 0),
        (0, {"left": marks(n_pixels=40)}, 1),
        (1, {"nose": marks(n_points=1)}, 1),
        (3, {"roof": marks(n_points=2)}, 0),
        (3, {"roof": marks(n_points=2), "nose": marks(n_points=1)}, 1),
    ],
)
def test_a_label_needs_points(least, seen, n_labels):
    """Of scanners and radars together; a pixel alone will do where none is asked for."""
    rows, instances = labelled(seen, least_points=least)

    assert len(rows) == len(instances) == n_labels


def test_a_track_goes_on_after_a_gap():
    """Its labels are one chain, of as many as there are."""
    rows, instances = labelled(
        {"roof": marks(n_points=1)}, {}, {"roof": marks(n_points=1)}, {"left": marks(n_pixels=9)}
    )

    assert [row["sample_token"] for row in rows] == ["sample 0", "sample 2", "sample 3"]
    assert [row["prev"] for row in rows] == ["", rows[0]["token"], rows[1]["token"]]
    assert [row["next"] for row in rows] == [rows[1]["token"], rows[2]["token"], ""]
    assert [one["nbr_annotations"] for one in instances] == [3]


def test_boxes_have_their_middle_and_their_sizes_in_order():
    """Width, length, height; places count from the map's corner, also on a slope."""
    (row,), _ = labelled({"roof": marks(n_points=1)})
    (steep,), _ = labelled({"roof": marks(n_points=1)}, pitch=0.1)

    assert row["size"] == [2.0, 4.0, 1.5]
    assert row["translation"] == pytest.approx([9.0, -2.0, 0.75])
    assert row["rotation"] == pytest.approx([1.0, 0.0, 0.0, 0.0])
    assert steep["translation"][0] == pytest.approx(9.0 - 0.75 * np.sin(0.1))
    assert steep["rotation"] == pytest.approx([np.cos(0.05), 0.0, -np.sin(0.05), 0.0])
