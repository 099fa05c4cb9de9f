"""What every scenario must satisfy. New scenario files are found by themselves."""

import dataclasses
import pickle
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from toys.coin import Album, Coin

from simgen.core import Batch, RequestError, Role, Streams, changed, describe, record_labels
from simgen.pipeline.catalogue import load_scenario, scenario_doc, scenario_names, schemas

LABELS = tuple(field.name for field in record_labels(("kind",), ("kind",)))


@cache
def small(name):
    """The scenario, of a size that takes about a second."""
    return load_scenario(name, **type(load_scenario(name)).small)


def simulate(scenario, seed, order=1):
    """All tables of each block; `order` -1 simulates the last block first."""
    streams = Streams(seed)
    shared = scenario.prepare(streams.child("shared"))
    blocks = scenario.blocks()
    return dict(
        sorted((block, _block(scenario, block, shared, streams)) for block in blocks[::order])
    )


def _block(scenario, block, shared, streams):
    batches = {table.name: [] for table in scenario.tables}
    for made in scenario.simulate(block, shared, streams.child("blocks")):
        if isinstance(made, Batch):  # raw files are no rows
            batches[made.table].append(made.rows)
    return {
        table.name: pa.Table.from_batches(batches[table.name], table.schema)
        for table in scenario.tables
    }


@cache
def watched(name):
    """The rows, and NumPy's global state before and after they were simulated."""
    np.random.seed(0)  # noqa: NPY002 - the global state is what is watched
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    rows = simulate(small(name), seed=7)
    return rows, before, np.random.get_state()[1].copy()  # noqa: NPY002


def world(name):
    return watched(name)[0]


@cache
def whole(name):
    """All rows of each table."""
    blocks = world(name).values()
    return {
        table.name: pa.concat_tables(block[table.name] for block in blocks).unify_dictionaries()
        for table in small(name).tables
    }


def column(table, name):
    """Values `(n,)`; categories as their names."""
    values = table[name].combine_chunks()
    kind = values.type
    return values.cast(kind.value_type if pa.types.is_dictionary(kind) else kind).to_numpy(False)


def test_raw_files_are_no_rows():
    """A scenario whose blocks bring pictures, too, is simulated as any other."""
    size = {"n_blocks": 2, "n_flips": 5}

    assert simulate(Album(**size), seed=7) == simulate(Coin(**size), seed=7)


def test_a_date_is_asked_of_none_that_has_no_start():
    """A world may begin whenever it likes."""
    with pytest.raises(pytest.skip.Exception, match="Coin has no start_date"):
        TestScenarioClass().test_begins_on_a_plain_date(Coin, "soon")


@pytest.mark.parametrize("kind", schemas().values(), ids=list(schemas()))
class TestScenarioClass:
    """What a domain offers as a schema."""

    def test_defaults_make_a_valid_scenario(self, kind):
        """Every parameter has a default, so that a file states only what differs."""
        assert kind().blocks()

    def test_is_frozen_and_keyword_only(self, kind):
        """Parameters can't change under a run, nor be given by position."""
        assert kind.__dataclass_params__.frozen
        assert all(field.kw_only for field in dataclasses.fields(kind))

    @pytest.mark.parametrize("text", ["soon", "2024-02-30", "20240131", "2024-W05-3", "2024"])
    def test_begins_on_a_plain_date(self, kind, text):
        """Other spellings, some of which Python reads and NumPy takes for years, are refused."""
        if "start_date" not in [field.name for field in dataclasses.fields(kind)]:
            pytest.skip(f"{kind.__name__} has no start_date")
        with pytest.raises(RequestError, match=f"start_date = '{text}' is no date: write it as"):
            kind(start_date=text)

    def test_is_documented(self, kind):
        """The class, its parameters, tables, columns and rules say what they mean."""
        assert kind.__doc__
        assert all(about.doc for about in describe(kind()))
        assert all(table.doc for table in kind.tables)
        assert all(field.doc for table in kind.tables for field in table.fields)
        assert all(rule.__doc__ for rule in kind.invariants)

    def test_measured_columns_have_a_unit(self, kind):
        """A real number that a model may see is measured in something."""
        bare = [
            f"{table.name}.{field.name}"
            for table in kind.tables
            for field in table.fields
            if field.role is Role.FEATURE and pa.types.is_floating(field.type) and not field.unit
        ]
        assert not bare

    def test_a_rate_has_a_unit(self, kind):
        """How often something happens is said per unit of something."""
        rates = [about for about in describe(kind()) if about.name.endswith("_rate")]
        assert all(about.unit for about in rates)

    def test_record_tables_end_with_the_label_contract(self, kind):
        """The same columns in every domain, and the table of events beside them."""
        records = [table for table in kind.tables if table.is_record]

        assert records
        assert all(table.names[-len(LABELS) :] == LABELS for table in records)
        assert all(table.entity and table.time for table in records)
        assert "events" in [table.name for table in kind.tables]


def ranges():
    """Each parameter of a scenario class that holds two numbers."""
    for schema, kind in schemas().items():
        for about in describe(kind()):
            if about.type in {"tuple[float, float]", "tuple[int, int]"}:
                yield pytest.param(kind, about, id=f"{schema}-{about.name}")


@pytest.mark.parametrize(("kind", "about"), list(ranges()))
def test_a_range_the_wrong_way_round_is_refused(kind, about):
    """Before anything is drawn from it, in one line with value and remedy."""
    low, high = about.value
    values = (high, low) if low < high else (high, 0.9 * low)
    name = about.name.rpartition(".")[2]

    with pytest.raises(RequestError) as caught:
        changed(kind(), {about.name: values})
    assert str(caught.value) == (
        f"{name} = {list(values)} is no range: give the lower first, both finite"
    )


@pytest.mark.parametrize("name", scenario_names())
class TestScenario:
    """What a file of the catalogue names."""

    def test_says_what_happens(self, name):
        """The file begins with a comment: one sentence, then sources and assumptions."""
        assert len(scenario_doc(name).splitlines()) >= 2

    def test_small_is_small_and_whole(self, name):
        """The size made for tests has several blocks and both rare events and look-alikes."""
        events = whole(name)["events"]

        assert len(small(name).blocks()) >= 2
        assert 0 < pc.sum(pc.equal(events["lookalike_of"], "")).as_py() < len(events)

    def test_rows_match_schema(self, name):
        """Names, order, types and absence of nulls are the declared ones."""
        for block in world(name).values():
            assert set(block) == {table.name for table in small(name).tables}
            for table in small(name).tables:
                table.validate(block[table.name])

    def test_same_seed_same_rows_in_any_order_of_work(self, name):
        """A run is a function of its parameters and seed: any worker may take any block."""
        assert simulate(small(name), seed=7, order=-1) == world(name)

    def test_other_seed_other_rows(self, name):
        """The seed reaches the draws."""
        other = simulate(small(name), seed=8)
        assert all(other[block] != tables for block, tables in world(name).items())

    def test_leaves_global_randomness_alone(self, name):
        """No hidden use of np.random's global state."""
        _, before, after = watched(name)

        np.testing.assert_array_equal(before, after)

    def test_travels_to_workers(self, name):
        """The scenario and what its blocks share can be sent to another process."""
        scenario = small(name)
        shared = scenario.prepare(Streams(7).child("shared"))

        assert pickle.loads(pickle.dumps(scenario)) == scenario  # noqa: S301 - our own bytes
        pickle.loads(pickle.dumps(shared))  # noqa: S301

    def test_invariants_hold(self, name):
        """The scenario obeys its own rules, in each block."""
        for block in world(name).values():
            for rule in small(name).invariants:
                assert np.all(rule(block)), rule.__doc__

    def test_keys_are_unique(self, name):
        """Blocks number their rows apart."""
        for table in small(name).tables:
            for field in table.fields:
                if field.role is Role.KEY:
                    values = column(whole(name)[table.name], field.name)
                    assert len(np.unique(values)) == len(values), (table.name, field.name)

    def test_entities_stay_in_one_block(self, name):
        """A part of the file can be left out without cutting an entity in two."""
        for table in small(name).tables:
            if table.is_record:
                seen = [
                    np.unique(column(block[table.name], table.entity))
                    for block in world(name).values()
                ]
                assert len(np.unique(np.concatenate(seen))) == sum(map(len, seen)), table.name

    def test_rows_come_in_time_order(self, name):
        """Within a block, in each table of records."""
        for table in small(name).tables:
            if table.is_record:
                for block in world(name).values():
                    times = column(block[table.name], table.time)
                    assert np.all(times[1:] >= times[:-1]), table.name

    def test_records_belong_to_events(self, name):
        """A record of an event names one that exists, of the same kind and likeness."""
        tables = whole(name)
        events = {
            key: (kind, likeness)
            for key, kind, likeness in zip(
                *(column(tables["events"], c) for c in ("event_id", "kind", "lookalike_of")),
                strict=True,
            )
        }
        assert 0 not in events
        for table in small(name).tables:
            if not table.is_record:
                continue
            rows = tables[table.name]
            keys, kinds = column(rows, "event_id"), column(rows, "event_kind")
            likenesses, labels = column(rows, "lookalike_of"), column(rows, "label")
            expected = [events[key] if key else ("", "") for key in keys]
            assert list(zip(kinds, likenesses, strict=True)) == expected, table.name
            np.testing.assert_array_equal(labels, (kinds != "") & (likenesses == ""), table.name)

    def test_weights_are_positive(self, name):
        """A record stands for some part of nature."""
        for table in small(name).tables:
            if "weight" in table.names:
                weights = column(whole(name)[table.name], "weight")
                assert np.all((weights > 0) & np.isfinite(weights)), table.name

    def test_events_tell_a_consistent_story(self, name):
        """Onset, detection and end come in order; causes exist; a view has a time and a reason."""
        events = whole(name)["events"]
        onset, seen, end = (column(events, c) for c in ("onset_at", "detectable_at", "ended_at"))
        observed, label, reason = (
            column(events, c) for c in ("observed_at", "observed_label", "observed_reason")
        )
        causes = set(column(events, "caused_by").tolist()) - {0}
        unknown = np.isnat(observed)

        assert np.all(onset <= end)
        assert np.all(np.isnat(seen) | ((onset <= seen) & (seen <= end)))
        assert causes <= set(column(events, "event_id").tolist())
        np.testing.assert_array_equal(unknown, [value is None for value in label])
        np.testing.assert_array_equal(unknown, reason == "")
        assert np.all(unknown | (observed >= onset))
