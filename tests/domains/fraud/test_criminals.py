import numpy as np
import pandas as pd
import pytest

from simgen.domains.fraud.criminals import Pace
from simgen.domains.fraud.schema import RARE_KINDS
from simgen.domains.fraud.underworld import MONTH

SIZE = {"n_customers": 800, "customers_per_block": 400}


def share(world):
    """Of payments, those by impostors."""
    return world.transactions["label"].mean()


def frauds(world):
    """Events of the rare kinds that criminals begin on their own."""
    events = world.events
    rare = events[events["kind"].isin(RARE_KINDS)]
    sold = rare["caused_by"].isin(rare["event_id"])
    return rare[~sold]


def expected_cases(world):
    """Cases of each kind that nature would make."""
    bank = world.bank
    months = bank.horizon / MONTH
    return pd.Series(
        {t.kind: t.cases_rate * bank.n_customers / 1_000 * months for t in bank.typologies.active()}
    )


@pytest.mark.parametrize("asked", [0.0005, 0.002, 0.01, 0.05])
def test_delivered_prevalence_agrees_with_the_asked_one(simulate, asked):
    """To 6 %, for blocked cards lose genuine payments, and two cases of four in each block."""
    world = simulate(prevalence=asked, **SIZE)
    room = 0.06 * asked + 2 * 8 / len(world.transactions)

    assert share(world) == pytest.approx(asked, abs=room)


@pytest.mark.parametrize("n_days", [7, 30])
def test_a_short_horizon_delivers_the_prevalence_too(simulate, n_days):
    """Payments after the end of the horizon don't count among those to be topped up with fraud."""
    world = simulate(n_customers=4_000, n_days=n_days, prevalence=0.05)

    assert share(world) == pytest.approx(0.05, rel=0.05)


def test_small_blocks_deliver_the_prevalence_too(simulate):
    """What is asked of a block may be less than one case: then some blocks have none."""
    world = simulate(n_customers=600, customers_per_block=10, n_days=91, prevalence=0.001)
    n_cases = len(frauds(world))

    assert share(world) == pytest.approx(0.001, rel=4.0 / np.sqrt(n_cases))


def test_frauds_under_way_count_as_delivered():
    """What they are still to make is promised: no more begin than are wanted beyond that."""
    pace = Pace(quota=10.0, left=40.0, promised=2.0)

    assert pace.allows(3.0, n_frauds=6, u=0.04)  # 2 of 40 are wanted: a chance of 0.05
    assert not pace.allows(3.0, n_frauds=6, u=0.06)  # 2 of 37
    assert not pace.allows(3.0, n_frauds=8, u=0.0)


def test_nature_makes_as_many_cases_as_the_rates_say(crowded):
    """Within Poisson error; card testing comes in campaigns of a gamma-distributed size."""
    counts, expected = frauds(crowded)["kind"].value_counts(), expected_cases(crowded)
    campaigns = crowded.bank.typologies.card_testing.cards_per_campaign
    variance = expected * np.where(expected.index == "card_testing", 1 + 2 * campaigns, 1.0)

    assert np.all(np.abs(counts[expected.index] - expected) < 4.0 * np.sqrt(variance))


def test_nature_weighs_one(crowded):
    """Without a requested prevalence, every record stands for itself."""
    assert (crowded.transactions["weight"] == 1.0).all()
    assert (crowded.events["weight"] == 1.0).all()


@pytest.mark.parametrize("asked", [0.002, 0.05])
def test_weights_lead_back_to_nature(simulate, asked):
    """Weighted, a data set of another prevalence estimates that of nature, within its noise."""
    rates = {"card_testing": 0.0, "lost_or_stolen_card": 30.0, "card_not_present": 60.0}
    bank = {
        "n_customers": 1_500,
        "customers_per_block": 500,
        "n_days": 91,
        "typologies": {kind: {"rate": rate} for kind, rate in rates.items()},
    }
    nature, raised = simulate(**bank), simulate(**bank, prevalence=asked).transactions
    estimate = np.average(raised["label"], weights=raised["weight"])
    noise = 1.5 / np.sqrt(len(frauds(nature)))  # relative, of a sum over cases of several payments

    assert share(nature) != pytest.approx(asked, rel=0.5)
    assert estimate == pytest.approx(share(nature), rel=3.0 * noise)


def test_genuine_records_weigh_one(world):
    """Only frauds are drawn more often than nature would."""
    payments = world.transactions
    assert (payments.loc[~payments["label"], "weight"] == 1.0).all()
    assert (payments.loc[payments["label"], "weight"] < 1.0).all()


def test_weights_of_events_add_up_to_nature(world):
    """The cases drawn stand for as many as the rates make."""
    assert frauds(world)["weight"].sum() == pytest.approx(expected_cases(world).sum(), rel=0.02)


@pytest.mark.parametrize("asked", [0.01, 0.05])
def test_campaigns_are_as_large_at_any_prevalence(simulate, asked):
    """More frauds come from more rings, not from larger ones; their weights add up to nature's."""
    world = simulate(prevalence=asked, **SIZE)
    testing, events = world.bank.typologies.card_testing, world.events
    campaigns = events[events["kind"] == "testing_campaign"]
    n_cards = (events["kind"] == "card_testing").sum()
    nature = testing.rate * 0.8 * world.bank.horizon / MONTH

    assert n_cards / len(campaigns) == pytest.approx(testing.cards_per_campaign, rel=0.5)
    assert campaigns["weight"].sum() == pytest.approx(nature)


def test_the_mix_of_kinds_is_natures(world):
    """A higher prevalence has more cases of each kind in the same proportion."""
    expected = expected_cases(world)
    counts = frauds(world)["kind"].value_counts()[expected.index]
    expected *= counts.sum() / expected.sum()

    assert np.all(np.abs(counts - expected) < 4.0 * np.sqrt(expected))


def test_there_is_fraud_in_every_month(simulate):
    """In the default half-year at the catalogue's prevalence: a model can be tested over time."""
    payments = simulate(n_customers=1_000, prevalence=0.002).transactions
    labels = payments.groupby(payments["at"].dt.to_period("M"))["label"].sum()

    assert len(labels) == 6
    assert (labels >= 10).all()


@pytest.mark.parametrize("off", RARE_KINDS)
def test_a_typology_turned_off_leaves_the_others(simulate, off):
    """Its kind is gone, from events and records, and no other."""
    quiet = simulate(**SIZE, n_days=91, prevalence=0.02, typologies={off: {"rate": 0.0}})
    there = set(RARE_KINDS) - {off}

    assert set(frauds(quiet)["kind"]) == there
    payments = quiet.transactions
    assert set(payments.loc[payments["label"], "event_kind"]) == there


def test_no_typology_no_fraud(simulate):
    """A bank without criminals has no labelled record, and nothing to weigh."""
    silent = {kind: {"rate": 0.0} for kind in RARE_KINDS}
    world = simulate(n_customers=200, n_days=60, typologies=silent, prevalence=0.0)

    assert not world.transactions["label"].any()
    assert not world.sessions["label"].any()
    assert (world.transactions["weight"] == 1.0).all()
