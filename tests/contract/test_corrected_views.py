"""A block's rows are shaped as those of all blocks together, wherever a residual corrects them."""

from collections import Counter

import pyarrow as pa
import pytest

from simgen.core import RequestError, Streams
from simgen.pipeline.calibrated import block_sample, calibrated_table, kept_of
from simgen.pipeline.catalogue import load_scenario, scenario_names
from simgen.pipeline.references import find_references, load_reference
from simgen.pipeline.shapes import fittable


def corrected():
    """Reference, sample and scenario wherever a residual may correct what is simulated."""
    scenarios = {type(load_scenario(name)): name for name in scenario_names()}.values()
    for reference in map(load_reference, find_references()):
        for name in fittable(reference):
            view = next(view for view in reference.samples if view.name == name)
            for scenario in scenarios:
                if not scenario.startswith(f"{reference.domain}/"):
                    continue
                try:
                    calibrated_table(reference, view, load_scenario(scenario))
                except RequestError:
                    continue
                yield pytest.param(reference, view, scenario, id=f"{reference.name}-{scenario}")
                break


CORRECTED = tuple(corrected())
# The rig's small runs end before its view begins.
LONGER = {"industrial/pump_rig": {"runs_per_session": 2, "run_seconds": [300, 320]}}


def tables_of(scenario, block, shared):
    """The block's tables."""
    parts = {table.name: [] for table in scenario.tables}
    for name, batch in scenario.simulate(block, shared, Streams(7).child("blocks")):
        parts[name].append(batch)
    return {
        table.name: pa.Table.from_batches(parts[table.name], table.schema)
        for table in scenario.tables
    }


def rows_of(samples):
    """How often each row is there, numbers to nine digits."""
    return Counter(
        tuple(float(f"{value:.9g}") if isinstance(value, float) else value for value in row)
        for sample in samples
        for row in zip(*(sample[name].to_pylist() for name in sample.column_names), strict=True)
    )


def test_there_are_views_of_several_domains():
    """The test below runs on what it should."""
    assert {entry.values[0].domain for entry in CORRECTED} >= {"fraud", "industrial"}


@pytest.mark.parametrize(("reference", "view", "name"), CORRECTED)
def test_two_blocks_give_the_rows_of_their_union(reference, view, name):
    """What a view takes from all rows, a fit keeps; an empty block has no rows."""
    small = type(load_scenario(name)).small
    scenario = load_scenario(name, **{**small, **LONGER.get(name, {})})
    shared = scenario.prepare(Streams(7).child("shared"))
    blocks = [tables_of(scenario, block, shared) for block in list(scenario.blocks())[:2]]
    union = {
        table: pa.concat_tables([block[table] for block in blocks]).unify_dictionaries()
        for table in blocks[0]
    }
    rows, values = block_sample(reference, view, union)
    kept = kept_of(view, rows, values)
    empty = {table: part.slice(0, 0) for table, part in union.items()}

    assert rows.num_rows
    assert rows_of(block_sample(reference, view, block, kept)[0] for block in blocks) == rows_of(
        [rows]
    )
    assert block_sample(reference, view, empty, kept)[0].num_rows == 0
