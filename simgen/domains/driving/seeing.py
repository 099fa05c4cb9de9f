"""In which world an episode's sensors look around: ours, or CARLA's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from simgen.core import RequestError, Streams
from simgen.worlds.base import Snapshot
from simgen.worlds.carla.world import CarlaWorld
from simgen.worlds.road.sensors import Observation, Observer, Stage, rig

if TYPE_CHECKING:
    from simgen.domains.driving.scenario import DrivingScenario

WORLDS = ("embedded", "carla")
NO_SENSORS = "none"
_EGO = 1  # actor number


@dataclass(frozen=True, kw_only=True)
class Witness:
    """What an episode needs of a world."""

    observe: Callable[[Snapshot], Observation]
    # What the world has to say of the episode itself, once that is over; None: nothing.
    log: Callable[[], bytes] | None = None


def check_seeing(about: DrivingScenario) -> None:
    """Refuse a rig that isn't there, or that a world can't have.

    Raises:
        RequestError: as said, or the package for the world is missing.
    """
    if about.sensors != NO_SENSORS:
        rig(about.sensors)
    if about.world != "carla":
        return
    if about.sensors == NO_SENSORS:
        raise RequestError(
            "world = carla, but sensors = none: nothing would look at it; name a rig, such as "
            "sensors=roof_and_front"
        )
    # The client's part of CARLA needs an extra.
    from simgen.worlds.carla.client.bridge import check_client, check_server  # noqa: PLC0415 - said above
    from simgen.worlds.carla.client.fitting import fit  # noqa: PLC0415 - same

    check_client()
    fit(rig(about.sensors), about.step_time, about.weather)
    if about.carla.host:
        check_server(_carla_world(about))


def _carla_world(about: DrivingScenario) -> CarlaWorld:
    return CarlaWorld(link=about.carla, map=about.map, step_time=about.step_time)


@contextmanager
def witness(about: DrivingScenario, stage: Stage, streams: Streams) -> Iterator[Witness]:
    """The ego's sensors during one episode."""
    carried = rig(about.sensors)
    if about.world == "embedded":
        observer = Observer(carried, stage, carrier=_EGO, streams=streams, weather=about.weather)
        yield Witness(observe=observer.observe)
        return
    from simgen.worlds.carla.client.observing import CarlaObserver  # noqa: PLC0415 - see above

    observing = CarlaObserver(
        carried, stage, _carla_world(about), carrier=_EGO, streams=streams, weather=about.weather
    )
    with observing as seen:
        yield Witness(observe=seen.observe, log=seen.log)
