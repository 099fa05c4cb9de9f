"""An ego among others on a road with several lanes in its direction."""

from __future__ import annotations

import math

import numpy as np

from simgen.core import RequestError
from simgen.worlds.road.catalogue import catalogue
from simgen.worlds.road.traffic import Town, Traffic

ROOM = 400.0  # needed on the first track, on which everybody begins [m]
MARGIN = 20.0  # from its ends [m]
_SPARSE = 0.6  # mean of the exponential share that gaps have beyond equilibrium; assumption
KINDS = ("car", "small_car", "van", "truck")
# Shares on motorways: trucks of 3.5 t and more made 11 to 15 % of the distance driven on German
# motorways (BASt, traffic counts); the others' split is an assumption.
SHARES = (0.55, 0.22, 0.09, 0.14)


def starts(town: Town, way: float, map_name: str) -> list[int]:
    """Tracks with a lane beside them on which an episode can begin, of at least `way` [m] ahead.

    Raises:
        RequestError: the map has none.
    """
    records = town.tracks.records
    found = [
        track
        for track in range(len(records))
        if not records["junction"][track]
        and max(records["left"][track], records["right"][track]) >= 0
        and records["length"][track] >= ROOM
        and _way_ahead(town, track) >= way
    ]
    if not found:
        raise RequestError(
            f"map {map_name}: no road with two lanes in one direction, {ROOM:g} m long, from which "
            f"{way:,.0f} m lie ahead: choose a longer map or a shorter duration"
        )
    return found


def _way_ahead(town: Town, track: int) -> float:
    """How far the way leads from a track's start, by the first way on at each fork [m]."""
    tracks, way = town.tracks, 0.0
    seen: set[int] = set()
    while track not in seen:
        seen.add(track)
        way += float(tracks.records["length"][track])
        low, high = tracks.next_offsets[track], tracks.next_offsets[track + 1]
        if low == high:
            return way
        track = int(tracks.nexts[low])
    return math.inf


def fill_lane(
    traffic: Traffic, track: int, taken: tuple[float, float], n: int, rng: np.random.Generator
) -> None:
    """Put up to `n` vehicles on a track, from the front back, at equilibrium gaps and more.

    Nobody stands within `taken`, two places on the track [m].
    """
    record = traffic.town.tracks.records[track]
    at, speed = float(record["usable"]) - MARGIN, math.inf
    for _ in range(n):
        name = str(rng.choice(KINDS, p=SHARES))
        stretch = 1.0 + rng.exponential(_SPARSE)
        half = 0.5 * catalogue().find(name).size[0]
        if at - half < taken[1] and at + half > taken[0]:
            at = taken[0] - half
        if at < MARGIN:
            return
        row = traffic.add(name, track, at)
        car = traffic.cars[row]
        wanted = min(float(car["desired"] * record["limit"]), float(car["top_speed"]))
        speed = min(wanted, speed)
        traffic.place(row, at, speed)
        at -= 2.0 * half + stretch * float(car["min_gap"] + speed * car["headway"])
