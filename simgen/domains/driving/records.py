"""From an episode to batches of the declared tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from simgen.core import DAY, HOUR, Batch, timestamps
from simgen.des import EventLog
from simgen.domains.driving import schema
from simgen.domains.driving.episode import Incident, Recording
from simgen.domains.driving.incidents import first_seen, owners, severity
from simgen.domains.driving.safety import headway, required_deceleration

if TYPE_CHECKING:
    from simgen.domains.driving.scenario import DrivingScenario, Place

EVENTS_PER_EPISODE = 1_000  # ids that are set aside


@dataclass(frozen=True, kw_only=True)
class Told:
    """An episode with its events: what the tables are made of."""

    about: DrivingScenario
    place: Place
    number: int  # of the episode, from 0
    weight: float
    recording: Recording
    incidents: list[Incident]
    rng: np.random.Generator

    @property
    def episode_id(self) -> int:
        """Episodes are numbered from 1."""
        return self.number + 1

    @property
    def at(self) -> npt.NDArray[np.float64]:
        """When the frames were `(n_frames,)` [s]; an episode begins every hour."""
        frames = np.arange(len(self.recording.cars), dtype=np.float64)
        return self.number * HOUR + frames * self.about.step_time

    def event_id(self, incident: Incident | None) -> int:
        """Its number, 0 for none."""
        if incident is None:
            return 0
        return self.number * EVENTS_PER_EPISODE + self.incidents.index(incident) + 1


def batches(told: Told) -> Iterator[Batch]:
    """Every table of the episode."""
    yield _frames(told)
    yield _actors(told)
    yield _episodes(told)
    yield _events(told)


def _labels(told: Told) -> dict[str, Any]:
    owner = owners(told.incidents, len(told.recording.cars))
    kinds = [schema.KINDS.index(one.kind) + 1 if one else 0 for one in owner]
    likeness = [schema.LOOKALIKES.get(one.kind, "") if one else "" for one in owner]
    return {
        "label": np.array([one is not None and not same for one, same in
                           zip(owner, likeness, strict=True)], np.bool_),
        "event_kind": np.array(kinds),
        "event_id": np.array([told.event_id(one) for one in owner], np.int64),
        "lookalike_of": np.array([
            schema.RARE_KINDS.index(same) + 1 if same else 0 for same in likeness
        ]),
        "weight": np.full(len(owner), told.weight),
    }  # fmt: skip


def _frames(told: Told) -> Batch:
    going, ego = told.recording, told.recording.ego
    closing = going.closing_speed
    return schema.FRAMES.batch(
        {
            "at": timestamps(told.about.start_date, told.at),
            "episode_id": np.full(len(ego), told.episode_id, np.int64),
            **{
                name: np.ascontiguousarray(ego[name])
                for name in ("speed", "acceleration", "yaw_rate")
            },
            "speed_limit": going.limit,
            "gap": going.gap,
            "closing_speed": closing,
            "time_to_collision": going.time_to_collision,
            "headway": headway(going.gap, np.ascontiguousarray(ego["speed"])),
            "required_deceleration": required_deceleration(going.gap, closing),
            "automatic_braking": np.ascontiguousarray(ego["emergency"]),
            "lead_id": going.lead + 1,  # rows from 0, and -1 for nobody
            **_labels(told),
        }
    )


def _actors(told: Told) -> Batch:
    """Vehicles, the ego first, then walkers, frame by frame."""
    going, script = told.recording, told.recording.script
    cars = going.cars
    n_frames, n_cars = cars.shape
    n_actors = n_cars + going.walkers.shape[1]
    there = np.ones((n_frames, n_actors), np.bool_)
    there[:, :n_cars] = cars["present"]
    both = {
        name: np.concatenate([cars[name], going.walkers[name]], axis=1)[there]
        for name in ("x", "y", "z", "yaw", "speed", "half_length", "half_width", "height")
    }
    on_foot = going.walkers["speed"]
    gained = np.diff(on_foot, axis=0, prepend=on_foot[:1]) / told.about.step_time
    both["acceleration"] = np.concatenate([cars["acceleration"], gained], axis=1)[there]
    pitch = np.pad(cars["pitch"], ((0, 0), (0, n_actors - n_cars)))[there]
    sidewalk = going.walkers["track"] + len(told.place.town.tracks.records)
    below = _below(cars)
    track = np.concatenate([below, sidewalk], axis=1)[there]
    names = script.traffic.names + script.traffic.walker_names
    kinds = [schema.ACTORS.index(name) for name in names]
    along = both["speed"] * np.cos(pitch)
    return schema.ACTORS_TABLE.batch(
        {
            "at": timestamps(told.about.start_date, np.repeat(told.at, there.sum(axis=1))),
            "episode_id": np.full(len(track), told.episode_id, np.int64),
            "actor_id": np.tile(np.arange(1, n_actors + 1), (n_frames, 1))[there],
            "kind": np.tile(kinds, (n_frames, 1))[there],
            **{name: both[name] for name in ("x", "y", "z", "yaw", "speed", "height")},
            "acceleration": both["acceleration"],
            "pitch": pitch,
            "velocity_x": along * np.cos(both["yaw"]),
            "velocity_y": along * np.sin(both["yaw"]),
            "length": 2.0 * both["half_length"],
            "width": 2.0 * both["half_width"],
            "road": pa.array(np.array(told.place.roads, np.object_)[track], pa.string()),
            "lane": told.place.lanes[track],
            "touched_id": _touched(going, n_actors)[there],
        }
    )


def _below(cars: npt.NDArray[np.void]) -> npt.NDArray[np.int64]:
    """The track of which the middle is nearest to each vehicle's `(n_frames, n_cars)`.

    `track` is where it is bound: who changes lanes is on the one beside until he is halfway.
    """
    is_before = (cars["from_track"] >= 0) & (cars["change_share"] < 0.5)
    return np.where(is_before, cars["from_track"], cars["track"])


def _touched(going: Recording, n_actors: int) -> npt.NDArray[np.int64]:
    """Whom each actor touches, of several the first; 0 for nobody `(n_frames, n_actors)`."""
    found = np.zeros((len(going.touching), n_actors), np.int64)
    for frame, pairs in enumerate(going.touching):
        for one, other in reversed(pairs.tolist()):
            found[frame, one], found[frame, other] = other + 1, one + 1
    return found


def _episodes(told: Told) -> Batch:
    log = EventLog(schema.EPISODES, told.about.start_date)
    going = told.recording
    script, times = going.script, going.time_to_collision
    # Others left the map before the records began.
    n_cars = np.count_nonzero(going.cars["present"].any(axis=0))
    known = times[~np.isnan(times)]
    log.add(
        episode_id=told.episode_id,
        at=told.number * HOUR,
        map=told.about.map,
        duration=len(going.cars) * told.about.step_time,
        n_actors=n_cars + going.walkers.shape[1],
        planned=script.planned,
        planned_gap=_or_none(script.gap),
        planned_closing_speed=_or_none(script.closing_speed),
        least_time_to_collision=float(known.min()) if len(known) else None,
        weight=told.weight,
    )
    return log.batch()


def _or_none(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _events(told: Told) -> Batch:
    log = EventLog(schema.EVENTS, told.about.start_date)
    for incident in told.incidents:
        likeness = schema.LOOKALIKES.get(incident.kind, "")
        seen = first_seen(told.recording, incident)
        log.add(
            event_id=told.event_id(incident),
            kind=incident.kind,
            lookalike_of=likeness,
            entity_id=told.episode_id,
            onset_at=float(told.at[incident.first]),
            detectable_at=None if seen is None else float(told.at[seen]),
            ended_at=float(told.at[incident.last]),
            severity=0.0 if likeness else severity(told.recording, incident),
            caused_by=told.event_id(incident.caused_by),
            weight=told.weight,
            actor_id=incident.other + 1,  # rows from 0, and -1 for nobody
            **_view(told, incident),
        )
    return log.batch()


def _view(told: Told, incident: Incident) -> dict[str, Any]:
    """What the fleet's operator came to know: collisions are reported, clips are reviewed."""
    review = told.about.review
    delay, luck = told.rng.exponential(review.mean_delay * DAY), told.rng.random()
    end = float(told.at[incident.last])
    frames = slice(incident.first, incident.last + 1)
    if incident.kind == "collision":
        return {"observed_at": end + HOUR, "observed_label": True, "observed_reason": "report"}
    if not (told.recording.ego["acceleration"][frames] < -review.trigger).any():
        return {"observed_at": None, "observed_label": None, "observed_reason": ""}
    truth = incident.kind not in schema.LOOKALIKES
    return {
        "observed_at": end + delay,
        "observed_label": truth != (luck < review.error_share),
        "observed_reason": "review",
    }
