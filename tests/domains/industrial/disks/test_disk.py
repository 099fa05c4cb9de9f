"""One disk, as it is drawn for its place in a rack."""

import numpy as np
import pytest
import simpy

from simgen.core import DAY, Streams, build, changed
from simgen.des import MonitoredResource
from simgen.domains.industrial import DiskFleet
from simgen.domains.industrial.disks.catalogue import catalogue
from simgen.domains.industrial.disks.disk import draw_disk
from simgen.domains.industrial.disks.lives import YEAR
from simgen.domains.industrial.disks.rack import Rack
from simgen.domains.industrial.site.store import Store


@pytest.fixture
def drawn():
    """A function from what differs from the usual fleet to many disks of one model."""

    def draw(values, n, *, model=0, born_at=0.0):
        about, streams = changed(build(DiskFleet, {}), values), Streams(7)
        env, which = simpy.Environment(), catalogue()[model]
        rng = streams.generator("rack")
        rack = Rack(
            about=about,
            env=env,
            rack_id=1,
            model=which,
            commissioned_at=born_at,
            temperature=30.0,
            laws=about.lives.scales(which, 1.0),
            sector_key=streams.key("sectors"),
            wear_key=streams.key("wear"),
            care_key=streams.key("care"),
            rng=rng,
            store=Store(env, [which.name], 0, DAY, rng),
            crew=MonitoredResource(env),
        )
        return [draw_disk(rack, number, 0, born_at, rng) for number in range(n)]

    return draw


def test_who_is_there_at_the_start_was_not_taken_out_before(drawn):
    """However keen its operator is on taking disks out for what they count."""
    keen = {"care.suspicion_rate": 1.0, "care.suspicion_count": 1.0, "n_days": 400}
    keen |= {"lives.failure_level": 8.0, "lives.sudden_level": 0.0}
    ages = np.array([disk.suspected_age for disk in drawn(keen, 25, born_at=-3.0 * YEAR)])

    assert (ages >= 3.0 * YEAR).all()
    assert np.isfinite(ages).any()


def test_a_warm_place_shortens_a_life(drawn):
    """Two kelvins at 1 eV make a quarter, after Arrhenius; a disk's place has so many or so few."""
    disks = drawn({"lives.activation_energy": 1.0, "n_days": 1}, 1_000)
    warmth = [disk.warmth for disk in disks]
    lives = np.log([disk.life.ends_at for disk in disks])

    assert np.std(warmth) == pytest.approx(2.0, rel=0.1)
    assert np.corrcoef(warmth, lives)[0, 1] < -0.1


@pytest.mark.parametrize("model", [0, 8], ids=lambda model: catalogue()[model].name)
def test_bursts_come_in_proportion_to_a_models_failures_and_its_surface(drawn, model):
    """So many for each failure, and more on a surface that is bad."""
    about = catalogue()[model]
    starts = [
        disk.traits["burst_from"]
        for disk in drawn({"lookalikes.sector_burst.ratio": 2.0, "n_days": 1}, 1_000, model=model)
    ]

    expected = YEAR / DAY / (2.0 * about.surface * about.failure_rate)
    assert np.mean(starts) == pytest.approx(expected, rel=0.12)
