import numpy as np
import pytest

from simgen.core import Streams
from simgen.metrics import Sample
from simgen.pipeline.parameter_fit.summaries import Plan
from simgen.pipeline.references import Column, SampleView

VIEW = SampleView(
    name="payments",
    doc="Payments.",
    columns=(
        Column(name="amount", kind="numeric", unit="EUR", doc="Amount", scale="log"),
        Column(name="gap", kind="numeric", unit="d", doc="Gap"),
        Column(name="kind", kind="categorical", unit="", doc="Kind"),
    ),
    label="label",
)
CHANCE = Streams(1).generator("rows")
N = 4_000


def sample(**changes):
    label = np.arange(N) % 10 == 0
    columns = {
        "numeric": {
            "amount": np.exp(3.0 + label + CHANCE.normal(size=N)),
            "gap": np.where(np.arange(N) % 4 == 1, np.nan, CHANCE.random(N)),
        },
        "categorical": {"kind": np.where(np.arange(N) % 2 == 0, "even", "odd")},
        "label": label,
        "weight": np.ones(N),
    }
    return Sample(**(columns | changes))


def test_summaries_of_a_known_law():
    """Quantiles and mean on the scale, shares, odds and correlations are those of the law."""
    rows = sample()
    found = Plan.of(VIEW, rows).summaries(rows)

    assert found["payments: ordinary rows, amount at 50 %"] == pytest.approx(3.0, abs=0.1)
    assert found["payments: ordinary rows, amount at 95 %"] == pytest.approx(4.645, abs=0.15)
    assert found["payments: rare rows, amount mean"] == pytest.approx(4.0, abs=0.2)
    assert found["payments: rare rows, amount log deviation"] == pytest.approx(0.0, abs=0.15)
    assert found["payments: ordinary rows, gap share without"] == pytest.approx(10 / 36)
    assert found["payments: rare rows, kind share of even"] == 1.0
    assert found["payments: log odds of a rare row"] == pytest.approx(np.log(1 / 9))
    assert found["payments: ordinary rows, amount and gap rank correlation"] == pytest.approx(
        0.0, abs=0.1
    )
    assert not any("amount share without" in name for name in found)


def test_weights_count():
    """A row of weight 2 is worth two rows."""
    rows = sample(numeric={"amount": np.ones(N), "gap": np.ones(N)})
    heavy = Sample(
        numeric=rows.numeric,
        categorical=rows.categorical,
        label=rows.label,
        weight=np.where(rows.label, 2.0, 1.0),
    )
    found = Plan.of(VIEW, rows).summaries(heavy)

    assert found["payments: log odds of a rare row"] == pytest.approx(np.log(2 / 9))


def test_a_row_of_weight_two_counts_as_two_rows_in_every_summary():
    """Of quantiles, means, deviations, shares and correlations."""
    rows = sample()
    times = CHANCE.integers(1, 3, N)
    heavy = sample(
        numeric=rows.numeric, categorical=rows.categorical, weight=times.astype(np.float64)
    )
    found, repeated = (
        Plan.of(VIEW, rows).summaries(one)
        for one in (heavy, rows.take(np.repeat(np.arange(N), times)))
    )

    assert found.keys() == repeated.keys()
    for name, value in repeated.items():
        assert found[name] == pytest.approx(value, rel=1e-9), name


def test_a_quantile_moves_smoothly_with_the_share_of_a_price():
    """It does not jump from one price to the next."""
    plan = Plan.of(VIEW, sample())
    medians = []
    for n_low in range(N // 2 - 40, N // 2 + 41, 20):
        amount = np.where(np.arange(N) < n_low, 1.0, np.exp(2.0))
        rows = sample(numeric={"amount": amount, "gap": np.ones(N)}, label=np.zeros(N, bool))
        medians.append(plan.summaries(rows)["payments: ordinary rows, amount at 50 %"])

    steps = np.diff(medians)
    assert np.all(steps < 0)
    assert np.all(steps > -0.1)


def test_a_class_without_rows_has_no_summaries():
    """They are NaN, under the same names."""
    plan = Plan.of(VIEW, sample())
    found = plan.summaries(sample(label=np.zeros(N, bool)))

    assert list(found) == list(plan.summaries(sample()))
    assert np.isnan(found["payments: rare rows, amount at 50 %"])
    assert np.isnan(found["payments: log odds of a rare row"])


def test_entities_are_resampled_whole():
    """Where rows repeat, the covariance is that of entities, not of rows."""
    rows = sample()
    twice = sample(entity=np.arange(N) // 40)
    repeated = np.repeat(rows.numeric["amount"][:: N // 100], N // 100)
    plan = Plan.of(VIEW, rows)
    place = list(plan.summaries(rows)).index("payments: ordinary rows, amount mean")

    def variance(entity):
        again = sample(numeric={"amount": repeated, "gap": rows.numeric["gap"]}, entity=entity)
        return plan.covariance(again, Streams(2).generator("resamples"))[place, place]

    assert variance(twice.entity) > 10 * variance(None)
