"""What a scenario's rules may say of a block."""

import numpy as np
import pyarrow as pa
import pytest
from toys.coin import Coin

from simgen.core import RunError
from simgen.pipeline.generate import generate


def coins(out, said, n_blocks=1, simulate=Coin.simulate):
    """A data set of coins about which a rule says something."""

    def rule(tables):
        """Something holds."""
        return said

    kind = type("Ruled", (Coin,), {"invariants": (rule,), "simulate": simulate})
    return generate(kind(n_blocks=n_blocks), out=out, difficulty=False, quiet=True)


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ("3 rows are wrong", "str of <U16"),
        (np.full(3, np.nan), "ndarray of float64"),
        ([], "list of float64"),
        (None, "NoneType of object"),
        (pa.array([True, None]), "BooleanArray of object"),
        (pa.scalar(None, pa.bool_()), "NoneType of object"),
        (1, "int of int64"),
    ],
)
def test_a_rule_says_true_or_false(tmp_path, said, named):
    """Anything else is a defect of the scenario, and not taken for either."""
    with pytest.raises(RunError, match=f"block 0: the rule rule gives {named}, not True or False"):
        coins(tmp_path, said)


@pytest.mark.parametrize(
    "said", [True, np.True_, [True], np.ones(0, bool), pa.array([True]), pa.scalar(True)]
)
def test_a_rule_may_speak_of_each_row_or_of_all(tmp_path, said):
    """Of some, too: a rule may look at none of a block's rows."""
    assert coins(tmp_path, said).names == ("flips", "events")


def test_a_rule_of_arrow_s_is_broken_where_it_says_false(tmp_path):
    """What `pyarrow.compute.all` gives is Python's own truth."""
    with pytest.raises(RunError, match="block 0 breaks the rule rule in 1 of 1 rows"):
        coins(tmp_path, pa.scalar(False))


def test_a_rule_may_list_what_it_says_of_an_empty_table(tmp_path):
    """An empty list has no type; a block without events is one of which nothing can be said."""

    def nothing(*_):
        yield from ()

    assert coins(tmp_path, [], simulate=nothing).table("flips").num_rows == 0
