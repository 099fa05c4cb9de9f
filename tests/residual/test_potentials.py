"""Weights that agree with noised tables, as far as these can be believed."""

import numpy as np
import pytest

from simgen.residual.potentials import Noised, credibility, fit_potentials, sums

# Two columns of two bins, all four kinds of row alike; the tables want 3 to 1 in the first column.
CELLS = [np.array([0, 0, 1, 1]), np.array([2, 3, 2, 3])]
WANTED = np.array([750.0, 250.0, 500.0, 500.0])


def shares(variance, prior_share=1e-3, wanted=WANTED):
    """Of each kind of row, after the fit."""
    noised = Noised.of(wanted, np.full(4, variance), (2, 2))
    potential = fit_potentials(noised, CELLS, np.ones(4), n_simulated=1e9, prior_share=prior_share)
    weight = np.exp(sums(CELLS, potential, 4))
    return weight / weight.sum()


def test_tables_without_noise_are_met():
    """The weights are the product of the marginals: nothing else is known."""
    assert shares(1e-6) == pytest.approx([0.375, 0.375, 0.125, 0.125], abs=1e-3)


def test_tables_drowned_in_noise_change_nothing():
    """Rows stay as simulated where the tables say less than their noise."""
    assert shares(1e9, prior_share=1.0) == pytest.approx(np.full(4, 0.25), abs=1e-3)


def test_cells_below_zero_leave_no_weight_below_zero():
    """Noise may outweigh a count; a weight stays a weight."""
    odd = shares(1.0, wanted=np.array([1_050.0, -50.0, 500.0, 500.0]))
    assert (odd >= 0).all()
    assert odd[:2].sum() > 0.97


def test_the_total_weighs_tables_by_precision():
    """The table with the least noise decides; there is always half a row."""
    counts, variance = np.array([100.0, 70.0, 80.0]), np.array([1e-3, 10.0, 10.0])
    assert Noised.of(counts, variance, (1, 2)).total == pytest.approx(100, abs=0.1)
    assert Noised.of(-counts, variance, (1, 2)).total == 0.5


def test_a_simulator_is_believed_as_far_as_it_comes_near():
    """The farther the tables are from what is simulated, beyond noise, the less it weighs."""
    believed = [
        credibility(Noised.of(np.array(counts), np.full(2, 9.0), (2,)), np.array([0.5, 0.5]))
        for counts in ([500.0, 500.0], [600.0, 400.0], [900.0, 100.0])
    ]
    assert believed[0] > believed[1] > believed[2] > 0
    assert believed[0] == pytest.approx(1, abs=0.01)
