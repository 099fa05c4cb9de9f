"""A part's life is drawn from what it has been through."""

import numpy as np
import pytest
from scipy import stats

from simgen.core import HOUR
from simgen.domains.industrial.pumps.components import BearingPart
from simgen.domains.industrial.site.parts import first_part, successor


def parts(n, age=0.0, **law):
    """So many that have reached an age [h]."""
    rng, about = np.random.default_rng(3), BearingPart(**law)
    return [first_part(about, number, 0, age, rng) for number in range(n)]


def test_a_defect_may_be_older_than_the_records_but_not_than_its_part():
    """However slowly it grows, and however little is left: it comes in as grown as it is."""
    for part in parts(20, age=30.0, shape=2.0, scale=20.0, mean_growth_time=1e5):
        assert part.life > part.age
        assert part.next_age == pytest.approx(0.0, abs=1e-9)
        assert part.severity_at(part.age) > 0.0


def test_growth_at_the_start_is_not_cut_off():
    """Defects that have begun by then take as long as any, and are met anywhere on their way."""
    some = parts(4_000, age=300.0, scale=900.0, mean_growth_time=100.0)
    grown = [one for one in some if one.next_age < one.age]
    shares = [one.severity_at(one.age) for one in grown]

    # A defect takes 100 h in the mean, and those that last are the likelier to be met.
    assert np.mean([one.growth_time for one in grown]) == pytest.approx(125.0, rel=0.06)
    assert stats.kstest(shares, "uniform").statistic < 0.08


def test_no_spare_is_fitted_with_a_defect():
    """However slowly it grows, and however little the repair undoes."""
    rng = np.random.default_rng(4)
    for part in parts(20, age=30.0, shape=2.0, scale=20.0, mean_growth_time=1e5):
        fitted = successor(part, 2, HOUR, 0.5, rng)
        assert fitted.next_age >= fitted.age - 1e-9
        assert fitted.severity_at(fitted.age) < 1e-9


def sound_at(age, n):
    """Parts that have come to an age [h] without a defect, of those that were new at first."""
    new = parts(n, shape=2.0, scale=300.0, mean_growth_time=100.0)
    sound = [part for part in new if part.next_age > age]
    for part in sound:
        part.use(age * HOUR, 1.0)
    return sound


def test_a_service_gives_no_sound_part_a_defect():
    """It is known to be sound: its next defect lies ahead."""
    rng = np.random.default_rng(5)
    for part in sound_at(150.0, 200):
        part.restore(rng, 0.15)
        assert part.virtual_age == pytest.approx(0.85 * 150.0)
        assert part.next_age > part.age


def test_a_service_that_undoes_nothing_changes_no_law():
    """Of when defects begin and parts fail: as those of sound parts which nobody touched."""
    rng, untouched, served = (
        np.random.default_rng(6),
        sound_at(150.0, 2_000),
        sound_at(150.0, 2_000),
    )
    for part in served:
        part.restore(rng, 0.0)

    for name in ("next_age", "life"):
        one, other = ([getattr(part, name) for part in some] for some in (untouched, served))
        assert stats.ks_2samp(one, other).pvalue > 0.01


def test_a_service_cures_no_defect_that_is_about_to_show():
    """One that is older than the records is still there after a service before the first start."""
    rng = np.random.default_rng(7)
    for part in parts(20, age=30.0, shape=2.0, scale=20.0, mean_growth_time=1e5):
        severity = part.severity_at(part.age)
        part.restore(rng, 0.5)
        assert part.severity_at(part.age) == severity


def test_what_is_old_has_less_left():
    """The Weibull law given the age: at shape 2, the squares of ages grow by exponential steps."""
    squares = [part.life**2 - 300.0**2 for part in parts(2_000, age=300.0, shape=2.0, scale=100.0)]

    assert np.mean(squares) == pytest.approx(100.0**2, rel=0.08)
