"""Each rule holds in every block, and fails when one value is changed."""

import numpy as np
import pytest
from toys.worlds import changed

from simgen.domains.industrial.pumps import rules


@pytest.fixture(scope="module")
def tables(simulate_blocks):
    """A block in which pumps fail."""
    return max(simulate_blocks(), key=lambda block: len(block["failures"]))


def broken(rule, tables):
    return not np.all(rule(tables))


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.__name__)
def test_holds_in_every_block(simulate_blocks, rule):
    """As simulated, with few spares and many failures."""
    blocks = simulate_blocks() + simulate_blocks(11, n_stations=3, upkeep={"n_spares": 0})

    assert all(np.all(rule(block)) for block in blocks)


def test_water_out_of_nothing_is_noticed(tables):
    """Nobody gets more than is asked for."""
    assert broken(
        rules.water_is_neither_made_nor_lost, changed(tables, "supply", "supplied", 3, 1e6)
    )


def test_a_pump_that_runs_while_out_is_noticed(tables):
    """More cannot run than may."""
    assert broken(rules.no_more_pumps_run_than_may, changed(tables, "supply", "n_running", 3, 9))
