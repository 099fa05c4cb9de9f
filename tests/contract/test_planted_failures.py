"""Each failure planted in good data is caught by the metrics that should see it."""

import dataclasses
from functools import cache

import numpy as np
import pytest

from simgen.core import Streams
from simgen.metrics import Sample, find_metrics

N_PEOPLE, N_EACH = 500, 9  # people, and payments of each
CAUGHT_BY = {
    "shuffled_labels": ("tstr", "trts", "augmentation", "class_marginals", "rare_coverage"),
    "copied_rows": (
        "exact_copies",
        "near_copies",
        "authenticity",
        "membership_inference",
        "learned_membership",
    ),
    "dropped_rare_kind": ("rare_coverage", "fairness", "class_marginals"),
    "shifted_column": ("marginal_ks", "c2st", "prdc", "alpha_precision"),
    "one_mode": ("beta_recall", "prdc", "marginal_total_variation"),
    "loose_columns": ("pair_dependence", "mutual_information", "correlation"),
    "leaked_id": ("attribute_inference", "membership_inference", "learned_membership"),
    "label_in_id": ("tstr", "c2st", "class_marginals"),
    "swapped_entities": ("autocorrelation", "event_intervals", "discriminative", "predictive"),
    "wrong_frequency": ("spectra", "discriminative", "predictive"),
    "negative_amounts": ("rule_adherence", "schema_adherence"),
    "duplicated_key": ("rule_adherence",),
    "unknown_shop": ("schema_adherence",),
}


@cache
def payments(name):
    """Payments of people with habits; thieves take much from the young, rings the old by night."""
    chance = Streams(11).generator(name)
    person = np.repeat(np.arange(N_PEOPLE), N_EACH)
    n_rows = len(person)
    label = chance.random(n_rows) < 0.12
    is_ring = label & (chance.random(n_rows) < 0.4)
    habit = chance.normal(3.0, 0.7, N_PEOPLE)[person]
    amount = habit + chance.normal(0.0, 0.4, n_rows)
    amount += np.where(label & ~is_ring, 2.5, 0.0)
    hour = np.where(is_ring, chance.uniform(0, 5, n_rows), chance.uniform(6, 24, n_rows))
    start = chance.uniform(0, 1_000, N_PEOPLE)[person]
    steps = chance.gamma(2.0, 1.0, (N_PEOPLE, N_EACH)).cumsum(axis=1).ravel()
    shop = np.where(amount > 3.0, "large", chance.choice(["large", "small", "other"], n_rows))
    old = np.where(label, is_ring, chance.random(n_rows) < 0.5)
    at = start + steps
    return Sample(
        numeric={
            "amount": np.exp(amount),
            "hour": hour,
            "fee": np.exp(amount) * chance.uniform(0.01, 0.02, n_rows),
            "number": chance.uniform(0, 1, n_rows),
        },
        categorical={"shop": shop},
        label=label,
        kind=np.where(label, np.where(is_ring, "ring", "theft"), ""),
        subgroup=np.where(old, "old", "young"),
        entity=person,
        at=at,
        fitted=person % 2 == 0,
        weight=np.ones(n_rows),
        obeys=rules(np.exp(amount), person, at),
    )


def rules(amount, person, at):
    """Amounts are positive, and nobody pays twice at one instant."""
    payment = np.unique(np.column_stack([person, at]), axis=0, return_inverse=True)[1]
    return {"amount": amount > 0, "key": np.bincount(payment)[payment] == 1}


@cache
def readings(name):
    """Machines that hum: a vibration of 8 readings a turn, each machine at a phase of its own."""
    chance = Streams(11).generator(name)
    machine = np.repeat(np.arange(60), 64)
    at = np.tile(np.arange(64.0), 60) + chance.uniform(0, 0.3, len(machine))
    turns = at / 8 + chance.uniform(0, 1, 60)[machine]
    hum = np.sin(2 * np.pi * turns) + chance.normal(0.0, 0.5, len(machine))
    return Sample(numeric={"hum": hum}, entity=machine, at=at, weight=np.ones(len(machine)))


def changed(sample, **parts):
    """The sample with parts replaced; columns are replaced one by one."""
    for side in ("numeric", "categorical"):
        if side in parts:
            parts[side] = {**getattr(sample, side), **parts[side]}
    return dataclasses.replace(sample, **parts)


def shuffled_labels(real, fresh, chance):
    """Labels that say nothing."""
    order = chance.permutation(fresh.n_rows)
    return changed(fresh, label=fresh.label[order], kind=fresh.kind[order])


def copied_rows(real, fresh, chance):
    """The rows that the generator was fitted on."""
    return real.take(real.fitted)


def dropped_rare_kind(real, fresh, chance):
    """No ring ever strikes."""
    return fresh.take(fresh.kind != "ring")


def shifted_column(real, fresh, chance):
    """Amounts in another currency."""
    return changed(fresh, numeric={"amount": 3.0 * fresh.numeric["amount"]})


def one_mode(real, fresh, chance):
    """Only the most usual payments: all of the old, the rare and the small are missing."""
    usual = (fresh.categorical["shop"] == "large") & (fresh.numeric["hour"] > 15)
    return fresh.take(usual)


def loose_columns(real, fresh, chance):
    """Each column is right, and none goes with another."""
    parts = {
        side: {name: chance.permutation(column) for name, column in getattr(fresh, side).items()}
        for side in ("numeric", "categorical")
    }
    return changed(fresh, **parts)


def leaked_id(real, fresh, chance):
    """Real people's payments, each number a little changed, under their own id."""
    source = real.take(real.fitted)
    near = {
        name: values * chance.normal(1.0, 0.005, source.n_rows)
        for name, values in source.numeric.items()
    }
    return changed(source, numeric=near)


def label_in_id(real, fresh, chance):
    """A running number that is high for rare rows alone."""
    return changed(fresh, numeric={"number": (fresh.numeric["number"] + fresh.label) / 2})


def swapped_entities(real, fresh, chance):
    """Rows under each other's entity."""
    return changed(fresh, entity=chance.permutation(fresh.entity))


def wrong_frequency(real, fresh, chance):
    """Machines that turn a quarter faster."""
    slow = readings("fresh")
    order = np.lexsort((slow.at, slow.entity)).reshape(60, 64)
    hum = [
        np.interp(1.25 * np.arange(51), np.arange(64), row) for row in slow.numeric["hum"][order]
    ]
    return changed(slow.take(order[:, :51].ravel()), numeric={"hum": np.ravel(hum)})


def negative_amounts(real, fresh, chance):
    """One payment of thirty takes money the wrong way."""
    amount = fresh.numeric["amount"] * np.where(chance.random(fresh.n_rows) < 1 / 30, -1.0, 1.0)
    return changed(fresh, numeric={"amount": amount}, obeys=rules(amount, fresh.entity, fresh.at))


def duplicated_key(real, fresh, chance):
    """One payment of a hundred was written twice."""
    twice = fresh.take(np.sort([*range(fresh.n_rows), *range(0, fresh.n_rows, 100)]))
    return changed(twice, obeys=rules(twice.numeric["amount"], twice.entity, twice.at))


def unknown_shop(real, fresh, chance):
    """One shop of thirty is of a kind that nobody has seen."""
    odd = np.where(chance.random(fresh.n_rows) < 1 / 30, "unseen", fresh.categorical["shop"])
    return changed(fresh, categorical={"shop": odd})


def score(name, real, synthetic):
    """The score of a metric, with as few splits and resamples as can be: only its value counts."""
    kind = find_metrics()[name]
    names = {field.name for field in dataclasses.fields(kind)}
    cheap = {"n_splits": 3, "n_resamples": 2}
    return kind(**{key: n for key, n in cheap.items() if key in names}).compute(real, synthetic)


def level(name, found):
    return find_metrics()[name].level(found.value)


@pytest.mark.parametrize("name", find_metrics())
def test_good_data_is_not_flagged(name):
    """Another draw of the same world is close in every respect, and every metric is defined."""
    assert level(name, score(name, payments("real"), payments("fresh"))) == "close"


@pytest.mark.parametrize("name", find_metrics())
def test_real_halves_are_not_flagged(name):
    """People against other people of the same real data: close, or undefined for a reason."""
    real = dataclasses.replace(payments("real"), fitted=None)
    found = score(name, real.take(real.entity % 2 == 0), real.take(real.entity % 2 == 1))
    assert level(name, found) == ("unknown" if found.reason else "close")


@pytest.mark.parametrize(
    ("plant", "name"), [(plant, name) for plant, names in CAUGHT_BY.items() for name in names]
)
def test_a_planted_failure_is_caught(plant, name):
    """The metric that should see it says that the data is not close."""
    chance = Streams(12).generator(plant)
    real, fresh = payments("real"), payments("fresh")
    if plant == "wrong_frequency":
        real = readings("real")
        assert level(name, score(name, real, readings("fresh"))) == "close"
    if plant == "leaked_id":
        real = changed(real, categorical={"id": real.entity.astype(str)})
    assert level(name, score(name, real, globals()[plant](real, fresh, chance))) in {"off", "far"}


def test_every_metric_catches_something():
    """A metric that never says no says nothing."""
    assert {name for names in CAUGHT_BY.values() for name in names} == set(find_metrics())


def test_a_swapped_split_is_said():
    """Copies of the rows called held-out show that fitted and held-out were swapped."""
    real = payments("real")
    swapped = dataclasses.replace(real, fitted=~real.fitted)
    found = score("membership_inference", swapped, real.take(real.fitted))
    assert "the split is swapped" in found.reason
