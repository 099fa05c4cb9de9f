import json

import numpy as np
import pyarrow as pa
import pytest

from simgen.core import CATEGORY, TIMESTAMP, Field, Role, Streams, Table, timestamps
from simgen.metrics import difficulty
from simgen.metrics.difficulty import _verdict

RECORDS = Table(
    "records",
    "Records of machines, some of which fail.",
    (
        Field("record_id", pa.int64(), "", "Key.", Role.KEY),
        Field("at", TIMESTAMP, "", "When.", Role.TIME),
        Field("machine_id", pa.int64(), "", "Which machine.", Role.REFERENCE),
        Field(
            "part_id", pa.int64(), "", "Which part; null if none.", Role.REFERENCE, nullable=True
        ),
        Field("load", pa.float64(), "kW", "Load.", nullable=True),
        Field("mode", CATEGORY, "", "Mode.", categories=("idle", "work")),
        Field("alarm", pa.bool_(), "", "Alarm."),
        Field("label", pa.bool_(), "", "Fails.", Role.LABEL),
        Field("kind", pa.int64(), "", "Why: for the simulator alone.", Role.ORACLE),
        Field("weight", pa.float64(), "", "Weight.", Role.WEIGHT),
    ),
    entity="machine_id",
)


def records(label, *, load=None, part_id=None, n_machines=200, weight=None):
    """Records in random order of machines, with nothing but chance in what is not given."""
    n_rows, chance = len(label), Streams(0).generator("records")
    columns = {
        "record_id": np.arange(n_rows),
        "at": timestamps("2024-01-01", np.sort(chance.uniform(0, 60 * 86_400, n_rows))),
        "machine_id": np.arange(n_rows) % n_machines,
        "part_id": pa.array([None] * n_rows, pa.int64()) if part_id is None else part_id,
        "load": chance.normal(size=n_rows) if load is None else load,
        "mode": chance.integers(0, 2, n_rows),
        "alarm": chance.random(n_rows) < 0.5,
        "label": label,
        "kind": np.where(label, 1, 0),
        "weight": np.ones(n_rows) if weight is None else weight,
    }
    return pa.Table.from_batches([RECORDS.batch(columns).rows])


def rare(n_rows=10_000, share=0.02):
    return Streams(0).generator("rare").random(n_rows) < share


def test_a_leak_is_found():
    """A column that is high only for rare records gives the label away, and the verdict warns."""
    label = rare()
    found = difficulty(records(label, load=np.where(label, 5.0, 0.0)), RECORDS)
    assert found.single_record == pytest.approx(1.0)
    assert found.leaks
    assert "Warning" in found.verdict


def test_a_leak_through_missing_values_is_found():
    """A column that is absent only for rare records is as much of a leak."""
    label = rare()
    found = difficulty(records(label, load=np.where(label, np.nan, 1.0)), RECORDS)
    assert found.single_record == pytest.approx(1.0)


def test_oracle_columns_are_no_input():
    """What only the simulator knows is hidden: chance has the precision of the prevalence."""
    found = difficulty(records(rare()), RECORDS)
    assert found.single_record < 0.08
    assert found.with_history < 0.08
    assert found.leaks is False


def test_history_finds_what_one_record_hides():
    """A record twice as high as its machine's own level is rare, whatever the level is."""
    label = rare()
    level = np.exp(Streams(0).generator("levels").normal(0, 2, 200))[np.arange(len(label)) % 200]
    found = difficulty(records(label, load=level * np.where(label, 2.0, 1.0)), RECORDS)
    assert found.single_record < 0.15
    assert found.with_history > 0.8
    assert "One record gives little away" in found.verdict


def test_a_value_new_to_the_entity_is_seen():
    """Rare records use a part the machine never used before; ids as such mean nothing."""
    label = rare()
    chance = Streams(0).generator("parts")
    usual = chance.integers(0, 10**6, 200)[np.arange(len(label)) % 200]
    part = np.where(label, chance.integers(0, 10**6, len(label)), usual)
    found = difficulty(records(label, part_id=part), RECORDS)
    assert found.single_record < 0.15
    assert found.with_history > 0.8


def test_prevalence_is_weighted():
    """Rare records that were drawn ten times too often weigh a tenth."""
    label = rare(share=0.1)
    found = difficulty(records(label, weight=np.where(label, 0.1, 1.0)), RECORDS)
    assert found.prevalence == pytest.approx(0.1 / (0.1 + 9), rel=0.1)
    assert found.n_rare == label.sum()


@pytest.mark.parametrize("n_rare", [0, 5, 10_000])
def test_one_class_is_undefined(n_rare):
    """Without enough of both classes there is a reason, not a number."""
    found = difficulty(records(np.arange(10_000) < n_rare), RECORDS)
    assert found.single_record is None
    assert found.with_history is None
    assert "Undefined" in found.verdict
    assert found.leaks is None


@pytest.mark.parametrize(("n_machines", "said"), [(9, "Undefined"), (20, "Rough"), (40, "gives")])
def test_few_entities_are_said(n_machines, said):
    """Which machines test decides much where few fail: the verdict says so, or that it is none."""
    found = difficulty(records(rare(), n_machines=n_machines), RECORDS)
    assert said in found.verdict
    assert ("Rough" in found.verdict) == (said == "Rough")


def test_no_records_are_undefined():
    """An empty table gives a reason, not a crash."""
    found = difficulty(records(rare()).slice(0, 0), RECORDS)
    assert "Undefined" in found.verdict
    assert found.prevalence == 0


def test_same_seed_same_difficulty():
    """The measure is a function of the records and the seed, and is plain JSON."""
    one, two = (difficulty(records(rare()), RECORDS, seed=3).plain() for _ in range(2))
    assert one == two
    json.dumps(one, allow_nan=False)


def test_records_that_weigh_nothing_teach_nothing():
    """However many they are, and whatever they would teach."""
    label, light = rare(1_000, 0.2), np.arange(1_000) % 4 > 0
    load = np.where(label != light, 5.0, 0.0)

    found = difficulty(records(label, load=load, weight=np.where(light, 0.0, 1.0)), RECORDS)

    assert found.single_record == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("with_history", "told"),
    [(0.21, "its history adds nothing (0.21)."), (0.6, "makes 3.0 times as much of it (0.60).")],
)
def test_the_verdict_says_what_history_adds(with_history, told):
    """A gain of a twentieth is none."""
    assert _verdict(0.2, with_history, n_struck=100).endswith(told)
