"""The recorder: after each frame, what came, what went, and where all actors are."""

from __future__ import annotations

import logging
import time
import weakref
from pathlib import Path

from simgen.core import RequestError
from simgen.worlds.carla.protocol.messages import pack_body
from simgen.worlds.carla.protocol.types import ActorLights
from simgen.worlds.carla.server.entities import Entity, Light, Vehicle, Walker
from simgen.worlds.carla.server.episode import Episode
from simgen.worlds.carla.server.recording.tape import (
    CATEGORIES,
    MOST_FRAME,
    Birth,
    Blow,
    Frame,
    Head,
)
from simgen.worlds.carla.server.states import states

MOST_WRITTEN = 4 * 2**30  # of one recording [byte]

_log = logging.getLogger(__name__)


class Recorder:
    """Writes one recording."""

    def __init__(self, path: Path, episode: Episode) -> None:
        """Begin a file, over what may be there.

        Raises:
            RequestError: it can't be written.
        """
        self.path = path
        self._known: set[int] = set()
        self._began_at: float | None = None  # of the episode's time [s]
        self._n_frames = self._n_written = 0
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = path.open("wb")
            weakref.finalize(self, self._file.close)
            self._file.write(pack_body(Head(map=episode.chart.name, began_at=time.time())))
            self._file.flush()  # so that it is known for what it is
        except OSError as error:
            raise RequestError(f"recording {path.name}: {error.strerror or error}") from None

    def write(self, episode: Episode) -> bool:
        """Add a frame; False if the recording ends, since there is no room."""
        data = pack_body(self._frame(episode))
        if len(data) > MOST_FRAME or self._n_written + len(data) > MOST_WRITTEN:
            _log.warning("recording %s: ended at %d bytes", self.path.name, self._n_written)
            return False
        try:
            self._file.write(data)
        except OSError as error:
            _log.warning("recording %s: ended: %s", self.path.name, error.strerror or error)
            return False
        self._n_written += len(data)
        return True

    def close(self) -> None:
        """End the file."""
        try:
            self._file.close()
        except OSError as error:
            _log.warning("recording %s: %s", self.path.name, error.strerror or error)

    def _frame(self, episode: Episode) -> Frame:
        everybody = episode.entities.of(Entity)
        present = {entity.id for entity in everybody}
        born = [entity for entity in everybody if entity.id not in self._known]
        gone = sorted(self._known - present)
        self._known = present
        self._n_frames += 1
        if self._began_at is None:
            self._began_at = episode.time
        ids = episode.entities.ids
        return Frame(
            number=self._n_frames,
            time=episode.time - self._began_at,
            step=episode.step,
            births=tuple(_birth(episode, entity) for entity in born),
            deaths=tuple(gone),
            blows=tuple(
                Blow(actor=int(ids[blow.actor]), other=int(ids[blow.other]))
                for blow in episode.snapshot.collisions
            ),
            lamps=tuple(
                ActorLights(actor=vehicle.id, flags=vehicle.flags)
                for vehicle in episode.entities.of(Vehicle)
            ),
            states=states(episode).tobytes(),
        )


def _birth(episode: Episode, entity: Entity) -> Birth:
    letter = {Vehicle: "v", Walker: "w", Light: "t"}.get(type(entity), "o")
    attached = entity.actor.parent
    return Birth(
        actor=entity.actor,
        transform=entity.transform if attached else episode.transform(entity),
        category=CATEGORIES.index(letter),
    )
