"""Faulty sensors of a fleet."""

import pytest

# Nothing fails, but sensors do.
NEW = {
    "first_age": 0.0,
    "ageing": 1e-3,
    "growing": 1e-3,
    "lookalikes": {"sensor_fault": {"rate": 80.0}},
}
FEW_WINDOWS = {"watching": {"window_interval": 200.0}}


def test_faulty_sensors_spoil_what_they_measure(simulate):
    """A lost reading is null, a stuck one stays, and only where the oracle says so."""
    world = simulate(**NEW)
    rows = world.telemetry
    currents = ["current_a", "current_b", "current_c"]
    lost = rows[[*currents, "winding_temperature", "vibration"]].isna().any(axis=1)

    assert lost.any()
    assert set(rows.sensor_fault[lost]) == {"dropout"}
    stuck = rows[rows.sensor_fault == "stuck"]
    kept = [
        mine[sensor].nunique()
        for (_, sensor), mine in stuck.groupby(["event_id", "faulty_sensor"], observed=True)
    ]
    assert set(kept) == {1}
    clamps = world.windows[world.windows.faulty_sensor.astype(str).str.startswith("clamp")]
    assert set(clamps.event_kind) == {"sensor_fault"}


def test_a_wrong_unit_is_that_of_another_scale(simulate):
    """Windings in degrees Fahrenheit, clamps in milliampere, shaking in inches."""
    world = simulate(**NEW, **FEW_WINDOWS, n_machines=18, n_days=60)
    wrong = world.telemetry[world.telemetry.sensor_fault == "wrong_unit"]
    right = world.telemetry[world.telemetry.faulty_sensor == ""].median(numeric_only=True)
    scales = {
        "winding_temperature": 1.8 * right.winding_temperature + 32.0,
        **{f"current_{x}": 1_000.0 * right[f"current_{x}"] for x in "abc"},
        "vibration": right.vibration / 25.4,
    }

    found = {
        sensor: mine[sensor].median()
        for sensor, mine in wrong.groupby("faulty_sensor", observed=True)
        if sensor in scales
    }
    assert len(found) >= 2
    assert found == {sensor: pytest.approx(scales[sensor], rel=0.25) for sensor in found}
