"""How like each other real halves are."""

import numpy as np
import pytest

from benchmarks.residuals.halves import halves
from benchmarks.residuals.references import REFERENCES
from simgen.core import Streams
from simgen.residual import Rows

REFERENCE = REFERENCES["account_fraud"]


def test_halves_of_one_nature_are_a_coin_toss_and_others_are_told():
    """The order and the number of rows say nothing; another distribution does."""
    train, final = (REFERENCE.example.simulate(n, Streams(n)) for n in (900, 700))
    lived = dict(train.columns) | {"life": 3 * train.columns["life"]}

    alike, unlike = (halves(REFERENCE, rows, final) for rows in (train, Rows.of(lived)))

    assert alike["c2st"]["value"] == pytest.approx(0.5, abs=0.05)
    assert unlike["c2st"]["value"] > 0.6


def test_real_rows_that_break_a_rule_are_counted():
    """Of both halves together."""
    train, final = (REFERENCE.example.simulate(500, Streams(n)) for n in (1, 2))
    broken = dict(final.columns) | {"least_received": np.full(500, -1.0)}

    assert halves(REFERENCE, train, final)["broken_share"] == 0
    assert halves(REFERENCE, train, Rows.of(broken))["broken_share"] == 0.5
