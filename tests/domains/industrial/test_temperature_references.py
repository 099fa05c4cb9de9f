"""References by temperature: real and simulated rows are shaped alike."""

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from simgen.domains.industrial import DOMAIN
from simgen.pipeline.references import load_reference


def shaped(view, **tables):
    """The rows of a view over data frames."""
    with duckdb.connect() as connection:
        for name, rows in tables.items():
            connection.register(name, pa.Table.from_pandas(rows, preserve_index=False))
        return connection.sql(DOMAIN.view(view)).to_arrow_table().to_pandas()


@pytest.fixture(params=["hydraulic_temperatures", "nab_machine_temperature"])
def real(request):
    """The sample's description, its real rows, and how many rows break each rule."""
    reference = load_reference(request.param)
    if not reference.path.is_file():
        pytest.skip(f"there is no {reference.path}: set SIMGEN_REFERENCE")
    view = reference.samples[0]
    with duckdb.connect() as connection:
        connection.from_arrow(pq.read_table(reference.path)).create_view("reference")
        rows = connection.sql(view.real)
        broken = [
            rows.filter(f"NOT ({rule})").to_arrow_table().num_rows for rule in view.rules.values()
        ]
        return view, rows.to_arrow_table().to_pandas(), broken


def test_real_rows_are_as_described(real):
    """They have the columns, obey the rules and are of both classes."""
    view, rows, broken = real

    assert {column.name for column in view.columns} <= set(rows)
    assert not any(broken)
    assert 0.05 < rows.label.mean() < 0.4
    assert rows[view.entity].nunique() >= 10


def cycles(**columns):
    """Readings of a press, one column of each."""
    n = len(columns["severity"])
    usual = {
        "machine_id": [1] * n,
        "at": list(range(n)),
        "oil_temperature": [40.0] * n,
        "return_temperature": [35.0] * n,
        "power": [2.0] * n,
        "event_kind": ["cooler_fouling"] * n,
        "event_id": [7] * n,
        "lookalike_of": [""] * n,
        "faulty_sensor": [""] * n,
        "weight": [1.0] * n,
    }
    return pa.table(usual | columns).to_pandas()


def test_coolers_are_taken_at_the_settings_of_the_rig():
    """Sound, at a fifth of the power, or near the end; what lies between is left out."""
    rows = shaped("hydraulic_temperatures", telemetry=cycles(severity=[0.0, 0.4, 0.82, 0.97, 1.0]))

    assert rows.label.tolist().count(True) == 2
    assert len(rows) == 4
    assert rows.groupby("label").weight.sum().to_dict() == pytest.approx(
        {False: 8 / 3, True: 4 / 3}
    )


def test_ten_readings_of_a_setting_are_one_stretch():
    """What a review shows together is of one machine and one setting."""
    telemetry = cycles(severity=[0.0, 1.0] * 30)
    rows = shaped("hydraulic_temperatures", telemetry=telemetry)
    sizes = rows.groupby(["machine_id", "stretch"]).size()

    assert rows.groupby("stretch").label.nunique().max() == 1
    assert sizes.max() == 10


def test_other_defects_leave_the_cooler_sound():
    """However severe, and readings of faulty sensors are left out."""
    telemetry = cycles(
        severity=[1.0, 0.0],
        event_kind=["valve_lag", "sensor_fault"],
        faulty_sensor=["", "pressure"],
    )

    assert shaped("hydraulic_temperatures", telemetry=telemetry).label.tolist() == [False]


def test_hours_are_positive_about_the_first_sign_of_a_defect(world):
    """Within a day of it, or of the defect's end, on the same machine."""
    rows = shaped(
        "nab_machine_temperature",
        telemetry=world.telemetry,
        events=world.events.astype({"kind": str, "lookalike_of": str}),
    )
    defects = world.events[(world.events.lookalike_of == "") & world.events.detectable_at.notna()]
    noted = pd.concat(
        [defects.set_index("entity_id")[name] for name in ("detectable_at", "ended_at")]
    )
    hours = noted.astype("datetime64[us]").astype("int64") / 3.6e9

    assert 0.0 < rows.label.mean() < 0.5
    for row in rows[::7].itertuples():
        away = (hours[hours.index == row.machine_id] - row.at).abs().min()
        assert row.label == (away <= 24.0)


def test_a_usual_hour_is_as_warm_as_the_week_before(world):
    """The median of levels of sound machines is near 0, and their range that of the quartiles."""
    rows = shaped(
        "nab_machine_temperature",
        telemetry=world.telemetry,
        events=world.events.astype({"kind": str, "lookalike_of": str}),
    )
    usual = rows[~rows.label].level

    assert abs(usual.median()) < 0.3
    assert 0.6 < usual.quantile(0.75) - usual.quantile(0.25) < 2.0
