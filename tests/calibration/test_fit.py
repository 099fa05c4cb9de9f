"""Fits of toys whose truth is known."""

import numpy as np
import pytest
from scipy import stats

from simgen.calibration import fit, narrowing, oddness, reproduction
from simgen.core import RunError, Streams

N = 25  # draws of the toy


def toy(seed, lost=0.0):
    """Normal draws of unknown mean and spread, and noise; the third parameter does nothing.

    `lost` is the share of simulations that lack a summary.
    """

    def simulate(units, first):
        chance = Streams(seed).generator(f"toy_{first}")
        mean, spread = -3 + 6 * units[:, :1], np.exp(-1 + 2 * units[:, 1:2])
        values = mean + spread * chance.standard_normal((len(units), N))
        quantiles = np.quantile(values, [0.1, 0.5, 0.9], axis=1).T
        noise = chance.standard_normal((len(units), 10))
        found = np.column_stack([values.mean(axis=1), np.log(values.std(axis=1)), quantiles, noise])
        found[chance.random(len(units)) < lost] = np.nan
        return found

    return simulate


def fitted(seed, observed, *, n_simulations=200, **options):
    start = np.full(3, 0.5)
    return fit(
        toy(seed, options.pop("lost", 0.0)),
        observed,
        start,
        n_simulations=n_simulations,
        n_checks=30,
        streams=Streams(seed),
        **options,
    )


@pytest.fixture(scope="module")
def truth():
    return np.array([[0.7, 0.3, 0.9]])


@pytest.fixture(scope="module")
def observed(truth):
    return toy(1_000)(truth, 0)[0]


@pytest.fixture(scope="module")
def found(observed):
    return fitted(1, observed)


def test_finds_the_truth(found, truth):
    """The intervals of what the data tell hold the truth, and are short."""
    low, high = found.posterior.quantiles(np.array([0.025, 0.975]))

    assert np.all((low < truth[0]) & (truth[0] < high))
    assert np.all((high - low)[:2] < 0.5)


def test_a_parameter_without_influence_is_not_told(found):
    """The data take little of its prior variance away, and most of the others'."""
    told = narrowing(found.posterior)

    assert np.all(told[:2] > 0.8)
    assert told[2] < 0.3


def test_the_same_streams_give_the_same_fit(found, observed):
    """All chance comes from streams."""
    again = fitted(1, observed)

    np.testing.assert_array_equal(again.posterior.units, found.posterior.units)
    np.testing.assert_array_equal(again.after, found.after)


def test_the_second_round_looks_closer(found, truth):
    """Into a box that holds the truth and is smaller where the data tell something."""
    assert np.all((found.low <= truth[0]) & (truth[0] <= found.high))
    assert np.all((found.high - found.low)[:2] < [0.6, 0.9])
    assert (found.high - found.low)[2] > 0.9


def test_what_lies_outside_of_the_box_has_no_say(observed):
    """The posterior is made of the half of the simulations within it that is nearest."""
    tried = []

    def simulate(units, first):
        tried.append(units)
        return toy(1)(units, first)

    found = fit(
        simulate, observed, np.full(3, 0.5), n_simulations=200, n_checks=30, streams=Streams(1)
    )

    units = np.vstack(tried[:2])
    n_inside = np.all((units >= found.low) & (units <= found.high), axis=1).sum()
    assert 100 < n_inside < 180
    assert len(found.posterior.units) == max(60, round(n_inside / 2))


def test_an_observation_that_parameters_explain_is_not_odd(found, observed):
    """It lies within the simulations, and runs of the fitted parameters reproduce it."""
    odd = oddness(found.explored_summaries, observed)

    assert odd.farther_share > 0.05
    assert not odd.is_out_of_reach.any()
    assert not reproduction(found.after, observed).is_missed.any()


def test_runs_before_the_fit_do_not_reproduce_it(found, observed):
    """With the parameters that the fit started from, the mean is missed."""
    assert reproduction(found.before, observed).is_missed[0]


def test_an_impossible_observation_is_odd(found, observed):
    """A summary that no simulation reaches is named, and the fit as a whole is called odd."""
    impossible = observed.copy()
    impossible[7] = 9.0
    odd = oddness(found.explored_summaries, impossible)

    np.testing.assert_array_equal(np.flatnonzero(odd.is_out_of_reach), [7])
    assert odd.farther_share < 0.02
    after = fitted(1, impossible).after
    np.testing.assert_array_equal(np.flatnonzero(reproduction(after, impossible).is_missed), [7])


def test_an_observation_odd_only_as_a_whole_is_odd(found, observed):
    """Mean and median of one sample far apart: each is reached, both together are not."""
    contradiction = observed.copy()
    contradiction[[0, 3]] = -2.0, 2.0
    odd = oddness(found.explored_summaries, contradiction)

    assert not odd.is_out_of_reach.any()
    assert odd.farther_share < 0.02


@pytest.mark.parametrize("n", [40, 50, 120, 150])
def test_summaries_that_contradict_each_other_are_odd_however_few_the_simulations(n):
    """Two that always agree, observed apart within the reach of both: no parameters fit."""
    shared = np.random.default_rng(n).standard_normal((n, 1))
    apart = 0.001 * np.random.default_rng(n + 1).standard_normal((n, 2))

    assert oddness(shared + apart, np.array([1.0, -1.0])).is_odd
    assert not oddness(shared + apart, np.array([1.0, 1.0])).is_odd


@pytest.mark.slow
@pytest.mark.parametrize("law", ["standard_normal", "standard_cauchy"])
def test_a_model_that_fits_is_seldom_called_odd(law):
    """One simulation more is odd as often as is due, once in n + 1 times, whatever its law."""
    draw = getattr(np.random.default_rng(0), law)
    n, n_trials = 50, 200
    clouds = (draw((n + 1, 5)) @ np.triu(np.ones((5, 5))) for _ in range(n_trials))

    n_odd = sum(oddness(cloud[1:], cloud[0]).is_odd for cloud in clouds)

    assert stats.binomtest(n_odd, n_trials, 1 / (n + 1)).pvalue > 0.0005


def test_noise_of_reality_widens_the_posterior(found, observed):
    """What reality's own sampling adds is not taken for knowledge."""
    noise = np.diag([4.0, 1.0, 4.0, 4.0, 4.0] + [0.0] * 10)
    noisy = fitted(1, observed, noise=noise)

    assert narrowing(noisy.posterior)[0] < narrowing(found.posterior)[0] - 0.05


def test_held_parameters_pull_the_others_along():
    """Where only a sum is told, the other summand makes up for the one that is held."""

    def simulate(units, first):
        chance = Streams(3).generator(f"sum_{first}")
        return units.sum(axis=1, keepdims=True) + 0.02 * chance.standard_normal((len(units), 1))

    found = fit(
        simulate,
        np.array([1.0]),
        np.array([0.5, 0.5]),
        n_simulations=200,
        n_checks=10,
        streams=Streams(3),
    )

    centre = found.posterior.centre(np.array([0.4, np.nan]))
    assert centre[0] == 0.4
    assert centre[1] == pytest.approx(0.6, abs=0.06)


def test_simulations_without_a_summary_are_left_out(observed):
    """They don't resemble reality, which has it; they are counted."""
    found = fitted(1, observed, lost=0.2)

    assert 20 <= found.n_left_out <= 60
    assert np.isfinite(found.explored_summaries).all()
    assert np.isfinite(found.after).all()


def test_too_few_whole_simulations_are_an_error(observed):
    """One line says how many there are and what to do."""
    with pytest.raises(RunError, match="40 are needed: make the simulated world larger"):
        fitted(1, observed, lost=0.9)


def test_intervals_hold_the_truth_as_often_as_they_say():
    """Simulation-based calibration: over worlds from the prior, the truth's rank is uniform."""
    ranks = []
    for world in range(40):
        chance = Streams(world).generator("world")
        truth = chance.random(3)
        draws = fitted(world, toy(10_000 + world)(truth[None], 0)[0]).posterior.drawn(99, chance)
        ranks.append(((draws < truth).sum(axis=0) + 0.5) / 100)

    for column in np.transpose(ranks):
        assert stats.kstest(column, "uniform").pvalue > 1e-3
        assert 0.8 <= np.mean((column > 0.05) & (column < 0.95)) <= 1.0
