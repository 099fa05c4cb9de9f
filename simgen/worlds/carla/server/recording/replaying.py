"""The replayer: actors of a recording are spawned anew, held, and put where they were.

A place between two frames is interpolated. When the recording ends, or is stopped, bodies are let
go as they are.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from simgen.core import RequestError
from simgen.worlds.carla.frames import frame_of, transform_of
from simgen.worlds.carla.protocol.packets import (
    LIGHT_STATE,
    VEHICLE_STATE,
    WALKER_STATE,
    own_state,
)
from simgen.worlds.carla.protocol.types import Rotation, Transform, Vector
from simgen.worlds.carla.protocol.vehicles import VehicleControl, WalkerControl
from simgen.worlds.carla.server.driving import hold
from simgen.worlds.carla.server.entities import Body, Entity, Light, Vehicle, Walker
from simgen.worlds.carla.server.recording.tape import Birth, Frame, Tape
from simgen.worlds.carla.server.recording.wish import Wish
from simgen.worlds.carla.server.simulation import Simulation
from simgen.worlds.carla.server.spawning import spawn

# Actors begin so far up that nothing stands there, and so far from each other; assumed [m].
_ABOVE, _APART = 10_000.0, 20.0
_EARLY = 1e-9  # a frame counts as reached so much before its time: rounding [s]
_SPECTATOR = "spectator"


def span(tape: Tape, wish: Wish) -> tuple[float, float, float]:
    """How long a recording is, and from when to when it is replayed [s].

    Raises:
        RequestError: it is no recording, or there is nothing in that time.
    """
    length = max((frame.time for frame in tape.frames()), default=0.0)
    start = max(length + wish.start, 0.0) if wish.start < 0.0 else wish.start
    end = min(start + wish.time, length) if wish.time > 0.0 else length
    if not start <= length:
        raise RequestError(f"start = {wish.start:g}: must be within the {length:g} s of recording")
    return length, start, end


class Replay:
    """A recording while it is replayed."""

    def __init__(self, simulation: Simulation, tape: Tape, wish: Wish) -> None:
        """Begin: put the actors of its first frame into the world.

        Raises:
            RequestError: as in `span`, or an actor can't be spawned.
        """
        self.length, self.time, self._end = span(tape, wish)
        self.start, self.wish = self.time, wish
        self._simulation = simulation
        self._frames = tape.frames()
        self._present: Frame | None = None
        self._next = next(self._frames, None)
        self._made: dict[int, Entity] = {}  # by the recorded id
        self._show()

    def advance(self, step: float) -> bool:
        """Let time pass [s]; False when the recording is over."""
        self.time = min(self.time + step * self.wish.factor, self._end)
        self._show()
        return self.time < self._end - _EARLY

    def hasten(self, factor: float) -> None:
        """Go on at a multiple of the recorded speed."""
        self.wish = replace(self.wish, factor=factor)

    def stop(self, *, keep: bool) -> None:
        """Let the actors go, or take them out of the world."""
        entities = self._simulation.episode.entities
        for entity in reversed(self._made.values()):
            if entities.find(entity.id) is not entity:
                continue
            if isinstance(entity, Light):
                entity.is_frozen = False
                self._simulation.episode.lights.by_id[entity.id].is_frozen = False
            elif not keep and entity.actor.description.id != _SPECTATOR:
                self._simulation.destroy(entity)
            elif isinstance(entity, Body):
                hold(self._simulation.episode, entity, held=False)
        self._simulation.episode.look_again()

    def _show(self) -> None:
        """Put all where they are at this time."""
        while self._next is not None and self._next.time <= self.time + _EARLY:
            self._change_cast(self._next)
            self._present, self._next = self._next, next(self._frames, None)
        if self._present is None:
            return
        places = _between(self._present, self._next, self.time)
        for row in places:
            entity = self._made.get(int(row["id"]))
            if entity is not None:
                self._put(entity, row)
        for entry in self._present.lamps:
            vehicle = self._made.get(entry.actor)
            if isinstance(vehicle, Vehicle):
                vehicle.flags = entry.flags
        self._simulation.episode.look_again()
        self._follow()

    def _change_cast(self, frame: Frame) -> None:
        for number in frame.deaths:
            entity = self._made.pop(number, None)
            if entity and self._simulation.episode.entities.find(entity.id) is entity:
                self._simulation.destroy(entity)
        for birth in frame.births:
            entity = self._find(birth) or self._make(birth)
            if entity is not None:
                self._made[birth.actor.id] = entity

    def _find(self, birth: Birth) -> Entity | None:
        """What belongs to every world."""
        episode, name = self._simulation.episode, birth.actor.description.id
        if name == _SPECTATOR:
            return None if self.wish.ignores_spectator else episode.spectator
        if name != "traffic.traffic_light":
            return None
        wanted = birth.transform.location
        for light in episode.entities.of(Light):
            place = light.transform.location
            # Single precision, twice over.
            if np.allclose([place.x, place.y], [wanted.x, wanted.y], atol=0.01):
                return light
        return None

    def _make(self, birth: Birth) -> Entity | None:
        """A new actor like the recorded one; None for what is not replayed."""
        description = birth.actor.description
        kind = description.id.partition(".")[0]
        if kind == "sensor" and self.wish.sensors:
            parent = self._made.get(birth.actor.parent)
            if parent or not birth.actor.parent:
                return spawn(self._simulation, description, birth.transform, parent)
        if kind not in {"vehicle", "walker", "static"}:
            return None
        if self.wish.ignores_hero and description.is_hero:
            return None
        height = _ABOVE + _APART * birth.actor.id
        place = replace(birth.transform.location, z=height)
        made = spawn(self._simulation, description, replace(birth.transform, location=place), None)
        if isinstance(made, Body):
            hold(self._simulation.episode, made, held=True)
        return made

    def _put(self, entity: Entity, row: np.void) -> None:
        episode = self._simulation.episode
        if episode.entities.find(entity.id) is not entity:
            return  # somebody destroyed it
        x, y, z, pitch, yaw, roll = (float(v) for v in (*row["place"], *row["rotation"]))
        rotation = Rotation(pitch=pitch, yaw=yaw, roll=roll)
        place = Transform(location=Vector(x=x, y=y, z=z), rotation=rotation)
        if isinstance(entity, Body):
            velocity, turning = row["velocity"], float(row["angular_velocity"][2])
            episode.ground.carry(entity.number, place, entity.lift, velocity, turning)
            _tell(entity, row)
        elif isinstance(entity, Light):
            state = own_state(row, LIGHT_STATE)
            entity.state, entity.elapsed_time = int(state["state"]), float(state["elapsed_time"])
            entity.is_frozen = episode.lights.by_id[entity.id].is_frozen = True
        elif entity is episode.spectator:
            entity.transform = place

    def _follow(self) -> None:
        target = self._made.get(self.wish.follow)
        if target is not None and not self.wish.ignores_spectator:
            episode = self._simulation.episode
            carried = episode.place(target).carry(frame_of(self.wish.offset))
            episode.spectator.transform = transform_of(carried)


def _tell(body: Body, row: np.void) -> None:
    """Let a body say that it does what it did."""
    if isinstance(body, Vehicle):
        did = own_state(row, VEHICLE_STATE)
        body.control = VehicleControl(
            throttle=float(did["throttle"]),
            steer=float(did["steer"]),
            brake=float(did["brake"]),
            hand_brake=bool(did["hand_brake"]),
            reverse=bool(did["reverse"]),
            manual_gear=bool(did["manual_gear"]),
            gear=int(did["gear"]),
        )
    elif isinstance(body, Walker):
        went = own_state(row, WALKER_STATE)
        x, y, z = (float(value) for value in went["direction"])
        body.control = WalkerControl(direction=Vector(x=x, y=y, z=z), speed=float(went["speed"]))


def _between(present: Frame, after: Frame | None, time: float) -> npt.NDArray[np.void]:
    """All actors at a time from one frame to the next, as ACTOR_STATE."""
    now = present.actors.copy()
    later = after.actors if after else now[:0]
    if after is None or not len(later) or time <= present.time + _EARLY:
        return now
    order = np.argsort(later["id"])
    rows = order[np.searchsorted(later["id"], now["id"], sorter=order) % len(order)]
    both = later["id"][rows] == now["id"]
    share = np.float32((time - present.time) / (after.time - present.time))
    then = later[rows]
    place = now["place"] + share * (then["place"] - now["place"])
    turn = (then["rotation"] - now["rotation"] + 180.0) % 360.0 - 180.0
    now["place"] = np.where(both[:, None], place, now["place"])
    now["rotation"] += np.where(both[:, None], share * turn, 0.0)
    return now
