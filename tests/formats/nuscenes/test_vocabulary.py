import pytest

from simgen.core import RequestError
from simgen.formats.drives import Carried, words
from simgen.formats.nuscenes import NuScenes
from simgen.formats.nuscenes.vocabulary import attribute, category, channels, visibility
from simgen.worlds.road.catalogue import catalogue
from simgen.worlds.road.sensors import make_rig, rig


def carried(about):
    return Carried(sensors={sensor.name: sensor for sensor in about.sensors}, rear_axle=1.35)


@pytest.mark.parametrize("kind", catalogue().kinds)
def test_every_kind_of_actor_has_a_category(kind):
    """It is one of nuScenes', and so is its attribute."""
    assert category(kind) in words("nuScenes")["categories"]
    assert attribute(kind, 5.0) in {None, *words("nuScenes")["attributes"]}


def test_an_unknown_kind_is_refused():
    """The line names the file to complete."""
    with pytest.raises(RequestError, match=r"no category for 'tram': .*nuscenes.yaml"):
        category("tram")


def test_attributes_tell_who_moves():
    """A car that creeps by less than walking pace has stopped."""
    assert attribute("car", 3.0) == "vehicle.moving"
    assert attribute("car", 0.05) == "vehicle.stopped"
    assert attribute("adult", 0.0) == "pedestrian.standing"
    assert attribute("cone", 0.0) is None


def test_visibilities_are_levels():
    """A level begins where the one before ends; what no camera shows has none."""
    shares = (0.0, 0.39, 0.4, 0.6, 0.8, 1.0)

    assert [visibility(share) for share in shares] == ["1", "1", "2", "3", "4", "4"]
    assert visibility(None) == ""


def test_the_rig_of_nuscenes_has_its_channels():
    """Each sensor is called as theirs."""
    found = set(channels(carried(rig("nuscenes"))).values())

    assert {"LIDAR_TOP", "CAM_FRONT", "CAM_BACK_LEFT", "RADAR_BACK_RIGHT"} < found
    assert len(found) == 12


def test_a_scanner_is_needed_and_on_top():
    """Readers look for LIDAR_TOP; two sensors can't be one channel."""
    only_camera = make_rig({"front": {"camera": {}}})
    twice = make_rig({"roof": {"lidar": {}}, "front": {"camera": {}}, "cam_front": {"camera": {}}})

    assert channels(carried(make_rig({"nose": {"lidar": {}}}))) == {"nose": "LIDAR_TOP"}
    with pytest.raises(RequestError, match="needs a laser scanner"):
        channels(carried(only_camera))
    with pytest.raises(RequestError, match=r"two sensors .* one channel"):
        channels(carried(twice))


@pytest.mark.parametrize("version", ["", "../v1.0", ".hidden"])
def test_a_version_is_the_name_of_a_folder(version):
    """It can't lead out of the export."""
    with pytest.raises(RequestError, match="no name of a folder"):
        NuScenes(version=version)
