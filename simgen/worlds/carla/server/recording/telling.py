"""What a recording holds, as text in the words of CARLA's own recorder, which programs parse.

Places and sizes are centimetres there, as in Unreal; velocities are metres a second.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simgen.core import RequestError
from simgen.worlds.carla.frames import CENTIMETRES
from simgen.worlds.carla.protocol.packets import (
    LIGHT_STATE,
    VEHICLE_STATE,
    WALKER_STATE,
    own_state,
)
from simgen.worlds.carla.server.recording.tape import CATEGORIES, Birth, Frame, Tape

MOST_LETTERS = 32 * 2**20  # of an answer
_LAMPS = (
    "Position", "LowBeam", "HighBeam", "Brake", "RightBlinker", "LeftBlinker", "Reverse", "Fog",
    "Interior", "Special1", "Special2",
)  # fmt: skip


def told(lines: Iterator[str]) -> str:
    """All lines as one text; RequestError if there are too many."""
    kept, n_letters = [], 0
    for line in lines:
        n_letters += len(line) + 1
        if n_letters > MOST_LETTERS:
            raise RequestError(f"the answer has more than {MOST_LETTERS:,} letters: ask for less")
        kept.append(line)
    return "\n".join([*kept, ""])


def about(tape: Tape, *, whole: bool) -> Iterator[str]:
    """Who came and went, and who met whom; if `whole`, also where all were in each frame."""
    yield from _head(tape)
    categories: dict[int, str] = {}
    frame = None
    for frame in tape.frames():
        for birth in frame.births:
            categories[birth.actor.id] = CATEGORIES[birth.category]
        lines = [*_events(frame), *(_details(frame, categories) if whole else ())]
        if lines or whole:
            yield f"Frame {frame.number} at {frame.time:g} seconds"
        yield from lines
    yield from _foot(frame)


def _head(tape: Tape) -> Iterator[str]:
    head = tape.head
    yield f"Version: {head.version}"
    yield f"Map: {head.map.rpartition('/')[2]}"
    yield f"Date: {time.strftime('%m/%d/%y %H:%M:%S', time.gmtime(head.began_at))}"
    yield ""


def _foot(last: Frame | None) -> Iterator[str]:
    yield ""
    yield f"Frames: {last.number if last else 0}"
    yield f"Duration: {last.time if last else 0.0:g} seconds"


def _events(frame: Frame) -> Iterator[str]:
    for birth in frame.births:
        actor, place = birth.actor, birth.transform.location
        at = _triple(CENTIMETRES * np.array([place.x, place.y, place.z]))
        yield f" Create {actor.id}: {actor.description.id} ({birth.category}) at {at}"
        for attribute in actor.description.attributes:
            yield f"  {attribute.id} = {attribute.value}"
    for number in frame.deaths:
        yield f" Destroy {number}"
    for number, blow in enumerate(frame.blows):
        yield f" Collision id {number} between {blow.actor} with {blow.other}"
    for birth in frame.births:
        if birth.actor.parent:
            yield f" Parenting {birth.actor.id} with {birth.actor.parent} (parent)"


def _details(frame: Frame, categories: dict[int, str]) -> Iterator[str]:
    rows = frame.actors
    yield f" Positions: {len(rows)}"
    for row in rows:
        roll, pitch, yaw = row["rotation"][[2, 0, 1]]
        place = _triple(CENTIMETRES * row["place"])
        yield f"  Id: {row['id']} Location: {place} Rotation: {_triple([roll, pitch, yaw])}"
    kinds = [categories.get(int(number), "o") for number in rows["id"]]
    by_kind = {letter: rows[[kind == letter for kind in kinds]] for letter in "vwt"}
    yield from _lights(by_kind["t"])
    yield from _vehicles(by_kind["v"])
    yield from _walkers(by_kind["w"])
    yield f" Vehicle light animations: {len(frame.lamps)}"
    for entry in frame.lamps:
        on = [name for bit, name in enumerate(_LAMPS) if entry.flags >> bit & 1]
        yield f"  Id: {entry.actor} {' '.join(on) or 'None'}"
    moved = np.concatenate([by_kind["v"], by_kind["w"]])
    yield f" Dynamic actors: {len(moved)}"
    for row in moved:
        speed, turning = _triple(row["velocity"]), _triple(row["angular_velocity"])
        yield f"  Id: {row['id']} linear_velocity: {speed} angular_velocity: {turning}"
    yield from _boxes(frame.births)


def _lights(rows: npt.NDArray[np.void]) -> Iterator[str]:
    yield f" State traffic lights: {len(rows)}"
    for row in rows:
        own = own_state(row, LIGHT_STATE)
        yield (
            f"  Id: {row['id']} state: {own['state']} frozen: {own['is_frozen']} "
            f"elapsedTime: {own['elapsed_time']:g}"
        )


def _vehicles(rows: npt.NDArray[np.void]) -> Iterator[str]:
    yield f" Vehicle animations: {len(rows)}"
    for row in rows:
        own = own_state(row, VEHICLE_STATE)
        yield (
            f"  Id: {row['id']} Steering: {own['steer']:g} Throttle: {own['throttle']:g} "
            f"Brake: {own['brake']:g} Handbrake: {own['hand_brake']} Gear: {own['gear']}"
        )


def _walkers(rows: npt.NDArray[np.void]) -> Iterator[str]:
    yield f" Walker animations: {len(rows)}"
    for row in rows:
        own = own_state(row, WALKER_STATE)
        yield f"  Id: {row['id']} speed: {own['speed']:g}"


def _boxes(births: tuple[Birth, ...]) -> Iterator[str]:
    found = [birth for birth in births if CATEGORIES[birth.category] in "vw"]
    yield f" Actor bounding boxes: {len(found)}"
    for birth in found:
        box = birth.actor.box
        origin = _triple(CENTIMETRES * np.array([box.location.x, box.location.y, box.location.z]))
        extent = _triple(CENTIMETRES * np.array([box.extent.x, box.extent.y, box.extent.z]))
        yield f"  Id: {birth.actor.id} origin: {origin} extension: {extent}"


def _triple(values: npt.ArrayLike) -> str:
    return f"({', '.join(f'{value:g}' for value in np.asarray(values, np.float64))})"


def blows(tape: Tape, one: str, other: str) -> Iterator[str]:
    """Who met whom first when; categories are a letter each: see `CATEGORIES`."""
    yield from _head(tape)
    yield f"{'Time':>8} {'Types':>6} {'Id':>6} {'Actor 1':<35} {'Id':>6} {'Actor 2':<35}"
    actors: dict[int, Birth] = {}
    before: set[tuple[int, int]] = set()
    frame = None
    for frame in tape.frames():
        actors.update({birth.actor.id: birth for birth in frame.births})
        now = {(blow.actor, blow.other) for blow in frame.blows}
        for pair in sorted(now - before):
            both = [actors[number] for number in pair]
            if not all(map(_is_asked_for, both, (one, other))):
                continue
            kinds = " ".join(CATEGORIES[birth.category] for birth in both)
            names = [f"{birth.actor.id:>6} {birth.actor.description.id:<35}" for birth in both]
            yield f"{frame.time:>8.0f}   {kinds}  {' '.join(names)}"
        before = now
    yield from _foot(frame)


def _is_asked_for(birth: Birth, letter: str) -> bool:
    if letter == "h":
        return birth.actor.description.is_hero
    return letter in {"a", CATEGORIES[birth.category]}


@dataclass(kw_only=True)
class _Stay:
    """How long an actor has been near a place."""

    name: str
    place: npt.NDArray[np.float64]
    since: float = 0.0  # [s]
    time: float = 0.0  # [s]


def _may_go(birth: Birth) -> bool:
    """Whether it tells anything that an actor stood: signs and lights always do."""
    kind = birth.actor.description.id.partition(".")[0]
    return kind not in {"traffic", "spectator"}


def stays(tape: Tape, least_time: float, least_distance: float) -> Iterator[str]:
    """Who stood for some time, the longest first.

    Args:
        tape: the recording.
        least_time: shorter stays are passed over. [s]
        least_distance: who moved less than this did not move. [m]
    """
    yield from _head(tape)
    yield f"{'Time':>8} {'Id':>6} {'Actor':<35} {'Duration':>10}"
    present: dict[int, _Stay] = {}
    found: list[tuple[float, str]] = []

    def end(number: int) -> None:
        stay = present[number]
        if stay.time >= least_time:
            line = f"{stay.since:>8.0f} {number:>6} {stay.name:<35} {stay.time:>10.0f}"
            found.append((-stay.time, line))

    frame = None
    for frame in tape.frames():
        for birth in filter(_may_go, frame.births):
            name = birth.actor.description.id
            present[birth.actor.id] = _Stay(name=name, place=np.full(3, np.inf))
        for row in frame.actors:
            number = int(row["id"])
            if number not in present:
                continue
            stay, place = present[number], row["place"].astype(np.float64)
            if np.linalg.norm(stay.place - place) < least_distance:
                stay.since = stay.since if stay.time else frame.time
                stay.time += frame.step
            else:
                end(number)
                stay.place, stay.time = place, 0.0
        for number in present.keys() & set(frame.deaths):
            end(number)
            del present[number]
    for number in present:
        end(number)
    yield from (line for _, line in sorted(found))
    yield from _foot(frame)
