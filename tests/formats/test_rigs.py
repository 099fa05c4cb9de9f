"""A data set is written with the rig that took it, which it tells itself."""

import json
import shutil

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import simgen
from simgen.core import RequestError
from simgen.formats.drives import carried_by
from simgen.pipeline.export import _recorded
from simgen.pipeline.sealed import asked
from simgen.storage.reader import Dataset
from simgen.worlds.road.sensors import rig


@pytest.fixture
def copy(drives, tmp_path):
    """A data set of one's own, to be changed."""
    return shutil.copytree(drives, tmp_path / "data")


def carried(folder):
    data = Dataset(folder)
    with asked(data) as ask:
        return carried_by(_recorded(data, ask))


def change(path, column, old, new):
    """Replace text in a column of a part."""
    table = pq.read_table(path)
    values = [value.replace(old, new) for value in table[column].to_pylist()]
    assert values != table[column].to_pylist()
    place = table.column_names.index(column)
    pq.write_table(table.set_column(place, table.schema.field(column), pa.array(values)), path)


def test_a_data_set_tells_its_rig(drives):
    """Every sensor as it was: place, angles, rate and all parameters of its kind, in order."""
    assert tuple(carried(drives).sensors.values()) == rig("survey").sensors


def test_the_rig_is_not_looked_up_by_its_name(copy, drives, tmp_path):
    """Whatever that name means by now, the export is the same."""
    manifest = json.loads((copy / "manifest.json").read_text())
    manifest["scenario"]["parameters"]["sensors"] = "kitti"
    (copy / "manifest.json").write_text(json.dumps(manifest))

    assert carried(copy) == carried(drives)


def test_focal_lengths_are_those_that_took_the_pictures(copy, tmp_path):
    """Those of the data set stand in the export, not those of the rig's file."""
    for path in (copy / "sensors").glob("*.parquet"):
        change(path, "parameters", '"focal_x": 914.0147243149534', '"focal_x": 1000.5')
    out = simgen.export(copy, "nuscenes", out=tmp_path / "out", quiet=True)
    rows = json.loads((out / "v1.0-simgen" / "calibrated_sensor.json").read_text())

    assert 1000.5 in {row["camera_intrinsic"][0][0] for row in rows if row["camera_intrinsic"]}


@pytest.mark.parametrize(
    ("old", "new"), [('"focal_x": 914.0147243149534', '"focal_x": 1000.5'), ("left", "port")]
)
def test_a_rig_that_was_changed_on_the_way_is_refused(copy, tmp_path, old, new):
    """Episodes before and after have other sensors: no format could tell which."""
    column = "sensor" if new == "port" else "parameters"
    change(next((copy / "sensors").glob("*.parquet")), column, old, new)

    with pytest.raises(RequestError, match="episodes have different sensors: generate it anew"):
        simgen.export(copy, "nuscenes", out=tmp_path / "out", quiet=True)


def test_a_data_set_of_before_is_refused(copy, tmp_path):
    """It lacks the table; the line says what to do."""
    manifest = json.loads((copy / "manifest.json").read_text())
    del manifest["tables"]["sensors"]
    (copy / "manifest.json").write_text(json.dumps(manifest))

    with pytest.raises(
        RequestError, match=r"its table sensors is missing; .*generate an old one anew"
    ):
        simgen.export(copy, "nuscenes", out=tmp_path / "out", quiet=True)

    assert [path.name for path in tmp_path.iterdir()] == ["data"]
