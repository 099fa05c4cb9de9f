"""What nuscenes-devkit takes for granted and never looks at."""

import itertools
from collections import Counter

import numpy as np
import pytest
from PIL import Image

from simgen.formats.nuscenes.tables import TABLES

SPACING = 500_000  # between samples [us]
CHAINED = ("sample", "sample_data", "sample_annotation")


def chain(world, table, first):
    """The rows from one on, by `next`."""
    found = [world.get(table, first)]
    while found[-1]["next"]:
        found.append(world.get(table, found[-1]["next"]))
    return found


@pytest.mark.parametrize("table", TABLES)
def test_tokens_are_unique_and_lead_somewhere(world, table):
    """Each table has rows, no two with one token, and each foreign key is a row's."""
    rows = world.rows[table]
    assert rows
    assert len(world.by_token[table]) == len(rows)
    for row in rows:
        for name, value in row.items():
            other = name.removesuffix("_tokens").removesuffix("_token")
            if other != name and other in TABLES:
                for token in value if isinstance(value, list) else [value]:
                    assert token in world.by_token[other] or (other == "visibility" and not token)


@pytest.mark.parametrize("table", CHAINED)
def test_chains_lead_back_as_they_lead_on(world, table):
    """Every row has one before and one after it, but for the ends."""
    for row in world.rows[table]:
        if row["next"]:
            assert world.get(table, row["next"])["prev"] == row["token"]
        if row["prev"]:
            assert world.get(table, row["prev"])["next"] == row["token"]


def test_scenes_hold_their_samples(world):
    """From first to last, as many as they say, in order of time, half a second apart."""
    for scene in world.rows["scene"]:
        samples = chain(world, "sample", scene["first_sample_token"])
        times = [sample["timestamp"] for sample in samples]
        assert samples[-1]["token"] == scene["last_sample_token"]
        assert len(samples) == scene["nbr_samples"]
        assert {sample["scene_token"] for sample in samples} == {scene["token"]}
        assert set(np.diff(times)) == {SPACING}
        assert scene["description"].startswith("planned: ")
    assert sum(s["nbr_samples"] for s in world.rows["scene"]) == len(world.rows["sample"])


def test_instances_hold_their_annotations(world):
    """Their counts, first and last are those of the chain, one a sample, in order of time."""
    for instance in world.rows["instance"]:
        found = chain(world, "sample_annotation", instance["first_annotation_token"])
        times = [world.get("sample", row["sample_token"])["timestamp"] for row in found]
        assert len(found) == instance["nbr_annotations"]
        assert found[-1]["token"] == instance["last_annotation_token"]
        assert {row["instance_token"] for row in found} == {instance["token"]}
        assert times == sorted(set(times))
        assert not found[0]["prev"]
    counted = sum(row["nbr_annotations"] for row in world.rows["instance"])
    assert counted == len(world.rows["sample_annotation"])


def test_each_sample_has_one_reading_of_each_channel(world):
    """They are its nearest in time; a sweep belongs to the sample that follows, if one does."""
    channels = {sensor["channel"] for sensor in world.rows["sensor"]}
    assert channels == {"LIDAR_TOP", "CAM_FRONT", "CAM_LEFT", "CAM_RIGHT", "RADAR_FRONT"}
    keys = Counter(
        (data["sample_token"], world.channel(data))
        for data in world.rows["sample_data"]
        if data["is_key_frame"]
    )
    assert set(keys) == set(itertools.product(world.by_token["sample"], channels))
    assert set(keys.values()) == {1}
    for data in world.rows["sample_data"]:
        sample = world.get("sample", data["sample_token"])
        late = data["timestamp"] - sample["timestamp"]
        if data["is_key_frame"]:
            assert abs(late) <= SPACING / 2
        else:
            assert -SPACING < late <= 0 or not sample["next"]
            assert late < SPACING


def test_data_are_chained_by_channel_and_time(world):
    """A chain stays with its channel; poses are of the instant of the reading."""
    firsts = [data for data in world.rows["sample_data"] if not data["prev"]]
    assert len(firsts) == len(world.rows["scene"]) * len(world.rows["sensor"])
    for first in firsts:
        found = chain(world, "sample_data", first["token"])
        assert len({world.channel(data) for data in found}) == 1
        times = [data["timestamp"] for data in found]
        assert times == sorted(set(times))
    for data in world.rows["sample_data"]:
        assert world.get("ego_pose", data["ego_pose_token"])["timestamp"] == data["timestamp"]


def test_files_are_where_and_what_rows_say(world):
    """Below samples or sweeps, relative, no file left over; pictures have the size they should."""
    there = {
        str(path.relative_to(world.folder))
        for folder in ("samples", "sweeps")
        for path in (world.folder / folder).rglob("*.*")
    }
    assert there == {data["filename"] for data in world.rows["sample_data"]}
    for data in world.rows["sample_data"]:
        folder, channel, _ = data["filename"].split("/")
        assert folder == ("samples" if data["is_key_frame"] else "sweeps")
        assert channel == world.channel(data)
        if data["fileformat"] == "jpg":
            with Image.open(world.folder / data["filename"]) as image:
                assert image.size == (data["width"], data["height"])


def test_rotations_and_sizes_are_sound(world):
    """Quaternions have length 1, boxes are solid, times are whole microseconds."""
    for table in ("ego_pose", "calibrated_sensor", "sample_annotation"):
        for row in world.rows[table]:
            assert np.linalg.norm(row["rotation"]) == pytest.approx(1.0, abs=1e-12)
    for row in world.rows["sample_annotation"]:
        assert min(row["size"]) > 0.0
        assert row["num_lidar_pts"] >= 0
        assert row["num_radar_pts"] >= 0
    for table in ("sample", "sample_data", "ego_pose"):
        assert {type(row["timestamp"]) for row in world.rows[table]} == {int}


def test_splits_and_maps_cover_all_scenes(world):
    """Every scene is in one of two splits; every log has a map."""
    names = [scene["name"] for scene in world.rows["scene"]]
    assert names == ["scene-0001", "scene-0002"]
    assert world.splits["simgen_train"] + world.splits["simgen_val"] == names
    assert world.splits["simgen_all"] == names
    mapped = {token for row in world.rows["map"] for token in row["log_tokens"]}
    assert mapped == set(world.by_token["log"])
    assert {row["location"] for row in world.rows["log"]} == {"urban_grid"}
