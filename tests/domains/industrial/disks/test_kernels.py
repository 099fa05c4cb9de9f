"""What a disk counts of its own decay."""

import numpy as np
import pytest

from simgen.core import Streams
from simgen.domains.industrial.disks.kernels import (
    COUNTS,
    TRAITS,
    fill_history,
    fill_wear,
    first_suspicion,
)

KEY = Streams(3).key("sectors")
NEVER = 1e9  # [day]


def history(n_days=400, disk=1, **given):
    """A disk's daily counts; sound unless told."""
    traits = np.zeros(1, TRAITS)[0]
    for name in ("media", "mechanics", "burst", "cable"):
        traits[f"{name}_from"] = traits[f"{name}_to"] = NEVER
    usual = {"sectors": 8, "direct": 0.5, "remap": 0.5, "reads": 0.1, "vigour": 1.0}
    for name, value in {**usual, "cycle_rate": 0.01, **given}.items():
        traits[name] = value
    out = np.zeros(n_days, COUNTS)
    fill_history(KEY, disk, traits, out)
    fill_wear(Streams(3).key("wear"), disk, traits, out)
    return out


def test_a_sound_disk_counts_nothing_but_its_power_cycles():
    """Without wear, burst or bad cable nothing is found."""
    sound = history()

    assert sound["power_cycles"][0] >= 2
    assert all(not sound[name].any() for name in COUNTS.names if name != "power_cycles")


def test_media_count_more_and_more_until_they_fail():
    """From onset on, and faster at last."""
    out = history(media_from=200.0, media_to=400.0)
    found = out["reallocated"] + out["pending"] + out["uncorrectable"]

    assert not found[:200].any()
    assert found[399] - found[350] > found[250] - found[201] > 0
    assert out["severity"][300] == pytest.approx(0.5)


def test_sectors_come_in_physical_ones():
    """A disk of 4 KiB sectors counts in eights, but not its reads."""
    out = history(media_from=0.0, media_to=400.0)

    assert not (out["reallocated"] % 8).any()
    assert not (out["pending"] % 8).any()
    assert (out["uncorrectable"] % 8).any()


def test_what_is_pending_is_written_in_the_end():
    """After a burst that stabilises, nothing is left of it but what was remapped."""
    out = history(800, burst_from=10.0, burst_to=40.0, direct=0.0, remap=1.0)

    assert out["pending"].max() > 0
    assert out["pending"][-1] == 0
    assert out["reallocated"][-1] == out["reallocated"][-300] > 0


def test_a_disk_that_remaps_by_itself_has_nothing_pending():
    """Nor do its hosts meet what it finds."""
    out = history(media_from=0.0, media_to=400.0, direct=1.0)

    assert out["reallocated"][-1] > 0
    assert not out["pending"].any()
    assert not out["uncorrectable"].any()


def test_a_bad_cable_costs_telegrams_and_no_sectors():
    """Only while it is bad."""
    out = history(cable_from=100.0, cable_to=150.0)

    assert out["cable_errors"][99] == 0 < out["cable_errors"][150] == out["cable_errors"][-1]
    assert not out["reallocated"].any()


def test_suspicion_needs_something_counted():
    """And falls on the day by chance."""
    key = Streams(3).key("care")
    sound, failing = history(), history(media_from=100.0, media_to=400.0, direct=0.0)

    assert first_suspicion(key, 1, 1.0, 1.0, sound) == -1
    assert first_suspicion(key, 1, 0.0, 1.0, failing) == -1
    days = [first_suspicion(key, disk, 0.5, 1.0, failing) for disk in range(20)]
    assert len(set(days)) > 3
    assert min(days) >= np.argmax(failing["pending"] > 0)
