"""What nuscenes-devkit takes as it comes, and what no chain ties: it is what the data set tells."""

import json

import pytest

import simgen
from simgen.formats.drives import Drive, Happening
from simgen.formats.nuscenes.scenes import description
from simgen.formats.nuscenes.tokens import Tokens
from simgen.pipeline.export import identity
from simgen.storage.reader import Dataset

# The schema's words (nuScenes v1.0, annotators' instructions of nuscenes-devkit 1.2.0), in order of
# the class numbers of nuScenes-lidarseg.
CATEGORIES = [
    "animal",
    "human.pedestrian.adult", "human.pedestrian.child", "human.pedestrian.construction_worker",
    "human.pedestrian.personal_mobility", "human.pedestrian.police_officer",
    "human.pedestrian.stroller", "human.pedestrian.wheelchair",
    "movable_object.barrier", "movable_object.debris", "movable_object.pushable_pullable",
    "movable_object.trafficcone", "static_object.bicycle_rack", "vehicle.bicycle",
    "vehicle.bus.bendy", "vehicle.bus.rigid", "vehicle.car", "vehicle.construction",
    "vehicle.emergency.ambulance", "vehicle.emergency.police", "vehicle.motorcycle",
    "vehicle.trailer", "vehicle.truck",
]  # fmt: skip
ATTRIBUTES = {
    "vehicle.moving", "vehicle.stopped", "vehicle.parked", "cycle.with_rider",
    "cycle.without_rider", "pedestrian.moving", "pedestrian.standing",
    "pedestrian.sitting_lying_down",
}  # fmt: skip
LEVELS = {"1": "v0-40", "2": "v40-60", "3": "v60-80", "4": "v80-100"}
# Of our kinds: category, attribute in motion, attribute at rest.
KINDS = {
    **dict.fromkeys(
        ("small_car", "car", "van"), ("vehicle.car", "vehicle.moving", "vehicle.stopped")
    ),
    "truck": ("vehicle.truck", "vehicle.moving", "vehicle.stopped"),
    "bus": ("vehicle.bus.rigid", "vehicle.moving", "vehicle.stopped"),
    "motorcycle": ("vehicle.motorcycle", "cycle.with_rider", "cycle.with_rider"),
    "bicycle": ("vehicle.bicycle", "cycle.with_rider", "cycle.with_rider"),
    **dict.fromkeys(
        ("adult", "elder"), ("human.pedestrian.adult", "pedestrian.moving", "pedestrian.standing")
    ),
    "child": ("human.pedestrian.child", "pedestrian.moving", "pedestrian.standing"),
}
CHANNELS = {
    "roof": "LIDAR_TOP", "front": "CAM_FRONT", "left": "CAM_LEFT", "right": "CAM_RIGHT",
    "radar": "RADAR_FRONT",
}  # fmt: skip
REAR_AXLE = 1.35  # behind the middle of our car: assets/driving/actors.yaml [m]

# An actor at an instant, and what all sensors had of him then.
SEEN = """
WITH shown AS (
    SELECT *, ("right" - "left") * (bottom - top) * (1 - truncation) AS area FROM boxes
)
SELECT episode_id, epoch_us("at") AS time, actor_id, any_value(kind)::VARCHAR AS kind,
    any_value(width) AS width, any_value(length) AS length, any_value(height) AS height,
    any_value(abs(speed)) AS speed,
    coalesce(sum(n_points) FILTER (sensor = 'roof'), 0)::BIGINT AS n_scanned,
    coalesce(sum(n_points) FILTER (sensor = 'radar'), 0)::BIGINT AS n_echoes,
    1 - sum(area * occlusion) / nullif(sum(area), 0) AS visible
FROM actors JOIN shown USING (episode_id, "at", actor_id) GROUP BY ALL
"""


@pytest.fixture
def seen(drives, rows):
    """Each actor at each instant, by the token that an annotation of him would have."""
    tokens = Tokens(identity=identity(Dataset(drives)))
    return {
        tokens.of("sample_annotation", row["episode_id"], row["time"], row["actor_id"]): row
        for row in rows(SEEN)
    }


def test_the_words_are_theirs(world):
    """All categories in their order, all attributes and all levels, each with a sentence."""
    categories = world.rows["category"]

    assert [(row["name"], row["index"]) for row in categories] == [
        (name, number) for number, name in enumerate(CATEGORIES, 1)
    ]
    assert {row["name"] for row in world.rows["attribute"]} == ATTRIBUTES
    assert {row["token"]: row["level"] for row in world.rows["visibility"]} == LEVELS
    for table in ("category", "attribute", "visibility"):
        assert all(row["description"].endswith(".") for row in world.rows[table])


def test_boxes_are_as_large_as_actors(world, seen):
    """Width, length, height, in this order."""
    for row in world.rows["sample_annotation"]:
        actor = seen[row["token"]]
        assert row["size"] == [actor["width"], actor["length"], actor["height"]]


def test_points_are_those_of_the_sensors(world, seen):
    """Of the scanner and of the radar, each by itself."""
    counts = [
        (row["num_lidar_pts"], row["num_radar_pts"]) for row in world.rows["sample_annotation"]
    ]
    told = [
        (seen[row["token"]]["n_scanned"], seen[row["token"]]["n_echoes"])
        for row in world.rows["sample_annotation"]
    ]
    assert counts == told
    assert all(map(any, zip(*counts, strict=True)))


def test_visibility_is_the_share_that_cameras_see(world, seen):
    """All cameras together, weighed by how much of the actor each has in its picture."""
    found = set()
    for row in world.rows["sample_annotation"]:
        share, level = seen[row["token"]]["visible"], row["visibility_token"]
        found.add(level)
        if share is None:
            assert level == ""
        else:
            low, high = (float(edge) / 100.0 for edge in LEVELS[level][1:].split("-"))
            assert low <= share + 1e-9
            assert share < high or high == 1.0
    assert len(found) > 2


def test_categories_and_attributes_follow_from_kind_and_speed(world, seen):
    """Of each annotation; who moves by less than 0.2 m/s stands."""
    for row in world.rows["sample_annotation"]:
        actor = seen[row["token"]]
        category, moving, resting = KINDS[actor["kind"]]
        instance = world.get("instance", row["instance_token"])
        (attribute,) = row["attribute_tokens"]
        assert world.get("category", instance["category_token"])["name"] == category
        assert world.get("attribute", attribute)["name"] == (
            moving if actor["speed"] > 0.2 else resting
        )


def test_calibrations_are_the_mounts(world, rows):
    """From the ground below the rear axle; focal lengths and centres for cameras alone."""
    mounts = {CHANNELS.get(row["sensor"]): row for row in rows("FROM sensors WHERE episode_id = 1")}
    for row in world.rows["calibrated_sensor"]:
        sensor = world.get("sensor", row["sensor_token"])
        mount = mounts[sensor["channel"]]
        about = json.loads(mount["parameters"])
        assert sensor["modality"] == mount["kind"]
        assert row["translation"] == [mount["x"] + REAR_AXLE, mount["y"], mount["z"]]
        if mount["kind"] == "camera":
            assert row["camera_intrinsic"] == [
                [about["focal_x"], 0.0, about["centre_x"]],
                [0.0, about["focal_y"], about["centre_y"]],
                [0.0, 0.0, 1.0],
            ]
        else:
            assert row["camera_intrinsic"] == []


def test_logs_say_where_drives_come_from(world, rows):
    """Scenario, seed, car and day; the map's kind is the one that readers know."""
    (log,), (chart,) = world.rows["log"], world.rows["map"]
    day = rows('SELECT min("at")::DATE::VARCHAR AS day FROM episodes')[0]["day"]

    assert log["logfile"] == "driving/urban_traffic, seed 3"
    assert log["vehicle"] == "simgen"
    assert log["date_captured"] == day
    assert chart["category"] == "semantic_prior"


def test_scenes_tell_what_was_planned_and_what_happened(world, rows):
    """As the oracle has it."""
    planned = rows("SELECT planned::VARCHAR AS planned FROM episodes ORDER BY episode_id")
    events = rows("SELECT entity_id, kind::VARCHAR AS kind FROM events")
    for number, scene in enumerate(world.rows["scene"], 1):
        about = planned[number - 1]["planned"] or "nothing"
        own = [event["kind"] for event in events if event["entity_id"] == number]
        first, *others = scene["description"].split("; ")
        assert first == f"planned: {about}"
        assert sorted(other.split(" at ")[0] for other in others) == sorted(own)


def test_scenes_tell_who_did_it():
    """By the data set's number of the actor, and by his instance if he has a label."""
    tokens = Tokens(identity="test")
    events = (("cut_in", 4), ("lane_change", 5), ("hard_braking", 0))
    happened = tuple(
        Happening(kind=kind, after=2.0, severity=0.5, actor=actor) for kind, actor in events
    )
    drive = Drive(
        number=1, date="2024-01-01", map="parking", planned="", happened=happened, readings={},
        actors={}, marks={}, yaw_rates={},
    )  # fmt: skip
    seen = tokens.of("instance", 1, 4)

    assert description(drive, tokens, {seen}) == (
        f"planned: nothing; cut_in at 2.0 s, severity 0.50, actor 4, instance {seen}; "
        "lane_change at 2.0 s, severity 0.50, actor 5; hard_braking at 2.0 s, severity 0.50"
    )


def test_labels_have_as_many_points_as_are_asked_for(drives, world, tmp_path):
    """One, as nuScenes has it, or more; who has fewer in a sample has no label there."""
    out = simgen.export(drives, "nuscenes", out=tmp_path / "near", quiet=True, least_points=30)
    near = json.loads((out / "v1.0-simgen" / "sample_annotation.json").read_text())
    points = {
        row["token"]: row["num_lidar_pts"] + row["num_radar_pts"]
        for row in world.rows["sample_annotation"]
    }

    assert min(points.values()) >= 1
    assert {row["token"] for row in near} == {name for name, n in points.items() if n >= 30}
    assert 0 < len(near) < len(points)


def test_data_say_what_their_files_are(world):
    """Pictures by their side lengths, clouds without; the format is the file's."""
    for row in world.rows["sample_data"]:
        is_picture = world.channel(row).startswith("CAM")
        assert row["fileformat"] == ("jpg" if is_picture else "pcd")
        assert row["filename"].endswith((".jpg",) if is_picture else (".pcd", ".pcd.bin"))
        assert (row["height"] > 0) == (row["width"] > 0) == is_picture
