"""Each defect of a compressor shows where an analyst would look, and look-alikes elsewhere."""

import numpy as np
import pytest
from toys.machines import KEY, conditions, made

from simgen.domains.industrial.compressors.compressor import (
    RECIPROCATING,
    SCREW,
    CompressorParameters,
    machines_with,
)
from simgen.domains.industrial.compressors.signals import CompressorSignals
from simgen.domains.industrial.fleet.components import component_table

SIGNALS = CompressorSignals(about=CompressorParameters())
LOOKS = ("hot_coolant", "humid_air")


def machine(kind):
    """One of a kind, as it was built."""
    return made(SIGNALS)._replace(kind=kind)


def features(kind, **values):
    """Of a window under the given conditions."""
    at, one = conditions(SIGNALS, disturbances=LOOKS, **values), machine(kind)
    samples = SIGNALS.sample(KEY, 5, one, at, rate=12_800.0, n_samples=8_192)
    return SIGNALS.measure(samples, one, at, rate=12_800.0)


def steady(kind, name, **values):
    """What a channel reads in the long run."""
    at = conditions(SIGNALS, disturbances=LOOKS, **values)
    return float(np.broadcast_to(SIGNALS.steady(machine(kind), at)[name], 1)[0])


@pytest.mark.parametrize(
    ("kind", "defect", "feature", "least"),
    [
        (RECIPROCATING, "first_valve_leakage", "interstage_lack", 1.08),
        (RECIPROCATING, "second_valve_leakage", "interstage_excess", 1.08),
        (RECIPROCATING, "second_valve_leakage", "band_high", 1.3),
        (SCREW, "intercooler_fouling", "interstage_excess", 1.08),
        (SCREW, "filter_clogging", "interstage_lack", 1.03),
        (SCREW, "rotor_wear", "line_lobes", 2.5),
        (SCREW, "outer_race_spall", "envelope_outer_race", 3.0),
        (RECIPROCATING, "ring_wear", "rms", 1.2),
    ],
)
def test_a_defect_raises_its_feature(kind, defect, feature, least):
    """At its worst, by so many times over the sound machine."""
    assert features(kind, **{defect: 1.0})[feature] > least * features(kind)[feature]


@pytest.mark.parametrize(
    ("kind", "defect", "channel", "least"),
    [
        (SCREW, "filter_clogging", "suction_pressure", -0.05),
        (SCREW, "intercooler_fouling", "interstage_temperature", 30.0),
        (SCREW, "intercooler_fouling", "discharge_temperature", 25.0),
        (SCREW, "intercooler_fouling", "power", 3.0),
        (RECIPROCATING, "first_valve_leakage", "flow", -2.0),
        (RECIPROCATING, "first_valve_leakage", "first_temperature", 4.0),
        (RECIPROCATING, "second_valve_leakage", "discharge_temperature", 6.0),
        (RECIPROCATING, "ring_wear", "flow", -1.0),
        (SCREW, "rotor_wear", "flow", -1.5),
        (SCREW, "outer_race_spall", "oil_temperature", 8.0),
        (SCREW, "oil_pump_wear", "oil_pressure", -1.0),
        (SCREW, "desiccant_ageing", "dew_point", 25.0),
        (SCREW, "outer_race_spall", "vibration", 2.0),
    ],
)
def test_a_defect_moves_its_channel(kind, defect, channel, least):
    """At its worst, by so much, up or down."""
    moved = steady(kind, channel, **{defect: 1.0}) - steady(kind, channel)

    assert moved / least > 1.0


@pytest.mark.parametrize("kind", [SCREW, RECIPROCATING])
def test_temperatures_are_those_of_real_machines(kind):
    """Dry screws 150 to 210 degree Celsius, cooled pistons 100 to 150, at 20 in the hall."""
    low, high = (150.0, 210.0) if kind == SCREW else (100.0, 150.0)

    assert low < steady(kind, "discharge_temperature", hall=20.0) < high
    assert 80.0 < steady(kind, "power", hall=20.0) < 130.0


def test_hot_coolant_looks_like_a_fouled_cooler_but_cools_the_same():
    """Both heat the air between the stages; only fouling changes the share that is taken off."""
    hot = {"hot_coolant": 12.0}
    first, cooled = "first_temperature", "interstage_temperature"
    share = {}
    for name, what, coolant in (
        ("sound", {}, 24.0),
        ("hot", hot, 36.0),
        ("fouled", {"intercooler_fouling": 0.3}, 24.0),
    ):
        before, behind = steady(SCREW, first, **what), steady(SCREW, cooled, **what)
        share[name] = (before - behind) / (before - coolant)

    assert steady(SCREW, cooled, **hot) > steady(SCREW, cooled) + 8.0
    assert share["hot"] == pytest.approx(share["sound"], abs=1e-6)
    assert share["fouled"] < 0.9 * share["sound"]


def test_pistons_have_valves_and_screws_have_rotors():
    """What one kind lacks cannot fail in it."""
    assert machines_with("first_valves") == (RECIPROCATING,)
    assert machines_with("rotors") == (SCREW,)
    assert set(machines_with("intercooler")) == {SCREW, RECIPROCATING}
    assert not SIGNALS.has(machine(SCREW), "rings")
    kinds = component_table("compressors").kinds
    assert sum(SIGNALS.has(machine(SCREW), kind) for kind in kinds) == 6


def test_a_sensor_that_sends_nothing_is_measured():
    """A window of zeros has no pressure, and still no division by nothing."""
    at = conditions(SIGNALS, disturbances=LOOKS)
    nothing = np.zeros((2, 8_192), np.float32)
    found = SIGNALS.measure(nothing, machine(SCREW), at, rate=12_800.0)

    assert all(np.isfinite(value) for value in found.values())
