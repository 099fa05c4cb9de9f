# ruff: noqa: ANN001, ANN201, ANN202 - a script to read: names say what types would
"""A newcomer's simulator of cars that others hide, for the comparison on drives nobody had seen.

    python -m benchmarks.residuals

A row is a car or van in a frame of a drive through Karlsruhe: where it is, how large, where the
camera shows it, how much of that nearer ones cover, and whether people called it largely hidden or
could not tell (KITTI's tracking labels: Geiger, Lenz and Urtasun 2012, Are we ready for autonomous
driving?). No optimiser fitted the simulator's numbers; they were set by hand, a few times anew, by
what the rows to learn from look like. No row to judge by had been looked at when this file and the
residuals were last changed; docs/sensors.md, though, has mean sizes and quantiles of distance of
all drives together.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from simgen.metrics import Sample
from simgen.residual import Column, Rows, Shape

FILE = Path("driving/kitti_tracking_label02.parquet")
EVERY = 3  # frames, of ten a second: neighbours repeat each other
# KITTI's published calibrations of the colour camera on 26, 28 and 29 September and 3 October 2011,
# by the first drive of the day: focal length and middle of the picture [px], and how far it is
# beside the camera that places are told from [m].
CAMERAS = {
    0: (721.54, 609.56, 172.85, 0.062),
    14: (707.05, 604.08, 180.51, 0.065),
    18: (718.34, 600.39, 181.51, 0.062),
    20: (718.86, 607.19, 185.22, 0.063),
}
FOCAL, MIDDLE, HORIZON, _ = CAMERAS[0]  # all boxes are told as they would be on that day [px]
CAMERA_HEIGHT = 1.65  # over the road [m]
WIDE, HIGH = (7.0, 1241.0), (0.0, 363.0)  # the part of the picture that all cameras show [px]
SIDES = {"left": WIDE, "right": WIDE, "top": HIGH, "bottom": HIGH}  # of a box, and their bounds
VIEW = (np.array(WIDE) - MIDDLE) / FOCAL  # its edges: metres aside for each ahead
SIZES = ("length", "width", "height")
LEAST_WIDTH = 2.0  # that the picture shows of a car [px]
NEAREST = 1.0  # that a whole car is ahead of the camera [m]
CELLS = (np.arange(10) + 0.5) / 10  # of a box: where is looked whether it is covered
MOST_OFF = 10.0  # a side of a box is from where the geometry puts it [px]
N_CARS = 6  # simulated of a lane
# Lanes of a street: metres aside, heading [degrees], metres between cars, chance of being used.
ROAD = ((-12, 0, 25, 0.6), (-8, 0, 15, 0.8), (-4, 0, 20, 0.9), (0, 0, 25, 0.7), (4, 0, 40, 0.4))
TOWN = ((-20, 0, 15, 0.4), (-6, 180, 20, 0.6), (0, 0, 40, 0.7), (4, 0, 15, 0.4), (18, 0, 15, 0.3))


# ---- what a camera shows


def wrapped(turn):
    """A heading from -90 on: 0 is ours and 180 the opposite [degrees]."""
    return (turn + 90) % 360 - 90


def corners(columns):
    """How far aside and ahead the four corners of cars are `(n, 4)` [m]."""
    turn = np.radians(columns["heading"])[:, None]
    along = columns["length"][:, None] / 2 * np.array([1, 1, -1, -1])
    across = columns["width"][:, None] / 2 * np.array([1, -1, -1, 1])
    aside = columns["x"][:, None] + along * np.sin(turn) + across * np.cos(turn)
    return aside, columns["z"][:, None] + along * np.cos(turn) - across * np.sin(turn)


def depths(aside, ahead):
    """How near and how far what the picture shows of cars is, from their corners [m]."""
    off = aside - VIEW[:, None, None] * ahead
    next_off = np.roll(off, -1, axis=2)
    cuts = off * next_off < 0
    share = off / np.where(cuts, off - next_off, 1.0)
    points = np.concatenate([ahead, *(ahead + (np.roll(ahead, -1, axis=1) - ahead) * share)], 1)
    shown = np.concatenate([(off[0] >= 0) & (off[1] <= 0), *cuts], 1)
    shown |= ~shown.any(axis=1, keepdims=True)
    return np.where(shown, points, np.inf).min(axis=1), np.where(shown, points, 0.0).max(axis=1)


def span(columns):
    """Where cars begin and end across, were the picture without edges [px]."""
    aside, ahead = corners(columns)
    across = MIDDLE + FOCAL * aside / ahead
    return across.min(axis=1), across.max(axis=1)


def projected(columns):
    """The sides of the boxes around what the picture shows of cars [px]."""
    near, far = depths(*corners(columns))
    below, above = columns["y"], columns["y"] - columns["height"]
    first, last = span(columns)
    sides = {
        "left": first,
        "right": last,
        "top": HORIZON + FOCAL * above / np.where(above < 0, near, far),
        "bottom": HORIZON + FOCAL * below / np.where(below > 0, near, far),
    }
    return {name: there.clip(*SIDES[name]) for name, there in sides.items()}


def beyond(columns):
    """The share of a car's width that is beyond the picture's edges."""
    first, last = span(columns)
    return 1 - (last.clip(*WIDE) - first.clip(*WIDE)) / (last - first)


def covered(frame, columns):
    """Per cent of each box that boxes of nearer ones in its frame cover."""
    order = np.lexsort((columns["z"], frame))
    place = np.arange(len(frame)) - np.searchsorted(frame[order], frame[order])
    left, right, top, bottom = (columns[name][order] for name in SIDES)
    across = left[:, None] + (right - left)[:, None] * CELLS
    down = top[:, None] + (bottom - top)[:, None] * CELLS
    bits = 1 << np.arange(len(CELLS))
    found = np.zeros(across.shape, np.int64)  # a bit for each row of cells
    for back in range(1, int(place.max(initial=0)) + 1):
        one = np.flatnonzero(place >= back)
        one = one[(left[one - back] < right[one]) & (right[one - back] > left[one])]
        other = (one - back)[:, None]
        rows = ((down[one] > top[other]) & (down[one] < bottom[other])) @ bits
        hit = (across[one] > left[other]) & (across[one] < right[other])
        found[one] |= np.where(hit, rows[:, None], 0)
    n_found = (found[..., None] & bits > 0).sum(axis=(1, 2))
    return 100 * n_found[np.argsort(order)] // len(CELLS) ** 2


# ---- the simulator: 80 lines


def happens(log_odds, chance):
    """Flags `(n,)`, True with the given log odds."""
    return chance.random(len(log_odds)) < 1 / (1 + np.exp(-log_odds))


def streets(n_streets, chance):
    """Where cars are on the lanes of streets, jammed roads and such in town; the street of each."""
    road = chance.random((n_streets, 1)) < 0.6
    lanes = np.where(road, np.array(ROAD).T[:, None], np.array(TOWN).T[:, None])
    aside, heading, gap, used = lanes[..., None]
    # Some jams are dense. Where nobody drives ahead of us lanes begin behind us.
    gap = gap * chance.lognormal(0.0, 0.6, (n_streets, 1, 1))
    z = np.cumsum(6 + gap * chance.exponential(size=(*used.shape[:2], N_CARS)), axis=2)
    z -= np.where(aside == 0, 0.0, 8.0)
    # The laser hits few of the far ones: they have no label.
    there = (chance.random(used.shape) < used) & (z > NEAREST) & (z < 75)
    there &= chance.random(z.shape) < np.exp(-((z / 60) ** 2))
    street = np.nonzero(there)[0]
    aside, heading, z = (np.broadcast_to(v, z.shape)[there] for v in (aside, heading, z))
    # Streets bend [1/m] and climb [m/m]; one of twenty cars stands or drives across.
    bend = chance.normal(0, 0.001, n_streets)[street]
    climb = chance.normal(0.007, 0.008, n_streets)[street]
    turned = chance.random(len(z)) < 0.05
    turn = np.where(turned, chance.uniform(-90, 270, len(z)), heading) + np.degrees(bend * z)
    scatter = np.where(turned, 12.0, 0.5)
    return street, {
        "z": z,
        "x": aside + bend * z**2 / 2 + chance.normal(0, scatter),
        "y": CAMERA_HEIGHT - climb * z + chance.normal(0, 0.05, len(z)),
        "heading": wrapped(turn + chance.normal(0, 1, len(z))),
    }


def makes(n_cars, chance):
    """Cars and some vans, and their sizes [m]: long ones are wide and high."""
    van = chance.random(n_cars) < 0.09
    large, wide, high = chance.normal(size=(3, n_cars))
    return {
        "van": van,
        "length": np.where(van, 5.0 + 0.9 * large, 3.85 + 0.35 * large).clip(2.5, 7.5),
        "width": np.where(van, 1.9, 1.63) + 0.06 * large + 0.08 * wide,
        "height": np.where(van, 2.15 + 0.25 * large, 1.5 + 0.05 * large) + 0.08 * high,
    }


def simulate(n_cars, streams):
    """About so many cars, each as a frame of a drive shows it among the others."""
    chance = streams.generator("cars")
    street, cars = streets(n_cars // 5 + 1, chance)
    cars |= makes(len(street), chance)
    near = is_ahead(cars)
    street, cars = street[near], {name: values[near] for name, values in cars.items()}
    # Boxes are drawn to half a pixel, edges of the picture exactly.
    for name, there in projected(cars).items():
        drawn = (there + chance.normal(0, 0.4, len(there))).clip(*SIDES[name])
        cars[name] = np.where(np.isin(there, SIDES[name]), there, drawn)
    seen = is_in_the_picture(cars) & (cars["right"] - cars["left"] > 2 * LEAST_WIDTH)
    street, cars = street[seen], {name: values[seen] for name, values in cars.items()}
    share = covered(street, cars)
    # Three fifths covered is hidden, give or take. Boxes are not full: some cars are seen all the
    # same. Trees and walls hide others.
    hidden = happens((share - 60) / 10, chance) & (chance.random(len(share)) < 0.85)
    # Half of the cars that are covered whole have no label; people have one.
    labelled = (share < 100) | (chance.random(len(share)) < 0.5)
    n_objects = np.bincount(street[labelled]) + chance.poisson(1.5, street[labelled].max() + 1)
    cars |= {
        "track": np.arange(len(street)).astype(str),
        "hidden": hidden | (chance.random(len(share)) < 0.02),
        "covered": share,
        "beyond": beyond(cars),
    }
    rows = Rows.of(cars).take(labelled)
    return Rows.of({**rows.columns, "n_objects": n_objects[street[labelled]]})


# ---- what a residual must know of the table


def reach(columns):
    """How far a car reaches toward us from its middle [m]."""
    turn = np.radians(columns["heading"])
    along, across = np.abs(np.cos(turn)), np.abs(np.sin(turn))
    return (columns["length"] * along + columns["width"] * across) / 2


def log_gap(columns):
    """Free of the car's own reach: how far its nearest corner is."""
    return np.log(columns["z"] - reach(columns))


def distance_again(free, columns):
    """Back from the gap; the whole car is ahead of us."""
    return reach(columns) + np.exp(free.clip(np.log(NEAREST)))


def place(columns):
    """As it is: lanes are told in metres."""
    return columns["x"]


def place_again(free, columns):
    """As it is, but so that the picture shows a little of the car."""
    aside, ahead = corners({**columns, "x": np.zeros(len(free))})
    edges = VIEW + np.array([LEAST_WIDTH, -LEAST_WIDTH]) / FOCAL
    bounds = edges[:, None, None] * ahead - aside
    return free.clip(bounds[0].min(axis=1), bounds[1].max(axis=1))


def slope(columns):
    """Free of the distance: how the road climbs toward the car."""
    return (columns["y"] - CAMERA_HEIGHT) / columns["z"]


def depth_again(free, columns):
    """Back from the slope."""
    return CAMERA_HEIGHT + free * columns["z"]


def side(name):
    """A side of the box, free of what the geometry says; an edge of the picture is exact."""

    def off(columns):
        return columns[name] - projected(columns)[name]

    def again(off, columns):
        there = projected(columns)[name]
        off = np.where(np.isin(there, SIDES[name]), 0.0, off)
        return (there + off).clip(*SIDES[name])

    return Column(name=name, forward=off, inverse=again)


def share_covered(columns):
    """As it is."""
    return columns["covered"]


def share_again(free, columns):
    """As it is; nothing covers what is alone."""
    return np.where(columns["n_objects"] > 1, free, 0)


def is_in_the_picture(columns):
    """The box has a width and a height, and ends where the picture ends."""
    bounded = [(columns[n] >= low) & (columns[n] <= top) for n, (low, top) in SIDES.items()]
    wide, high = columns["right"] > columns["left"], columns["bottom"] > columns["top"]
    return np.all([*bounded, wide, high], axis=0)


def is_ahead(columns):
    """The whole car is ahead of the camera."""
    return columns["z"] - reach(columns) > NEAREST - 1e-9


def box_is_around_the_car(columns):
    """Its sides are where the geometry puts them, but for a few pixels."""
    off = [np.abs(columns[n] - there) for n, there in projected(columns).items()]
    return np.max(off, axis=0) <= MOST_OFF


def cover_needs_another(columns):
    """The covered share is one, and nothing covers what is alone."""
    share = columns["covered"]
    return (share >= 0) & (share <= 100) & ((share == 0) | (columns["n_objects"] > 1))


def beyond_agrees(columns):
    """The share beyond the edges is about what the geometry says."""
    return np.abs(columns["beyond"] - beyond(columns)) < 0.05


SHAPE = Shape(
    columns=(
        Column(name="n_objects", whole=True),
        Column(name="covered", whole=True, forward=share_covered, inverse=share_again),
        Column(name="van", categories=(False, True)),
        Column(name="heading"),
        *(Column(name=name) for name in SIZES),
        Column(name="z", forward=log_gap, inverse=distance_again),
        Column(name="x", forward=place, inverse=place_again),
        Column(name="y", forward=slope, inverse=depth_again),
        *map(side, SIDES),
    ),
    label="hidden",
    entity="track",
    derived={"beyond": beyond},
    rules=(is_in_the_picture, is_ahead, box_is_around_the_car, cover_needs_another, beyond_agrees),
)


# ---- the comparison


def told_alike(table):
    """Places, sizes and boxes, as one camera would show them in the part that all cameras show."""
    day = np.searchsorted([*CAMERAS], table["sequence"], side="right") - 1
    focal, middle, horizon, aside = np.array([*CAMERAS.values()])[day].T
    columns = {name: table[f"{name}_m"].to_numpy(np.float64) for name in ("x", "y", "z", *SIZES)}
    columns["x"] += aside
    columns["heading"] = wrapped(np.degrees(table["rotation_y"].to_numpy(np.float64)) + 90)
    for name, bounds in SIDES.items():
        theirs, ours = (middle, MIDDLE) if bounds == WIDE else (horizon, HORIZON)
        there = (table[f"bbox_{name}"].to_numpy(np.float64) - theirs) * FOCAL / focal + ours
        columns[name] = there.clip(*bounds)
    return columns


def read_reference(path):
    """The real cars and vans of every third frame, under the simulator's names.

    Those that are beside us, with a part behind the camera, are left out.
    """
    table = pq.read_table(path).to_pandas()
    table = table[(table["track_id"] >= 0) & (table["frame"] % EVERY == 0)]
    frame = np.unique(table[["sequence", "frame"]], axis=0, return_inverse=True)[1].ravel()
    columns = told_alike(table)
    numbers = zip(table["sequence"], table["track_id"], strict=True)
    columns |= {
        "track": np.array([f"{drive}/{track}" for drive, track in numbers]),
        "hidden": (table["occluded"] >= 2).to_numpy(),
        "n_objects": np.bincount(frame)[frame],
        "van": (table["type"] == "Van").to_numpy(),
        "covered": covered(frame, columns),
        "beyond": beyond(columns),
    }
    kept = table["type"].isin(["Car", "Van"]).to_numpy() & is_ahead(columns)
    return Rows.of(columns).take(kept & is_in_the_picture(columns))


def sample(rows):
    """The rows as the evaluation suite takes them."""
    apart = ("hidden", "track")
    return Sample(
        numeric={k: v.astype(np.float64) for k, v in rows.columns.items() if k not in apart},
        categorical={},
        label=rows.columns["hidden"],
        entity=rows.columns["track"],
        weight=rows.weight,
    )
