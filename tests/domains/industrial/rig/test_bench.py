"""What is measured on the bench is what would be measured on each window alone."""

import numpy as np
import pytest

from simgen.core import Streams
from simgen.domains.industrial.events import Event
from simgen.domains.industrial.kernels.listening import MACHINE, RIG, WINDOW
from simgen.domains.industrial.kernels.vibration import DEFECT, MODE, RUNNING, vibrate
from simgen.domains.industrial.rig.bench import Bench, Ears, Shelf
from simgen.domains.industrial.rig.monitoring import Monitoring
from simgen.domains.industrial.rounds import is_kept
from simgen.domains.industrial.spectra import features

N_WINDOWS = 300  # more than go together, and not a multiple of it
N_SAMPLES = 1_024
SPEED = 1_800.0  # [rpm]
EARS = Ears(
    window_key=Streams(3).key("windows"),
    sensor_key=Streams(3).key("sensors"),
    rig=np.array([(12_000.0, SPEED, 2.0, 0.002)], RIG),
    machines=np.array([(0.001, 0.02), (0.002, 0.05)], MACHINE),
    modes=np.array([[(1_040.0, 0.012, 1.0, 0.1)], [(3_000.0, 0.04, 0.05, 1.0)]], MODE),
    harmonics=np.array([[[0.01, 0.0]], [[0.02, 0.01]]]),
)
STRIKES = np.zeros(1, DEFECT)
STRIKES["order"], STRIKES["zone"], STRIKES["every_second"] = 3.6, 1.5, 1.0
STRIKES["amplitude"] = 20.0  # the first mode of a machine hardly answers to strikes


def bench(orders, share=0.0):
    """A bench for windows of which a share is kept."""
    policy = Monitoring(n_samples=N_SAMPLES, waveform_share=share)
    return Bench(policy, orders, EARS, N_WINDOWS)


def window(number, *, size=0.0, share=0.0):
    """The fields of one window; every second machine's, and warm enough for thin grease."""
    speed, load, fault = SPEED * (1.0 + 0.0001 * number), 2.0, 0
    kept = is_kept(number, share)
    return (
        *(number, 60.0 * number, number % 2, 7, speed, load, 200.0, 1.0, size, 0.0),
        *(fault, kept),
    )


def put_on(one, share=0.0, *, asked=()):
    """Windows, measured, and the samples that are kept; the levels of some are asked for."""
    levels = []
    for number in range(N_WINDOWS):
        one.take(window(number, share=share), None, None)
        if number in asked:
            levels.append(one.level())
    return (*one.finish(), levels)


def test_windows_are_measured_in_their_order(orders):
    """All of them, also those of a lot that is not full, from the samples that are kept."""
    with bench(orders, 1.0) as one:
        lots, samples, _ = put_on(one, 1.0)

    lines = {
        "line_outer_race": orders.outer_race,
        "line_inner_race": orders.inner_race,
        "line_ball": 2.0 * orders.ball,
        "line_cage": orders.cage,
        "line_shaft": 1.0,
    }
    told = np.concatenate([lot.windows for lot in lots])
    expected = features(np.concatenate(samples), 12_000.0, told["speed"] / 60.0, lines)
    np.testing.assert_array_equal(told["window_id"], np.arange(N_WINDOWS))
    for name, values in expected.items():
        found = np.concatenate([lot.features[name] for lot in lots])
        np.testing.assert_allclose(found, values, rtol=1e-5, err_msg=name)


def test_a_window_holds_what_its_machine_sounds_like(orders):
    """At its speed and load, as the vibration kernel has it."""
    with bench(orders, 1.0) as one:
        _, samples, _ = put_on(one, 1.0)

    number, out = 201, np.empty(N_SAMPLES, np.float32)
    speed = 1.0 + 0.0001 * number
    running = np.array([(SPEED / 60.0 * speed, 0.002, 0.05 * speed**1.5, 0.002)], RUNNING)
    turns, still = EARS.harmonics[1] * speed**2, np.zeros(1, DEFECT)
    vibrate(EARS.window_key, number, 12_000.0, running[0], EARS.modes[1], turns, still[0], out)
    np.testing.assert_allclose(np.concatenate(samples)[number], out, atol=1e-6)


def test_who_asks_for_levels_changes_no_window(orders):
    """A window that is heard at once is the one that is heard later."""
    asked = set(range(0, N_WINDOWS, 3))
    with bench(orders, 1.0) as one, bench(orders, 1.0) as other:
        _, samples, _ = put_on(one, 1.0)
        _, others, levels = put_on(other, 1.0, asked=asked)

    np.testing.assert_array_equal(np.concatenate(samples), np.concatenate(others))
    deviations = np.concatenate(samples)[sorted(asked)].std(axis=1)
    np.testing.assert_allclose(levels, deviations, rtol=1e-4)


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_the_samples_that_are_kept_are_those_of_the_right_windows(orders, share):
    """Whether few of a lot are kept, none, or all."""
    with bench(orders, share) as one, bench(orders, 1.0) as whole:
        _, samples, _ = put_on(one, share)
        _, every, _ = put_on(whole, 1.0)

    kept = [is_kept(number, share) for number in range(N_WINDOWS)]
    expected = np.concatenate(every)[kept]
    found = np.concatenate([np.empty((0, N_SAMPLES), np.float32), *samples])
    assert len(found) == round(share * N_WINDOWS)
    np.testing.assert_array_equal(found, expected)


def test_only_a_spall_adds_its_share(orders):
    """What a loose foot strikes is heard, and is no spall's."""
    with bench(orders) as one:
        one.take(window(0), None, None)
        one.take(window(2), STRIKES[0], None)
        one.take(window(4, size=0.5), STRIKES[0], None)
        (lot,), _ = one.finish()

    quiet, loose, spalled = lot.features["rms"]
    assert min(loose, spalled) > 1.5 * quiet
    np.testing.assert_array_equal(lot.windows["spall_share"] > 0.5, [False, False, True])
    assert lot.windows["spall_share"][1] == 0.0


@pytest.mark.parametrize("at_once", [False, True])
def test_a_stuck_sensor_hears_nothing(orders, at_once):
    """Of all windows only that of which it is said; whenever it is heard."""
    fault = Event(event_id=1, machine=0, kind="sensor_fault", onset_at=0.0, fault="stuck")
    with bench(orders) as one:
        for number in range(3):
            one.take(window(number), None, fault if number == 1 else None)
            if at_once:
                assert (one.level() == 0.0) == (number == 1)
        (lot,), _ = one.finish()

    np.testing.assert_array_equal(lot.features["rms"] == 0.0, [False, True, False])


def test_a_shelf_takes_more_than_was_thought():
    """What does not go into one array goes into the next, whole."""
    shelf = Shelf(8, 200)
    for number in range(5):
        shelf.place(100)[:] = number
    shelf.give_back(30)

    found = np.concatenate(shelf.windows())
    np.testing.assert_array_equal(found[:, 0], np.repeat(range(5), [100, 100, 100, 100, 70]))


def test_a_bench_that_was_left_takes_nothing_more(orders):
    """Its thread has ended, whatever ended the simulation."""
    with bench(orders) as one:
        put_on(one)

    with pytest.raises(RuntimeError, match="shutdown"):
        put_on(one)


def test_windows_have_the_fields_that_are_filled_in_last():
    """What is taken is all but these two: see `Bench.take`."""
    assert WINDOW.names[len(window(0)) :] == ("heard", "spall_share")
