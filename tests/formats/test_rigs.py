"""A data set is written with the rig that took it, or not at all."""

import pytest
import yaml

from simgen.core import RequestError, data_folder
from simgen.formats.drives import Carried, read_drive
from simgen.pipeline.export import _recorded
from simgen.storage.folders import open_folder
from simgen.storage.reader import Dataset
from simgen.worlds.road.sensors import make_rig


@pytest.fixture
def source(drives):
    """The data set as formats read it."""
    data = Dataset(drives)
    with data.connect() as connection:
        yield _recorded(data, open_folder(drives), connection)


def carried(changes):
    """The rig that took the drives, with some sensors changed."""
    path = data_folder("assets") / "driving" / "sensors" / "rigs" / "survey.yaml"
    content = yaml.safe_load(path.read_text())
    for sensor, about in changes.items():
        content[sensor] |= about
    return Carried(sensors={s.name: s for s in make_rig(content).sensors}, rear_axle=1.35)


def test_the_rig_that_took_a_drive_is_known_by_places_and_pictures(source):
    """As it was: all places agree to less than a millimetre."""
    carried({}).check(source, read_drive(source, 1))


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"roof": {"position": [0.1, 0.0, 1.95]}}, r"places differ by 0\.1 m"),
        ({"front": {"camera": {"width": 1279, "height": 720}}}, r"took it \(front\)"),
    ],
)
def test_a_rig_that_was_changed_since_is_refused(source, changes, line):
    """A sensor that was moved, and one whose pictures have another size."""
    with pytest.raises(RequestError, match=line):
        carried(changes).check(source, read_drive(source, 1))
