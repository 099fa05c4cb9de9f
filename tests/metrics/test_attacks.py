"""Attacks that learn: at chance where nothing leaks, right where something does."""

import dataclasses

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from simgen.core import Streams
from simgen.metrics import Sample
from simgen.metrics.attacks import area
from simgen.metrics.learned_membership import LearnedMembership
from simgen.metrics.shadow_models import shadow_attack

N_PEOPLE, N_EACH = 300, 3


def people(name):
    """Rows of people with habits, a tenth of them rare."""
    chance = Streams(21).generator(name)
    person = np.repeat(np.arange(N_PEOPLE), N_EACH)
    label = chance.random(len(person)) < 0.1
    habit = chance.normal(size=(N_PEOPLE, 3))[person]
    values = habit + chance.normal(size=habit.shape) + 2.0 * label[:, None]
    return Sample(
        numeric=dict(zip("abc", values.T, strict=True)),
        label=label,
        entity=person,
        weight=np.ones(len(person)),
    )


def fresh(rows, seed):
    """Another draw of the same world: it owes the rows nothing."""
    return people(f"fresh_{seed}").take(np.arange(rows.n_rows))


def blurred(rows, seed):
    """The rows themselves, each number a little off."""
    chance = Streams(seed).generator("blur")
    numeric = {
        name: values + chance.normal(0.0, 0.1, rows.n_rows) for name, values in rows.numeric.items()
    }
    return dataclasses.replace(rows, numeric=numeric)


def test_the_area_is_that_of_scikit_learn():
    """With weights, and with ties among and between both kinds of rows."""
    chance = Streams(3).generator("ties")
    truth = chance.random(500) < 0.3
    suspicion = np.round(chance.normal(size=500) + truth, 1)
    mass = chance.uniform(0.1, 5.0, 500)

    assert area(truth, suspicion, mass) == pytest.approx(
        roc_auc_score(truth, suspicion, sample_weight=mass), abs=1e-12
    )


class TestShadowModels:
    """A generator that can be fitted again."""

    def test_a_generator_that_owes_the_rows_nothing_is_at_chance(self):
        """One half lies in the interval, for all rows and rare ones; few are found."""
        score = shadow_attack(people("real"), fresh, n_shadows=4, n_resamples=20)
        assert score.low < 0.5 < score.high
        rare = score.details["parts"]["rare rows"]
        assert rare["low"] < 0.5 < rare["high"]
        assert score.details["found_at_1_percent_false_alarms"]["all rows"] < 0.05

    def test_a_generator_that_remembers_is_found_out(self):
        """Most rows it was fitted on are told from others, a fifth of them almost for certain."""
        score = shadow_attack(people("real"), blurred, n_shadows=4, n_resamples=20)
        assert score.low > 0.8
        assert score.details["found_at_1_percent_false_alarms"]["all rows"] > 0.2

    def test_the_generator_sees_whole_entities_and_half_of_them(self):
        """Rows of one person are never on both sides; each pair of shadows covers everyone."""
        seen = []

        def release(rows, seed):
            seen.append(set(rows.entity.tolist()))
            assert rows.n_rows == N_EACH * len(seen[-1])
            return fresh(rows, seed)

        shadow_attack(people("real"), release, n_shadows=4, n_resamples=2)
        assert [len(known) for known in seen] == [N_PEOPLE // 2] * 4
        for first, second in (seen[:2], seen[2:]):
            assert first | second == set(range(N_PEOPLE))

    def test_same_seed_same_score(self):
        """All its chance comes from the seed."""
        few = people("real").take(np.arange(100 * N_EACH))
        scores = [
            shadow_attack(few, blurred, n_shadows=4, n_resamples=5, seed=seed) for seed in (1, 1, 2)
        ]
        assert scores[0] == scores[1] != scores[2]

    @pytest.mark.parametrize("n_shadows", [2, 5])
    def test_shadows_come_in_pairs(self, n_shadows):
        """Two pairs at least: what is usual for a row comes from another one."""
        with pytest.raises(ValueError, match="even number >= 4"):
            shadow_attack(people("real"), fresh, n_shadows=n_shadows)

    def test_few_people_are_said(self):
        """Thirty entities can't be halved and halved again."""
        few = people("real").take(np.arange(90))
        assert "30 entities: 40 are needed" in shadow_attack(few, fresh).reason


class TestLearnedMembership:
    """One release, and examples of who was in it."""

    def test_chance_and_certainty(self):
        """Close for another draw of the world, found out for blurred rows; rare rows alike."""
        real = people("real")
        real = dataclasses.replace(real, fitted=real.entity % 2 == 0)
        safe = LearnedMembership().compute(real, fresh(real, 0))
        assert safe.low < 0.5 < safe.high
        leaky = LearnedMembership().compute(real, blurred(real.take(real.fitted), 0))
        assert leaky.low > 0.9
        assert leaky.details["parts"]["rare rows"]["low"] > 0.8

    def test_without_a_split_there_is_a_reason(self):
        """Nobody knows who was in it."""
        assert "not stated" in LearnedMembership().compute(people("a"), people("b")).reason
