import os
import signal
from dataclasses import replace

import numpy as np
import pytest

from simgen.core import RunError
from simgen.worlds.base import Snapshot
from simgen.worlds.carla.client.fitting import fit
from simgen.worlds.carla.client.placing import Placing
from simgen.worlds.carla.world import CarlaLink, CarlaWorld
from simgen.worlds.road.catalogue import catalogue
from simgen.worlds.road.sensors import Weather, make_rig

pytestmark = pytest.mark.usefixtures("carla")
EYE = {"camera": {"width": 96, "height": 64, "field_of_view": 100.0, "sees": ["colour", "tags"]}}
NAMES = {1: "car", 2: "van", 3: "small_car", 4: "adult", 5: "truck"}


def snapshot(frame, *actors):
    """Actors side by side ahead of the first, who has moved a little."""
    n = len(actors)
    positions = np.array([[12.0, 4.0 * actor - 14.0, 0.0] for actor in actors])
    positions[0] = [0.1 * frame, 0.0, 0.0]
    return Snapshot(
        frame=frame,
        time=0.1 * frame,
        actors=np.array(actors, np.int64),
        names=tuple(NAMES[actor] for actor in actors),
        positions=positions,
        rotations=np.array([[0.02 * actor, 0.0, 0.0] for actor in actors]),
        velocities=np.zeros((n, 3)),
        accelerations=np.zeros((n, 3)),
        yaw_rates=np.zeros(n),
        sizes=np.array([catalogue().find(NAMES[actor]).size for actor in actors]),
        collisions=(),
    )


EPISODE = [
    snapshot(0, 1, 2, 3, 4),
    snapshot(1, 1, 3, 4),
    snapshot(2, 1, 3, 4),
    snapshot(3, 1, 3, 5),
]


@pytest.fixture
def placing():
    world = CarlaWorld(link=CarlaLink(max_restarts=1), map="parking", step_time=0.1)
    (fitting,) = fit(make_rig({"eye": EYE}), 0.1, Weather())
    found = Placing(world, fitting.parts, carrier=1, weather={})
    yield found
    found.close()


def pictures(ticked):
    """Bytes by name; ids in green and blue by their order, as a server gives none twice."""
    found = {}
    for name, parts in ticked.heard.items():
        pixels = parts["pixels"].reshape(-1, 4)
        if name == "eye.labels":
            ids = np.ascontiguousarray(pixels[:, 1::-1]).view(np.uint16)
            _, ranks = np.unique(ids, return_inverse=True)
            pixels = np.column_stack([ranks, pixels[:, 2]])
        found[name] = pixels.tobytes()
    return found


def test_who_comes_and_goes_looks_the_same_after_a_death(placing):
    """Colours and shapes hang on numbers, which a world made anew gives to the same actors."""
    world, parts = placing._world, placing._parts
    whole = [pictures(placing.show(moment)) for moment in EPISODE]
    digests = placing.digests
    placing.close()

    again = Placing(world, parts, carrier=1, weather={})
    found = []
    for moment in EPISODE:
        if moment.frame == 2:
            os.kill(again._bridge.client.number, signal.SIGKILL)
        found.append(pictures(again.show(moment)))
    again.close()

    assert found == whole
    assert len({picture["eye.colour"] for picture in whole}) == len(EPISODE)
    assert again.digests == digests


def test_who_is_moved_by_others_ends_the_run(placing, monkeypatch):
    """A place that is not the one that was asked for is no frame of this episode."""
    monkeypatch.setattr("simgen.worlds.carla.client.placing._OFF_PLACE", 1e-12)
    far = snapshot(0, 1, 2)
    far.positions[1] = [1234.56789, 0.1, 0.0]
    with pytest.raises(RunError, match=r"actor 2 \(van\) stands .* max_restarts = 1 is used up"):
        placing.show(far)


def test_who_stands_in_another_stays(placing):
    """Two walkers who pass through each other are where the run has them, not pushed apart."""
    names = {1: "car", 2: "adult", 3: "adult"}
    moment = replace(
        snapshot(0, 1, 2, 4),
        actors=np.array(list(names)),
        names=tuple(names.values()),
        positions=np.array([[0.0, 0.0, 0.0], [12.0, 4.0, 0.0], [12.1, 4.2, 0.0]]),
    )
    placing.show(moment)

    assert len(placing.digests) == 1
