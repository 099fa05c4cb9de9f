"""The page of a fit, of numbers that are known and unequal."""

from pathlib import Path

import numpy as np
import pytest

from simgen.calibration import Fit, Prior, oddness, reproduction
from simgen.calibration.inference import Posterior
from simgen.core import Free
from simgen.pipeline.parameter_fit.found import FittedParameters, fitted_parameters
from simgen.pipeline.parameter_fit.page import fit_page, miss_figure
from simgen.pipeline.references import load_reference

NAMES = ("one", "two", "three", "four")
OBSERVED = np.array([9.0, 8.0, 1.0, 7.0])
RATE = Free(name="rate", value=2.0, low=1.0, high=5.0, scale="linear", unit="1/d", doc="Rate.")


def runs(seed, *means):
    """Of deviation 1, around a mean for each summary."""
    return np.array(means) + np.random.default_rng(seed).standard_normal((60, len(means)))


def fitted(units):
    """A posterior at some places; after it summary four alone is missed, before it three is met."""
    before, after = runs(1, 0.0, 0.0, 1.0, 0.0), runs(2, 9.0, 8.0, 1.0, 0.0)
    explored = np.vstack([runs(3, 9.0, 8.0, 1.0, 7.0), runs(4, 0.0, 0.0, 1.0, 0.0)])
    posterior = Posterior(units=units, weight=np.full(len(units), 1.0 / len(units)))
    found = Fit(
        posterior=posterior,
        explored_summaries=explored,
        low=np.zeros(1),
        high=np.ones(1),
        before=before,
        after=after,
        n_left_out=0,
    )
    prior = Prior.of([RATE])
    return FittedParameters(
        scenario="shop",
        reference=load_reference("ulb_creditcard"),
        parameters=fitted_parameters([RATE], prior, found),
        names=NAMES,
        observed=OBSERVED,
        fit=found,
        prior=prior,
        oddness=oddness(explored, OBSERVED),
        before=reproduction(before, OBSERVED),
        after=reproduction(after, OBSERVED),
        settings={"n_simulations": 120, "version": 1, "seed": 0},
        folder=Path("fit"),
    )


@pytest.fixture(scope="module")
def found():
    """Told by the data, amid its range."""
    return fitted(np.linspace(0.4, 0.6, 41)[:, None])


def test_the_headline_counts_what_is_met_before_and_after(found):
    """After the fit first, as it is what is used."""
    page = fit_page(found, use="")

    assert "The data tell 1 of 1 parameters." in page.headline
    assert "3 of 4 summaries of the real rows are reproduced; before, 1." in page.headline
    assert "1 lie where runs of the scenario as it is put them, and 3 where" in page.misses.alt
    assert miss_figure(found).alt == page.misses.alt


def test_rows_say_what_was_missed_by_how_much(found):
    """The worst first; a real value above the runs has a positive miss."""
    rows = {row.name: row for row in fit_page(found, use="").summaries}

    assert next(iter(rows)) == "four"
    assert rows["four"].level == "far"
    assert float(rows["four"].miss_after) == pytest.approx(7.0, abs=1.5)
    assert rows["one"].level == "close"
    assert float(rows["one"].miss_before) == pytest.approx(9.0, abs=2.0)
    assert abs(float(rows["one"].miss_after)) < 1.0
    assert float(rows["one"].before) == pytest.approx(0.0, abs=0.5)
    low, _, high = rows["one"].after.partition(" to ")
    assert float(low) < 9.0 < float(high)


def test_what_is_missed_though_it_can_be_reached_is_a_lack_of_the_model(found):
    """It is named, and what is met is not."""
    (warning,) = found.warnings

    assert warning.startswith("The model lacks something")
    assert "misses four." in warning


@pytest.mark.parametrize(("place", "end"), [(0.01, "1"), (0.99, "5")])
def test_a_parameter_at_an_end_of_its_range_is_told_with_that_end(place, end):
    """Whichever it is."""
    leaning = fitted(np.clip(place + np.linspace(-0.01, 0.01, 41)[:, None], 0.0, 1.0))

    assert f"leans against the end of its plausible range, {end}:" in leaning.warnings[0]
