"""Rules, keys, ranges and vocabularies, counted by hand."""

import numpy as np
import pytest

from simgen.metrics import Sample
from simgen.metrics.rule_adherence import RuleAdherence
from simgen.metrics.schema_adherence import SchemaAdherence


def rows(numbers, words=None, **obeys):
    numbers = np.asarray(numbers, float)
    return Sample(
        numeric={"x": numbers},
        categorical={} if words is None else {"word": np.asarray(words)},
        weight=np.ones(len(numbers)),
        obeys={name: np.asarray(flags) for name, flags in obeys.items()},
    )


def share(of, n_rows=200):
    """Flags, of which this share is False."""
    return np.arange(n_rows) >= of * n_rows


def test_the_worst_rule_decides_and_each_is_counted():
    """A twentieth breaks one rule, a tenth the other."""
    real = rows(np.zeros(200), sign=share(0), key=share(0))
    score = RuleAdherence().compute(real, rows(np.zeros(200), sign=share(0.05), key=share(0.1)))
    assert score.value == pytest.approx(0.9)
    assert score.low < 0.9 < score.high
    assert score.details["rows_that_break"] == {
        "sign": {"real": 0, "synthetic": 10},
        "key": {"real": 0, "synthetic": 20},
    }


def test_what_real_rows_break_is_forgiven_and_said():
    """A rule that a twentieth of the real rows breaks is broken by a twentieth too many."""
    real = rows(np.zeros(200), sign=share(0.05))
    score = RuleAdherence().compute(real, rows(np.zeros(200), sign=share(0.1)))
    assert score.value == pytest.approx(0.95)
    assert score.details["rows_that_break"]["sign"]["real"] == 10


def test_without_rules_or_with_others_there_is_a_reason():
    """Nothing to obey is no perfect score."""
    bare = rows(np.zeros(200))
    ruled = rows(np.zeros(200), sign=share(0))
    assert "no rule" in RuleAdherence().compute(bare, bare).reason
    assert "different rules" in RuleAdherence().compute(ruled, bare).reason


def test_values_beyond_the_real_ones_are_counted_by_column():
    """Half of the numbers lie above the largest real one; a quarter of the words is unknown."""
    real = rows(np.linspace(0, 1, 200), ["a", "b"] * 100)
    synthetic = rows(np.linspace(0, 2, 200), ["a", "b", "a", "c"] * 50)
    score = SchemaAdherence().compute(real, synthetic)
    assert score.value == pytest.approx(0.5)
    assert score.details["rows_outside"] == {"x": 100, "word": 50}


def test_an_absent_number_is_within_only_where_real_ones_are_absent():
    """SDMetrics counts it so."""
    whole, holed = np.linspace(0, 1, 200), np.linspace(0, 1, 200)
    holed[::10] = np.nan
    assert SchemaAdherence().compute(rows(whole), rows(holed)).value == pytest.approx(0.9)
    assert SchemaAdherence().compute(rows(holed), rows(holed)).value == 1.0
