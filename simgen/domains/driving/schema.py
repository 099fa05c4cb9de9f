"""The tables of driving scenarios: every column's type, unit, meaning and role."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa

from simgen.core import CATEGORY, TIMESTAMP, Field, Role, Table, events_table, record_labels

HAZARDS = ("cut_in", "sudden_stop")
OUTCOMES = ("near_miss", "hard_braking", "collision")
RARE_KINDS = HAZARDS + OUTCOMES
LOOKALIKES = {"lane_change": "cut_in", "queue_stop": "sudden_stop"}
KINDS = (*RARE_KINDS, *LOOKALIKES)
REASONS = ("review", "report")
ACTORS = (
    "small_car", "car", "van", "truck", "bus", "motorcycle", "bicycle", "adult", "elder", "child",
)  # fmt: skip
SENSORS = ("lidar", "camera", "radar", "gnss", "imu", "obstacles")

_EPISODE = Field("episode_id", pa.int64(), "", "Which episode.", Role.REFERENCE)
_AT = Field("at", TIMESTAMP, "", "When.", Role.TIME)


def _number(name: str, unit: str, doc: str, *, nullable: bool = False) -> Field:
    return Field(name, pa.float64(), unit, doc, nullable=nullable)


def _truth(name: str, unit: str, doc: str, *, nullable: bool = False) -> Field:
    return Field(name, pa.float64(), unit, doc, Role.ORACLE, nullable)


EPISODES = Table(
    "episodes",
    "Episodes: a vehicle under test, the ego, drives among others for some seconds.",
    (
        Field("episode_id", pa.int64(), "", "Identifies the episode.", Role.KEY),
        Field("at", TIMESTAMP, "", "When it began.", Role.TIME),
        Field("map", pa.string(), "", "The map it takes place on."),
        _truth("duration", "s", "How long it lasted: a collision ends it, and so does the road."),
        Field("n_actors", pa.int64(), "", "Everybody in it, the ego too."),
        Field("planned", CATEGORY, "", 'The manoeuvre that somebody planned; "" if none.',
              Role.ORACLE, categories=("", *KINDS)),
        _truth("planned_gap", "m", "Gap to the ego at which it begins; null if none.",
               nullable=True),
        _truth("planned_closing_speed", "m/s", "By how much the other drives slower than the ego.",
               nullable=True),
        _truth("least_time_to_collision", "s",
               "Of the episode, 0 with a collision; null if the ego never closed in.",
               nullable=True),
        Field("weight", pa.float64(), "", "How many episodes of nature it stands for.",
              Role.WEIGHT),
    ),
    entity="episode_id",
)  # fmt: skip

FRAMES = Table(
    "frames",
    "What the ego's own instruments say, step by step.",
    (
        _AT,
        _EPISODE,
        _number("speed", "m/s", "Of the ego."),
        _number("acceleration", "m/s2", "Of the ego, over the last step."),
        _number("yaw_rate", "rad/s", "Of the ego, counter-clockwise."),
        _number("speed_limit", "m/s", "Where it drives."),
        _number("gap", "m", "To the vehicle ahead, bumper to bumper; 0 where who comes in is still "
                "partly beside the ego, and where the ego touches anybody, on foot too; null if "
                "nobody within 150 m.",
                nullable=True),
        _number("closing_speed", "m/s", "Of the ego above the speed of who is ahead; above that "
                "along its own way of who is on foot.",
                nullable=True),
        _number("time_to_collision", "s", "Gap over closing speed, so 0 where the gap is; null if "
                "the ego is not the faster, unless both touch.",
                nullable=True),
        _number("headway", "s", "Gap over the ego's speed; null while it stands.",
                nullable=True),
        _number("required_deceleration", "m/s2",
                "That just avoids a collision if the other keeps his speed (DRAC); null if no gap "
                "is left to close.",
                nullable=True),
        Field("automatic_braking", pa.bool_(), "", "Whether the emergency brake acts."),
        Field("lead_id", pa.int64(), "", "The vehicle ahead, or who touches the ego, a row of "
              "`actors`; 0 if nobody.", Role.REFERENCE),
        *record_labels(KINDS, tuple(RARE_KINDS)),
    ),
    entity="episode_id",
)  # fmt: skip

ACTORS_TABLE = Table(
    "actors",
    "Everybody's pose at every step, the ego's first.",
    (
        _AT,
        _EPISODE,
        Field("actor_id", pa.int64(), "", "Identifies the actor within its episode; the ego is 1.",
              Role.REFERENCE),
        Field("kind", CATEGORY, "", "What it is.", categories=ACTORS),
        _number("x", "m", "East, of the middle of its box's floor."),
        _number("y", "m", "North."),
        _number("z", "m", "Up."),
        _number("yaw", "rad", "Counter-clockwise from east, not wrapped."),
        _number("pitch", "rad", "Uphill."),
        _number("velocity_x", "m/s", "East."),
        _number("velocity_y", "m/s", "North."),
        _number("speed", "m/s", "Along its way."),
        _number("acceleration", "m/s2", "Along its way, over the last step; of people on foot 0 in "
                "the first frame."),
        _number("length", "m", "Of its box."),
        _number("width", "m", "Of its box."),
        _number("height", "m", "Of its box."),
        Field("road", pa.string(), "", "The road's id in the map."),
        Field("lane", pa.int64(), "", "The id on that road of the lane below its middle; of who "
              "crosses a road, that of the sidewalk he comes from."),
        Field("touched_id", pa.int64(), "", "Whom its box overlaps, another of `actors`; 0 if "
              "nobody, and of walkers among themselves.", Role.ORACLE),
    ),
    entity="episode_id",
)  # fmt: skip

BOXES = Table(
    "boxes",
    "What each sensor has of each actor: points of laser scanners and radars, boxes in pictures.",
    (
        _AT,
        _EPISODE,
        Field("sensor", pa.string(), "", "The sensor's name in the rig."),
        Field("actor_id", pa.int64(), "", "Which actor; its box in space stands in `actors`.",
              Role.REFERENCE),
        Field("n_points", pa.int64(), "", "Points on it; null for a camera.", nullable=True),
        Field("n_pixels", pa.int64(), "", "Pixels that show it; null but for a camera.",
              nullable=True),
        _number("left", "px", "Edge of the whole actor's box, also beside the picture.",
                nullable=True),
        _number("top", "px", "Upper edge.", nullable=True),
        _number("right", "px", "Right edge.", nullable=True),
        _number("bottom", "px", "Lower edge.", nullable=True),
        _number("visible_left", "px", "Edge of what is seen; null if nothing is.", nullable=True),
        _number("visible_top", "px", "Upper edge.", nullable=True),
        _number("visible_right", "px", "Right edge.", nullable=True),
        _number("visible_bottom", "px", "Lower edge.", nullable=True),
        _number("truncation", "1", "Share of the whole box beside the picture.", nullable=True),
        _number("occlusion", "1", "Share of the actor in the picture that others hide.",
                nullable=True),
    ),
    entity="episode_id",
)  # fmt: skip

SENSOR_FILES = Table(
    "sensor_files",
    "Raw readings, each a file below the data set's folder.",
    (
        _AT,
        _EPISODE,
        Field("sensor", pa.string(), "", "The sensor's name in the rig."),
        Field("kind", CATEGORY, "", "What it is.", categories=SENSORS),
        Field("part", pa.string(), "", "What of a reading the file holds: points, colour, ..."),
        Field("path", pa.string(), "", "Below the data set's folder."),
        Field("sha256", pa.string(), "", "Digest of the file's bytes, hexadecimal."),
        Field("n_bytes", pa.int64(), "", "Its size."),
        _number("x", "m", "East, of the sensor."),
        _number("y", "m", "North."),
        _number("z", "m", "Up."),
        _number("yaw", "rad", "Counter-clockwise from east."),
        _number("pitch", "rad", "Uphill."),
        _number("roll", "rad", "The left side up."),
    ),
    entity="episode_id",
)

MOUNTED_SENSORS = Table(
    "sensors",
    "What the ego carries in each episode: the calibration of its sensors.",
    (
        Field("episode_id", pa.int64(), "", "Which episode.", Role.REFERENCE),
        Field("place", pa.int64(), "", "Of the sensor in the rig, from 0."),
        Field("sensor", pa.string(), "", "Its name."),
        Field("kind", CATEGORY, "", "What it is.", categories=SENSORS),
        _number("x", "m", "Forward, of the middle of the lower face of the ego's box."),
        _number("y", "m", "To the left."),
        _number("z", "m", "Up."),
        _number("yaw", "degree", "To the left."),
        _number("pitch", "degree", "Upward."),
        _number("roll", "degree", "The left side up."),
        _number("rate", "1/s", "Readings; 0: at every frame."),
        Field("parameters", pa.string(), "", "Those of its kind, as JSON: focal lengths of a "
              "camera, elevations of a scanner and so on."),
    ),
    entity="episode_id",
)  # fmt: skip

_CONTRACT = events_table(KINDS, tuple(RARE_KINDS), REASONS)
EVENTS = replace(
    _CONTRACT,
    fields=(
        *_CONTRACT.fields,
        Field("actor_id", pa.int64(), "", "Who does it, or whom the ego meets, a row of `actors`; "
              "0 for hard braking, whose reason is what caused it.", Role.ORACLE),
    ),
)  # fmt: skip

TABLES = (FRAMES, ACTORS_TABLE, EPISODES, EVENTS, BOXES, SENSOR_FILES, MOUNTED_SENSORS)
