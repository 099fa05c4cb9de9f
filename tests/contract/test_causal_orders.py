"""Each scenario says what may be corrected toward a user's records and how an expert sees them."""

from functools import cache, partial
from threading import Thread

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
import yaml
from toys.coin import Album, Coin

from simgen.core import Batch, Role, Streams, changed, find_domains, free
from simgen.pipeline.catalogue import load_scenario, scenario_names
from simgen.pipeline.ingest import write_reference
from simgen.pipeline.memory import simulate_in_memory
from simgen.pipeline.references import describe_reference
from simgen.pipeline.review import review
from simgen.pipeline.samples import take_rows
from simgen.pipeline.shapes import sample_rows, sample_shape
from simgen.residual import find_residuals

HOUR = 3_600_000_000  # [us]


@cache
def domain_of(name):
    kind = type(load_scenario(name))
    return next(one for one in find_domains().values() if kind in one.schemas.values())


def table_of(kind):
    return next(table for table in kind.tables if table.name == kind.causal_order.table)


def representatives():
    """A scenario for each view: what shares a view shares its SQL, its picture and its shape."""
    found = {load_scenario(name).causal_order.view: name for name in scenario_names()}
    return sorted(found.values())


def of_each_class():
    """A scenario of each class."""
    return [*{type(load_scenario(name)): name for name in scenario_names()}.values()]


@pytest.mark.parametrize("name", scenario_names())
class TestEveryScenario:
    """What its class declares."""

    def test_says_what_causes_what(self, name):
        """Numbers that are measured, each once, in a table of records."""
        kind = type(load_scenario(name))
        order, table = kind.causal_order, table_of(kind)

        assert table.is_record
        assert len(order.columns) == len(set(order.columns)) >= 2
        for column in order.columns:
            field = table.field(column)
            assert field.role is Role.FEATURE
            assert pa.types.is_floating(field.type) or pa.types.is_integer(field.type)
        assert set(order.logarithmic) <= set(order.columns)

    def test_has_parameters_that_data_may_tell(self, name):
        """Each has a plausible range in which its present value lies."""
        scenario = load_scenario(name)

        assert list(free(scenario))
        assert all(one.low <= one.value <= one.high for one in free(scenario))

    def test_shows_an_expert_what_is_measured(self, name):
        """Its view has a picture, told apart by who it is about, without anybody's id."""
        kind, domain = type(load_scenario(name)), domain_of(name)
        order, table = kind.causal_order, table_of(kind)
        picture = domain.pictures[order.view]

        assert domain.view(order.view)
        assert picture.key == (table.entity,)
        assert set(picture.columns) & set(order.columns)
        assert table.entity not in picture.columns


@pytest.mark.parametrize("name", representatives())
def test_a_users_records_are_compared_corrected_and_reviewed(name, tmp_path):
    """A second world, brought along as a user's own, becomes a reference that all stages take."""
    kind = type(load_scenario(name))
    order, table = kind.causal_order, table_of(kind)
    world = simulate_in_memory(load_scenario(name, **kind.small), Streams(7))
    own = brought_along(name, world)
    units = {column: table.field(column).unit for column in order.columns}
    path = write_reference(own, name="own", out=tmp_path, scenario=name, units=units)
    reference = describe_reference("own", yaml.safe_load(path.read_text(encoding="utf-8")))
    ((view, real, made),) = take_rows(reference, world)
    shape, streams = sample_shape(reference, view), Streams(1)

    assert shape.names == order.columns
    sides = [sample_rows(view, some_of_both(rows)) for rows in (made, real)]
    assert not any(np.isinf(shape.free(side).values).any() for side in sides)
    fitted = find_residuals()["quantile"]().fit(*sides, shape, streams)
    corrected = fitted.correct(sides[0], streams)
    np.testing.assert_array_equal(
        corrected.rows.columns["label"], sides[0].columns["label"][corrected.source]
    )

    examples = []
    review(world, reference, out=tmp_path / "review", n=4, opened=lambda s: look(s, examples))
    assert len(examples) == 4
    assert all(one.picture.startswith("<svg") for one in examples)


@pytest.mark.parametrize("name", of_each_class())
def test_what_has_a_logarithm_is_never_below_nothing(name):
    """Whatever its noise, where no sensor is at fault."""
    scenario = load_scenario(name, **type(load_scenario(name)).small)
    order = scenario.causal_order
    parts = [rows for block in scenario.blocks() for rows in rows_of(scenario, block)]
    rows = pa.Table.from_batches([part for name, part in parts if name == order.table])
    if "sensor_fault" in rows.column_names:
        rows = rows.filter(pc.equal(rows["sensor_fault"], ""))

    assert rows.num_rows
    lowest = {name: pc.min(rows[name]).as_py() for name in order.logarithmic}
    assert {name: value for name, value in lowest.items() if value < 0.0} == {}


@pytest.mark.parametrize("name", of_each_class())
def test_what_data_may_tell_changes_them(name):
    """A parameter that a fit moves to the far end of its range gives other rows in some block."""
    scenario = load_scenario(name, **type(load_scenario(name)).small)
    before = cache(partial(rows_of, scenario))

    def stays(one):
        far = max(one.low, one.high, key=lambda value: abs(value - one.value))
        other = changed(scenario, {one.name: far})
        return all(rows_of(other, block) == before(block) for block in scenario.blocks())

    assert [one.name for one in free(scenario) if stays(one)] == []


def test_raw_files_are_no_rows():
    """A scenario whose blocks bring pictures, too, has the batches of any other."""
    block = Coin().blocks()[0]

    assert rows_of(Album(), block) == rows_of(Coin(), block)


def rows_of(scenario, block):
    """All batches of a block."""
    streams = Streams(7)
    shared = scenario.prepare(streams.child("shared"))
    made = scenario.simulate(block, shared, streams.child("blocks"))
    return [one for one in made if isinstance(one, Batch)]  # raw files are no rows


def brought_along(name, world):
    """What somebody would have measured of it: who, when, the channels and a label."""
    domain, kind = domain_of(name), type(load_scenario(name))
    order, entity = kind.causal_order, table_of(kind).entity
    with world.connect() as connection:
        rows = connection.sql(domain.view(order.view)).to_arrow_table()
    at = pa.array((rows["at"].to_numpy() * HOUR).astype(np.int64), pa.timestamp("us", "UTC"))
    kept = rows.select([entity, *order.columns, "label"])
    return kept.append_column("at", at)


def some_of_both(rows):
    """A few hundred rows with both labels: enough to fit, and quick."""
    with duckdb.connect() as connection:
        connection.register("rows", rows)
        return connection.sql(
            "FROM rows QUALIFY row_number() OVER (PARTITION BY label) <= 150"
        ).to_arrow_table()


def look(server, examples):
    """Someone who opens the page, looks at all examples, and goes away."""
    examples.extend(server.examples)
    Thread(target=server.shutdown).start()
