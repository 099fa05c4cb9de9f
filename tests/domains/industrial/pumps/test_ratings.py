"""Sensors of a station fit its pumps."""

import pytest

from simgen.domains.industrial.pumps.hydraulics import Hydraulics


def test_faults_are_the_same_share_of_what_a_pump_gives(new_station):
    """Of its flow and of its head; heat and shaking are alike on all."""

    def sizes(**hydraulics):
        station = new_station(hydraulics=hydraulics)
        sensors = station.about.lookalikes.sensor_fault.sensors(station)
        return {name: sensor.sizes for name, sensor in sensors.items()}

    usual, other = sizes(), sizes(best_flow=20.0, best_head=400.0, shutoff_head=500.0)
    factors = {
        "flow": 20.0 / Hydraulics().best_flow,
        "discharge_pressure": 400.0 / Hydraulics().best_head,
    }
    for name, before in usual.items():
        assert other[name] == pytest.approx([size * factors.get(name, 1.0) for size in before])
