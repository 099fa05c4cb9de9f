"""What tools are fitted with, what sensors make of waveforms, and which tool is shown."""

from types import SimpleNamespace

import duckdb
import numpy as np
import pyarrow as pa
from scipy.stats import kstest, uniform

from simgen.core import Streams
from simgen.domains.industrial.events import Event
from simgen.domains.industrial.milling.cell import Cell
from simgen.domains.industrial.milling.illustrations import one_tool
from simgen.domains.industrial.milling.readings import State, state_of
from simgen.domains.industrial.milling.records import spoil_forces
from simgen.domains.industrial.milling.shop import tools


def test_a_sensor_that_is_at_fault_spoils_its_forces_in_waveforms():
    """From onset to end, in its own mill and along its own axis."""
    events = [
        Event(event_id=1, machine=mill, kind="sensor_fault", onset_at=15.0, ended_at=25.0)
        for mill in (0, 1)
    ]
    for event, axis in zip(events, "yx", strict=True):
        event.sensor, event.fault, event.size = f"force_{axis}", "bias", 40.0
    cell = SimpleNamespace(events=events, sensor_key=Streams(1).key("sensors"))
    part = SimpleNamespace(at=np.array([10.0, 20.0, 30.0]), numbers=np.array([7, 8, 9]))
    samples = np.zeros((3, 3, 5), np.float32)
    spoil_forces(cell, SimpleNamespace(index=0), part, np.arange(3), samples)

    assert (samples[1, 1] == 40.0).all()
    assert samples.sum() == 5 * 40.0


def test_tools_differ_in_the_tooth_that_chips_and_in_where_they_run_out():
    """Each tooth and each direction is as likely as any other."""
    about, n = tools()["end_mill"], 800
    cell = SimpleNamespace(
        NUMBERS=Cell.NUMBERS,
        telemetry_key=Streams(1).key("noise"),
        mills=[SimpleNamespace(machine_id=1)],
        tools=[SimpleNamespace(tool_id=i, machine=0, runout=0.1, about=about) for i in range(n)],
    )
    told = dict.fromkeys(State.__dataclass_fields__, np.zeros(n)) | {"tool": np.arange(n)}
    state = state_of(cell, told, np.zeros(n), np.zeros(n))

    assert (np.bincount(state.chipped, minlength=about.n_teeth) > 150).all()
    assert kstest(state.direction, uniform(-np.pi, 2.0 * np.pi).cdf).pvalue > 0.01


def test_the_picture_shows_the_most_worn_of_the_tools_that_broke():
    """If none broke, of all."""
    cuts = pa.table(
        {
            "tool_id": [1, 2, 3],
            "n_cuts": [1, 2, 3],
            "product": ["bracket"] * 3,
            **{
                name: [0.1, 0.4, 0.6]
                for name in ("wear", "force_z", "acoustic_emission", "unevenness")
            },
        }
    )
    for broke, shown in (([True, True, False], 0.4), ([False] * 3, 0.6)):
        tables = {"cuts": cuts}
        tables["tools"] = pa.table(
            {"tool_id": [1, 2, 3], "kind": ["end_mill"] * 3, "broke": broke}
            | {"n_cuts": [9, 2, 3], "wear": [0.1, 0.4, 0.6]}
        )
        with duckdb.connect() as connection:
            for name, table in tables.items():
                connection.register(name, table)
            ask = SimpleNamespace(ask=lambda sql, c=connection: c.sql(sql).to_arrow_table())
            wear = one_tool({"world": ask})[0]

        assert wear.curves[0].y.tolist() == [shown]
