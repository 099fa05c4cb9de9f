"""What the documentation tells users to do with their own files works as it stands."""

import re

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest
import yaml

from simgen import evaluate
from simgen.core import RequestError, data_folder
from simgen.pipeline.generate import generate
from simgen.pipeline.ingest import write_reference
from simgen.pipeline.references import describe_reference

PAGE = data_folder("configs").parent / "docs" / "own-data.md"
TAGS = ("PT-07.VIB", "PT-07.TMP")


@pytest.fixture(scope="module")
def example():
    """The page's first block of Python."""
    if not PAGE.is_file():
        pytest.skip(f"there is no {PAGE}: documentation is not in the wheel")
    return re.search(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL).group(1)


@pytest.fixture
def files(tmp_path, monkeypatch):
    """Readings each hour of thirty pumps, of which every third fails after two months."""
    monkeypatch.chdir(tmp_path)
    rng, hours = np.random.default_rng(1), np.arange(0, 2_400, 24)
    assets = np.repeat([f"P-{number:02}" for number in range(30)], len(hours))
    time = np.datetime64("2024-01-01", "s") + np.tile(hours, 30) * np.timedelta64(3_600, "s")
    parts = [
        pa.table({"asset": assets, "time": time, "tag": [tag] * len(time), "value": values})
        for tag, values in zip(
            TAGS, (rng.gamma(9.0, 0.01, len(time)), 90.0 + rng.normal(0, 5, len(time))), strict=True
        )
    ]
    pyarrow.csv.write_csv(pa.concat_tables(parts), "readings.csv")
    failures = {
        "asset": [f"P-{number:02}" for number in range(0, 30, 3)],
        "failed": ["2024-03-01 12:00:00"] * 10,
        "cause": ["seal"] * 10,
    }
    pyarrow.csv.write_csv(pa.table(failures), "failures.csv")
    return tmp_path


def test_the_page_makes_a_reference_that_is_evaluated(files, example):
    """Files become a reference, and a simulated pump station is judged against it."""
    exec(example, {})  # noqa: S102 - our own documentation

    path = files / "references" / "reference" / "my_pumps.yaml"
    reference = describe_reference("my_pumps", yaml.safe_load(path.read_text(encoding="utf-8")))
    rows = pq.read_table(reference.path).to_pandas()
    assert rows.vibration.mean() == pytest.approx(0.09 * 25.4, rel=0.05)
    assert rows.temperature.mean() == pytest.approx((90.0 - 32.0) / 1.8, rel=0.02)
    assert 0.03 < rows.label.mean() < 0.08

    small = {"n_stations": 2, "n_days": 90, "components": {"ageing": 200.0, "first_age": 200.0}}
    data = generate(
        "industrial/pump_station", out=files / "data", quiet=True, difficulty=False, **small
    )
    found = evaluate(data, reference, out=files / "report", quiet=True, metrics=["marginal_ks"])
    assert found.scores["readings"]["marginal_ks"].value is not None


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"units": {}}, "units has none of vibration: add them"),
        ({"name": "my pumps"}, "name 'my pumps' is none: use letters, digits and _ alone"),
        (
            {"units": {"vibration": "in/s"}},
            "units says 'in/s' of vibration, and industrial/pump_station has it in 'mm/s'",
        ),
        (
            {"scenario": "industrial/disk_fleet"},
            "the readings have no column 'disk_id': name it so",
        ),
        (
            {"scenario": "industrial/bearing_rig"},
            "industrial/bearing_rig compares no 'vibration': there are speed, load",
        ),
    ],
)
def test_a_reference_that_would_not_work_is_refused(tmp_path, change, message):
    """Before anything is written."""
    at = pa.array([0], pa.timestamp("us", "UTC"))
    rows = pa.table({"machine_id": ["a"], "at": at, "vibration": [1.0], "label": [True]})
    values = {
        "name": "mine",
        "scenario": "industrial/pump_station",
        "units": {"vibration": "mm/s"},
    }

    with pytest.raises(RequestError, match=message):
        write_reference(rows, out=tmp_path, **(values | change))
    with pytest.raises(RequestError, match=r"no column 'label': let outlook\(\) make it"):
        write_reference(rows.drop_columns("label"), out=tmp_path, **values)
    assert not list(tmp_path.iterdir())
