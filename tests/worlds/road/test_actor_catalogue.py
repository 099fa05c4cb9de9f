import numpy as np
import pytest

from simgen.core import RequestError
from simgen.worlds.base import Pose, VehicleControl, WalkerControl
from simgen.worlds.road.actors import body_of
from simgen.worlds.road.catalogue import catalogue, make_catalogue
from simgen.worlds.road.embedded import EmbeddedWorld


def test_blueprints_lead_to_kinds():
    """CARLA's names find the kind that stands for them; a kind's own name finds it too."""
    known = catalogue()

    assert known.find("vehicle.mini.cooper_s") is known.kinds["small_car"]
    assert known.find("walker.pedestrian.0010").size[2] == 1.28
    assert known.find("bus") is known.kinds["bus"]
    assert known.find("elder").walk_speed < known.find("adult").walk_speed
    prefixes = {"vehicle": "vehicle.", "walker": "walker.pedestrian.", "prop": "static.prop."}
    for name, kind in known.kinds.items():
        assert all(each.startswith(prefixes[kind.category]) for each in kind.blueprints), name


def test_every_kind_of_vehicle_has_its_axles_within_its_box():
    """Wheels stand under the body, and a body is a record with the kind's numbers."""
    for kind in catalogue().kinds.values():
        body = body_of(kind)[0]
        assert body["mass"] == kind.mass
        assert 2.0 * body["half_length"] == kind.size[0]
        if kind.category == "vehicle":
            assert max(kind.axles) < 0.5 * kind.size[0]
            assert body["gears"][: body["n_gears"]].tolist() == list(kind.gears)


def test_every_kind_stands_moves_and_stops():
    """Each kind of the catalogue can be spawned, does as it is told, and comes to rest."""
    world = EmbeddedWorld(map="highway").open()
    names = list(catalogue().kinds)
    actors = [world.spawn(name, Pose(x=20.0 * k, y=200.0, z=0.0)) for k, name in enumerate(names)]
    orders = {"vehicle": VehicleControl(throttle=0.5), "walker": WalkerControl(yaw=0.0, speed=1.0)}
    rests = {"vehicle": VehicleControl(brake=1.0), "walker": WalkerControl(speed=0.0)}
    categories = [catalogue().kinds[name].category for name in names]

    for told, moves in ((orders, True), (rests, False)):
        for actor, category in zip(actors, categories, strict=True):
            if category in told:
                world.apply(actor, told[category])
        for _ in range(40):
            world.step()
        speeds = np.linalg.norm(world.sense().velocities, axis=1)
        expected = [moves and category != "prop" for category in categories]
        assert (speeds > 1e-4).tolist() == expected


@pytest.mark.parametrize(("content", "message"), [
    ({"car": {"mass": -1.0}}, r"car.mass = -1.0 is out of bounds: must be > 0 kg"),
    ({"car": {"mas": 1.0}}, r"unknown parameter car.mas: did you mean mass"),
    ({"car": {"gears": [5.0, 4.0]}}, r"gears = \(5.0, 4.0\): give 1 to 8 top speeds"),
    ({"a": {"blueprints": ["x"]}, "b": {"blueprints": ["x"]}}, r"x stands for a already"),
])  # fmt: skip
def test_bad_kinds_are_refused(content, message):
    """A kind out of bounds, or a blueprint that two kinds claim, is named in one line."""
    with pytest.raises(RequestError, match=message):
        make_catalogue(content)
