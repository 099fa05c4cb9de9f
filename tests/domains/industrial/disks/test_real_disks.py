"""The real disks, as the reference shapes them."""

import duckdb
import numpy as np
import pyarrow.parquet as pq
import pytest

from simgen.domains.industrial.disks.catalogue import catalogue
from simgen.pipeline.references import load_reference


@pytest.fixture(scope="module")
def months():
    """Real rows with their weights, and the description of the sample."""
    reference = load_reference("backblaze")
    if not reference.path.is_file():
        pytest.skip(f"there is no {reference.path}: set SIMGEN_REFERENCE")
    view = reference.samples[0]
    with duckdb.connect() as connection:
        connection.from_arrow(pq.read_table(reference.path)).create_view("reference")
        rows = connection.sql(view.real).project(f"*, {view.weight} AS weight")
        broken = [
            rows.filter(f"NOT ({rule})").to_arrow_table().num_rows for rule in view.rules.values()
        ]
        return view, rows.to_arrow_table().to_pandas(), broken


def test_its_models_are_those_of_the_catalogue(months):
    """No model is compared that the simulator lacks, and none is left out."""
    view, rows, _ = months

    assert set(rows.model) == {model.name for model in catalogue()}
    assert set(view.columns[0].categories) == {model.name for model in catalogue()}


def test_its_rows_obey_the_rules(months):
    """Real rows are shaped so that every rule holds."""
    assert months[2] == [0, 0]


def test_about_one_in_four_hundred_fails_within_a_month(months):
    """As 3.6 % of disks a year do, and disks are either fitted on or held out, not both."""
    _, rows, _ = months
    share = np.average(rows.label, weights=rows.weight.astype(float))

    assert 0.002 < share < 0.004
    assert (rows.groupby("disk_id").fitted.agg(["min", "max"]).eval("min == max")).all()
