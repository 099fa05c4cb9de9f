import json

import pytest

import simgen
from simgen.formats.nuscenes.tables import TABLES


class World:
    """An export as a reader without the development kit has it: rows by table and token."""

    def __init__(self, folder, version):
        self.folder = folder
        self.rows = {
            name: json.loads((folder / version / f"{name}.json").read_text()) for name in TABLES
        }
        self.by_token = {
            name: {row["token"]: row for row in rows} for name, rows in self.rows.items()
        }
        self.splits = json.loads((folder / version / "splits.json").read_text())

    def get(self, table, token):
        """The row."""
        return self.by_token[table][token]

    def channel(self, data):
        """The channel of a row of `sample_data`."""
        calibrated = self.get("calibrated_sensor", data["calibrated_sensor_token"])
        return self.get("sensor", calibrated["sensor_token"])["channel"]


@pytest.fixture(scope="session")
def world(drives, tmp_path_factory):
    """The data set, exported."""
    out = tmp_path_factory.mktemp("nuscenes") / "out"
    return World(simgen.export(drives, "nuscenes", out=out, quiet=True), "v1.0-simgen")
