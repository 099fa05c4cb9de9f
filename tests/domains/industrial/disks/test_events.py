"""What befell disks, what of it could be seen, and what their operator took it for."""

import numpy as np
import pandas as pd
import pytest

from simgen.core import Streams
from simgen.domains.industrial.disks.kernels import COUNTS, first_suspicion

DECAY = ["media_degradation", "mechanical_wear", "sector_burst"]


@pytest.fixture(scope="module")
def world(simulate):
    """Racks in which many disks fail, and many are suspected."""
    keen = {"care.suspicion_rate": 0.2, "lookalikes.sector_burst.ratio": 3.0}
    return simulate({"lives.failure_level": 40.0, "lives.sudden_level": 0.3} | keen)


def test_a_failure_is_known_once_its_disk_is_swapped(world):
    """For what it was; it ends whole, when the disk fails."""
    told = world.failures.merge(
        world.events, left_on=["disk_id", "mode"], right_on=["entity_id", "kind"]
    )
    swapped = told.merge(world.swaps.dropna(subset="finished_at"), on="disk_id")

    assert len(told) == len(world.failures) > 5
    assert (told.ended_at == told["at"]).all()
    np.testing.assert_allclose(told.severity, 1.0)
    assert len(swapped) > 5
    assert (swapped.observed_at == swapped.finished_at).all()
    assert (swapped.observed_reason == "failure").all()
    assert swapped.observed_label.astype(bool).all()


def test_what_is_taken_out_on_suspicion_is_held_for_failing(world):
    """Right or wrong, when it is taken out; of heat and cables nobody thinks."""
    out = world.disks[world.disks.removal == "suspicion"]
    events = out.merge(world.events, left_on="disk_id", right_on="entity_id")
    decay = events[events.kind.isin(DECAY)]
    media = decay[decay.kind == "media_degradation"]

    assert {"media_degradation", "sector_burst"} <= set(decay.kind)
    assert (decay.observed_at == decay.removed_at).all()
    assert (decay.observed_reason == "suspicion").all()
    assert decay.observed_label.astype(bool).all()
    assert events[~events.kind.isin(DECAY)].observed_at.isna().all()
    assert media.severity.between(0.0, 1.0, inclusive="neither").all()


def test_media_are_detectable_from_the_first_bad_sector_on(world):
    """Not before anything is counted."""
    media = world.events[world.events.kind == "media_degradation"].dropna(subset="detectable_at")
    rows = media.merge(
        world.smart, left_on=["entity_id", "detectable_at"], right_on=["disk_id", "at"]
    )
    counted = rows[["smart_5_raw", "smart_187_raw", "smart_197_raw"]].fillna(0).sum(axis=1)

    assert len(rows) == len(media) > 10
    assert (counted > 0).all()


def test_a_hot_rack_befalls_a_disk_once_it_is_there(world):
    """A disk that comes while the rack is hot has its share from then on."""
    hot = world.events[world.events.kind == "hot_rack"]
    there = hot.merge(world.disks, left_on="entity_id", right_on="disk_id")

    assert (there.onset_at >= there.installed_at).all()
    assert (there.onset_at == there.installed_at).any()


def test_technicians_come_on_their_round(world):
    """A swap begins no earlier than on the day after its spare is there."""
    swaps = world.swaps.dropna(subset="started_at")

    assert len(swaps) > 5
    assert (swaps.started_at >= swaps.spare_at.dt.floor("D") + pd.Timedelta(days=1)).all()


def test_reads_that_failed_are_suspect_when_nothing_is_pending():
    """Operators look at both counts."""
    history = np.zeros(10, COUNTS)
    history["uncorrectable"][4:] = 1_000

    assert first_suspicion(Streams(3).key("care"), 1, 1.0, 1.0, history) == 4
