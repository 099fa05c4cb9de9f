"""The simulation behind the server: an episode, its clock, and the streams that it feeds."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from simgen.core import RequestError, Streams
from simgen.worlds.carla.frames import six, transform_of
from simgen.worlds.carla.protocol import packets
from simgen.worlds.carla.protocol.types import Actor, Address, EpisodeSettings, Token
from simgen.worlds.carla.protocol.versions import NEWEST, VERSIONS, WORLD_OBSERVER
from simgen.worlds.carla.server.channels import Channels, Subscriber
from simgen.worlds.carla.server.driving import drive_all
from simgen.worlds.carla.server.entities import Body, Entity, SensorEntity
from simgen.worlds.carla.server.episode import Episode, Map
from simgen.worlds.carla.server.maps import find_map
from simgen.worlds.carla.server.recording import Recorder, Shelf, Wish
from simgen.worlds.carla.server.sensors import Moment, Sensor
from simgen.worlds.carla.server.states import states
from simgen.worlds.carla.weather import seen_weather
from simgen.worlds.road.embedded import (
    LONGEST_STEP,
    LONGEST_SUBSTEP,
    SHORTEST_STEP,
    SHORTEST_SUBSTEP,
)

WORLD_STREAM = 1
_LONGEST_FIXED = 10.0  # of steps whose length a client fixed [s]
_EARLY = 1e-6  # sensors are due this much before their time: rounding [s]

_log = logging.getLogger(__name__)


class Player(Protocol):
    """What puts actors where they were in a recording."""

    def advance(self, step: float) -> bool:
        """Let time pass [s]; False when the recording is over."""
        ...

    def hasten(self, factor: float) -> None:
        """Go on at a multiple of the recorded speed."""
        ...

    def stop(self, *, keep: bool) -> None:
        """Let the actors go, or take them out of the world."""
        ...


@dataclass(frozen=True, kw_only=True)
class Options:
    """What a server is started with."""

    map: str = "urban_grid"
    seed: int = 0
    frame_rate: float = 20.0  # in asynchronous mode [1/s]
    version: str = NEWEST.name  # of CARLA, one of VERSIONS
    town_names: bool = False  # whether CARLA's towns stand for maps of ours
    recordings: Path | None = None  # their folder; None: one that ends with the server


class Simulation:
    """Everything that calls act on; knows nothing of sockets."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.stream_port = 0  # until sockets are open
        self.version = VERSIONS[options.version]
        self.channels = Channels()
        self.channels.open(WORLD_STREAM)
        self.settings = EpisodeSettings()
        self.managers: dict[int, Address] = {}  # Traffic Managers by port
        self.told: set[str] = set()  # failures that were logged, by call
        self.frame = 0
        self.pending_map: Map | None = None  # from copy_opendrive_to_file
        self.shelf = Shelf(options.recordings)
        self.recorder: Recorder | None = None
        self.replay: Player | None = None
        self.wish = Wish()  # of the next replay
        self.changed: Callable[[], None] = lambda: None  # told that the mode may have changed
        self._n_streams = WORLD_STREAM
        self._ticked_at = time.monotonic()  # [s]
        self._world_packet = (b"", b"")
        self.episode = Episode(1, self.map(options.map), Streams(options.seed))
        self._publish_world()

    def map(self, name: str) -> Map:
        """A map by name; RequestError if there is none."""
        return find_map(name, town_names=self.options.town_names)

    def load(self, chart: Map, *, reset_settings: bool) -> None:
        """Begin a new episode on a map."""
        for entity in self.episode.entities.of(SensorEntity):
            self.channels.close(entity.stream)
        if self.recorder is not None:
            self.recorder.close()
        self.recorder = self.replay = None
        streams = Streams(self.options.seed)
        before = self.episode
        self.episode = Episode(before.number + 1, chart, streams, after=before.entities.last_id)
        if reset_settings:
            self.set_settings(EpisodeSettings())
        self.frame += 1
        self._publish_world()

    def set_settings(self, settings: EpisodeSettings) -> None:
        """Change how time passes.

        Raises:
            RequestError: a step is out of bounds.
        """
        step = settings.fixed_step
        # The client writes 0 for none.
        if step and not SHORTEST_STEP <= step <= _LONGEST_FIXED:
            raise RequestError(
                f"fixed_delta_seconds = {step:g}: must be in "
                f"[{SHORTEST_STEP:g}, {_LONGEST_FIXED:g}] s, or None"
            )
        if settings.substepping and not (
            SHORTEST_SUBSTEP <= settings.max_substep_time <= _LONGEST_FIXED
        ):
            raise RequestError(
                f"max_substep_delta_time = {settings.max_substep_time:g}: must be at least "
                f"{SHORTEST_SUBSTEP:g} s"
            )
        self.settings = settings
        self.changed()

    def token(self, stream: int) -> Token:
        """Where a stream is to be had."""
        return packets.token_of(stream, self.stream_port)

    def open_stream(self) -> int:
        """A new stream's number."""
        self._n_streams += 1
        self.channels.open(self._n_streams)
        return self._n_streams

    def subscribe(self, stream: int, reader: Subscriber) -> bool:
        """Let a reader have a stream, the world's from its present state on."""
        if not self.channels.subscribe(stream, reader):
            return False
        # Otherwise a client of a world that waits would see no actor until the next tick.
        if stream == WORLD_STREAM:
            reader.send(*self._world_packet)
        return True

    def tick(self) -> int:
        """Let a step pass and tell all who listen; gives the frame.

        Raises:
            RunError: too many actors lie in each other.
        """
        now = time.monotonic()
        waited = min(max(now - self._ticked_at, SHORTEST_STEP), LONGEST_STEP)
        self._ticked_at = now
        step = self.settings.fixed_step or waited
        substep = self.settings.max_substep_time if self.settings.substepping else LONGEST_SUBSTEP
        drive_all(self.episode, step)
        for lost in self.episode.advance(step, min(substep, LONGEST_SUBSTEP)):
            _log.warning("actor %d left the plane and was destroyed", lost.id)
            self.forget(lost)
        if self.replay is not None and not self.replay.advance(step):
            self.replay.stop(keep=True)
            self.replay = None
        self.frame += 1
        if self.recorder is not None and not self.recorder.write(self.episode):
            self.recorder = None
        self._publish_world()
        for entity in tuple(self.episode.entities.of(SensorEntity)):
            if entity.sensor and self.channels.is_read(entity.stream):
                self._publish_sensor(entity, entity.sensor)
        return self.frame

    def forget(self, entity: Entity) -> None:
        """Take an actor out that is no more in the road world; what it carried stays there."""
        for child in self.episode.entities.of(Entity):
            if child.actor.parent == entity.id:
                child.transform = self.episode.transform(child)
                child.actor = replace(child.actor, parent=0)
        if isinstance(entity, SensorEntity):
            self.channels.close(entity.stream)
        self.episode.entities.remove(entity)
        self.episode.look_again()

    def destroy(self, entity: Entity) -> None:
        """Take an actor out of the world."""
        self.forget(entity)
        if isinstance(entity, Body):
            self.episode.ground.destroy(entity.number)

    def _may_drop(self) -> bool:
        return not self.settings.synchronous

    def _publish_world(self) -> None:
        episode = self.episode
        is_new = self.version.keeps_maps and episode.n_steps == 0
        actors = states(episode)
        body = packets.episode_state(
            episode.number, time.time(), episode.step, actors, is_new=is_new
        )
        place = six(episode.transform(episode.spectator))
        number = self.version.number(WORLD_OBSERVER)
        self._world_packet = packets.packet(number, self.frame, episode.time, place, body)
        # Of what the world is, nobody may miss a frame.
        self.channels.publish(WORLD_STREAM, *self._world_packet, may_drop=False)

    def _publish_sensor(self, entity: SensorEntity, sensor: Sensor) -> None:
        episode = self.episode
        if episode.time < entity.due_at - _EARLY:
            return
        since = max(entity.tick_time, episode.step)
        # Where steps don't divide its time, the next one is counted from when this was due.
        was_due = max(entity.due_at, episode.time - episode.step)
        entity.due_at = (was_due if entity.due_at else episode.time) + entity.tick_time
        place = episode.place(entity)
        moment = Moment(
            frame=episode.n_steps,
            time=episode.time,
            step=since,
            snapshot=episode.snapshot,
            place=place,
            carrier=episode.carrier(entity),
            ids=episode.entities.ids,
            actor=self._actor,
            look=episode.scene,
            origin=replace(episode.chart.origin, is_mercator=self.version.is_mercator),
            gravity=episode.gravity,
            weather=seen_weather(episode.weather),
            shade=episode.shade,
        )
        number = self.version.number(entity.actor.description.id)
        where = six(transform_of(place))
        for body in sensor.measure(moment):
            head, rest = packets.packet(number, self.frame, episode.time, where, body)
            self.channels.publish(entity.stream, head, rest, may_drop=self._may_drop())

    def _actor(self, number: int) -> Actor | None:
        found = self.episode.entities.find(int(self.episode.entities.ids[number]))
        return found.actor if found else None
