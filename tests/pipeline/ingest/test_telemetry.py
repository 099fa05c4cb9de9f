"""Long and wide telemetry become the same table, and what can't be read is refused."""

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import pytest

from simgen.core import RequestError
from simgen.pipeline.catalogue import schemas
from simgen.pipeline.ingest import Channel, Instants, read_long, read_wide
from simgen.pipeline.ingest.units import UNITS, convert

UTC = Instants(time_zone="UTC")
CHANNELS = {
    "vibration": Channel(source="vib", unit="in/s", wanted="mm/s"),
    "temperature": Channel(source="temp", unit="degree Fahrenheit", wanted="degree Celsius"),
}


def read(table, how=UTC, **values):
    return read_wide(table, CHANNELS, machine="asset", at="time", how=how, **values)


def melted(wide):
    """The same as a historian exports it."""
    parts = [
        wide.select(["asset", "time"])
        .append_column("tag", pa.array([tag] * len(wide)))
        .append_column("value", wide[tag])
        for tag in ("vib", "temp")
    ]
    return pa.concat_tables(parts)


def read_melted(table, **values):
    names = {"machine": "asset", "at": "time", "tag": "tag", "value": "value"}
    return read_long(table, CHANNELS, how=UTC, **names, **values)


def test_units_are_those_of_simgen(wide):
    """Inches per second become mm/s, degrees Fahrenheit Celsius."""
    rows = read(wide)

    assert rows["vibration"][0].as_py() == 2.54
    assert rows["temperature"][0].as_py() == 40.0


def test_long_and_wide_are_the_same(wide):
    """Whatever the order of the rows."""
    shuffled = melted(wide).take(np.random.default_rng(1).permutation(2 * len(wide)))

    assert read_melted(shuffled) == read(wide)


def test_rows_come_by_machine_and_time(wide):
    """In which order they ever were."""
    assert read(wide.take(list(range(len(wide)))[::-1])) == read(wide)


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_files_are_read_like_tables(wide, tmp_path, suffix):
    """CSV and Parquet."""
    path = tmp_path / f"telemetry.{suffix}"
    if suffix == "csv":
        pyarrow.csv.write_csv(wide, path)
    else:
        pyarrow.parquet.write_table(wide, path)

    assert read(path) == read(wide)


def test_what_looks_like_a_number_stays_text(tmp_path):
    """Machines 007 and 7 are two, and a pattern reads instants without punctuation."""
    path = tmp_path / "telemetry.csv"
    path.write_text("asset,time,vib,temp\n007,202401010600,1,50\n7,202401010600,2,50\n")
    rows = read(path, Instants(time_zone="UTC", pattern="%Y%m%d%H%M"))

    assert rows["machine_id"].to_pylist() == ["007", "7"]
    assert {str(at) for at in rows["at"].to_pylist()} == {"2024-01-01 06:00:00+00:00"}


def test_a_row_without_a_machine_is_refused(tmp_path):
    """An empty text is no name."""
    path = tmp_path / "telemetry.csv"
    path.write_text("asset,time,vib,temp\nA,2024-01-01,1,50\n,2024-01-01,2,50\n")

    with pytest.raises(RequestError, match=r"column 'asset' is empty in 1 rows, first in row 1"):
        read(path)


def test_local_time_becomes_utc(wide):
    """Berlin is an hour ahead in winter."""
    berlin = read(wide.slice(0, 24), Instants(time_zone="Europe/Berlin"))

    assert berlin["at"][0].as_py().isoformat() == "2024-02-29T23:00:00+00:00"


def test_time_zones_of_the_file_are_kept_to(wide):
    """A file that says its offset needs no other."""
    text = pa.array(["2024-03-01T06:00:00+02:00", "2024-03-01T08:00:00+02:00"])
    table = wide.slice(0, 2).set_column(1, "time", text)

    assert read(table, None)["at"][0].as_py().isoformat() == "2024-03-01T04:00:00+00:00"


def test_a_pattern_reads_other_notations(wide):
    """Such as day before month."""
    table = wide.slice(0, 1).set_column(1, "time", pa.array(["31.01.2024 06:15"]))
    rows = read(table, Instants(time_zone="UTC", pattern="%d.%m.%Y %H:%M"))

    assert rows["at"][0].as_py().isoformat() == "2024-01-31T06:15:00+00:00"


def test_a_lost_reading_is_null(wide):
    """In a wide table an empty cell, in a long one no row."""
    gap = wide.set_column(2, "vib", pa.array([None, *wide["vib"].to_pylist()[1:]]))
    short = melted(wide).slice(1)

    assert read(gap)["vibration"][0].as_py() is None
    assert read_melted(short)["vibration"].null_count == 1
    assert read_melted(short)["temperature"].null_count == 0


def test_duplicates_are_averaged_if_told(wide):
    """Of two readings of one instant."""
    twice = pa.concat_tables([wide, wide.slice(0, 1).set_column(3, "temp", pa.array([122.0]))])

    assert read(twice, duplicates="average")["temperature"][0].as_py() == 45.0
    with pytest.raises(RequestError, match="1 rows of one machine and instant come more than once"):
        read(twice)
    with pytest.raises(RequestError, match="readings of one tag and instant come more than once"):
        read_melted(melted(twice))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"asset": [None, "P-1"]}, "'asset' is empty in 1 rows, first in row 0: fill it in"),
        ({"vib": ["0.1", "bad"]}, "'vib' holds what is no number"),
        ({"vib": [0.1, np.inf]}, "'vib' holds infinite numbers: leave them empty"),
        ({"time": ["soon", "later"]}, "'time' holds what is no instant"),
        ({"time": [1, 2]}, "'time' holds int64 and no instants: write them as 2024-01-31T06"),
        ({"time": [None, "2024-01-01"]}, "'time' is empty in 1 rows: fill it in"),
        (
            {"time": ["2024-01-01T00:00:00Z", "2024-01-01T00:00:00"]},
            "says its time zone in some rows only: make them alike",
        ),
    ],
)
def test_what_can_not_be_read_is_refused(wide, change, message):
    """With the column, and what to do about it."""
    (name, values), two = *change.items(), wide.slice(0, 2)
    table = two.set_column(two.column_names.index(name), name, pa.array(values))

    with pytest.raises(RequestError, match=message):
        read(table)


def test_an_instant_without_a_time_zone_is_refused(wide):
    """Nobody can guess it."""
    with pytest.raises(RequestError, match="no time zone: say it, time_zone='UTC'"):
        read(wide, Instants())


def test_an_hour_that_comes_twice_is_refused(wide):
    """When clocks are set back, local time does not tell which of two it is."""
    when = np.array(["2024-10-27T02:30:00"], "M8[us]")
    table = wide.slice(0, 1).set_column(1, "time", pa.array(when))

    with pytest.raises(RequestError, match=r"clock change of Europe/Berlin .* export it in UTC"):
        read(table, Instants(time_zone="Europe/Berlin"))


def test_names_that_are_not_there_are_refused(wide, tmp_path):
    """With the nearest that is."""
    with pytest.raises(RequestError, match=r"no column 'assets': did you mean asset\?"):
        read_wide(wide, CHANNELS, machine="assets", at="time", how=UTC)
    with pytest.raises(RequestError, match="'tag' never says vib: it says temp"):
        read_melted(melted(wide).slice(len(wide)))
    with pytest.raises(RequestError, match=r"there is no file .*none.csv: name a CSV"):
        read(tmp_path / "none.csv")
    with pytest.raises(RequestError, match="time_zone = 'Europe/Berln' is not known: did you mean"):
        Instants(time_zone="Europe/Berln")
    with pytest.raises(RequestError, match="names nothing to read"):
        read_wide(wide, {}, machine="asset", at="time", how=UTC)


def test_names_that_can_not_be_kept_apart_are_refused(wide):
    """A column that comes twice, one that holds no text, and a channel called like a key."""
    twice = wide.append_column("vib", wide["vib"])
    with pytest.raises(RequestError, match="several columns 'vib': rename all but one"):
        read(twice)
    spare = wide.append_column("", wide["vib"]).append_column("", wide["vib"])
    assert read(spare) == read(wide)  # commas at the ends of lines, as spreadsheets write them
    lists = wide.set_column(0, "asset", pa.array([["P-1"]] * len(wide)))
    with pytest.raises(RequestError, match="column 'asset' holds what is no name"):
        read(lists)
    with pytest.raises(RequestError, match="a channel can't be called 'at'"):
        read_wide(wide, {"at": CHANNELS["vibration"]}, machine="asset", at="time", how=UTC)


def test_instants_are_cut_to_microseconds(wide):
    """Loggers write nanoseconds."""
    fine = wide["time"].cast(pa.timestamp("ns"))
    fine = pa.array(fine.to_numpy() + np.timedelta64(789, "ns"))

    assert read(wide.set_column(1, "time", fine)) == read(wide)


def test_letters_of_a_zone_are_refused():
    """Arrow reads over them: EST would be taken for UTC."""
    with pytest.raises(RequestError, match="EST is several: export offsets and read them by %z"):
        Instants(pattern="%Y-%m-%d %H:%M:%S %Z", time_zone="UTC")


def test_an_ending_in_capitals_is_the_same(wide, tmp_path):
    """As some exporters write it."""
    pyarrow.csv.write_csv(wide, tmp_path / "READINGS.CSV")

    assert read(tmp_path / "READINGS.CSV") == read(wide)


def test_a_header_in_another_encoding_is_refused(tmp_path):
    """In one line that names the file."""
    path = tmp_path / "readings.csv"
    path.write_bytes("asset;T\xe4\n".encode("latin-1").replace(b";", b","))

    with pytest.raises(RequestError, match=r"readings.csv can't be read as .csv"):
        read(path)


def test_a_file_that_is_none_is_refused(tmp_path):
    """Such as text that is called Parquet."""
    path = tmp_path / "rows.parquet"
    path.write_text("time,vib")

    with pytest.raises(RequestError, match=r"can't be read as \.parquet"):
        read(path)


@pytest.mark.parametrize("unit", UNITS)
def test_units_convert_there_and_back(unit):
    """Through every other unit of the same quantity."""
    values = np.array([-40.0, 0.0, 3.5])
    alike = [one for one in UNITS if UNITS[one].quantity == UNITS[unit].quantity]
    for other in alike:
        back = convert(convert(values, unit, other, "x"), other, unit, "x")
        np.testing.assert_allclose(back, values, atol=2e-3)


@pytest.mark.parametrize("kind", schemas().values(), ids=list(schemas()))
def test_what_scenarios_measure_can_be_converted_to(kind):
    """The unit of each real number that a scenario compares is known."""
    order = kind.causal_order
    table = next(one for one in kind.tables if one.name == order.table)
    fields = map(table.field, order.columns)

    assert {field.unit for field in fields if pa.types.is_floating(field.type)} <= set(UNITS)


@pytest.mark.parametrize(
    ("value", "unit", "wanted", "expected"),
    [
        (1.0, "m3/min", "m3/h", 60.0),
        (90.0, "1/min", "Hz", 1.5),
        (60.0, "rpm", "rad/s", 6.283185307),
        (1.0, "ft", "mm", 304.8),
        (6.0, "m/min", "mm/s", 100.0),
        (250.0, "mV", "V", 0.25),
        (1.5, "h", "min", 90.0),
        (1_013.25, "mbar", "bar", 1.01325),
        (1_000.0, "US gpm", "m3/h", 227.12470704),
        (1_000.0, "imperial gpm", "m3/h", 272.7654),
        (10.0, "hp", "W", 7_457.0),  # mechanical, of 550 foot-pounds a second
        (100.0, "psi", "bar", 6.89476),
        (212.0, "degF", "degree Celsius", 100.0),
        (212.0, "°F", "°C", 100.0),
        (20.0, "degC", "kelvin", 293.15),
    ],
)
def test_units_in_use(value, unit, wanted, expected):
    """As their definitions have it."""
    assert convert(np.array([value]), unit, wanted, "x")[0] == expected


def test_a_gallon_must_be_named():
    """A US one is a sixth smaller than an imperial one, and the file can't tell."""
    with pytest.raises(RequestError, match="either gallon: say 'US gpm' or 'imperial gpm'"):
        convert(np.ones(1), "gpm", "m3/h", "channel flow")


def test_a_wrong_unit_is_refused():
    """One that is not known, and one of another quantity."""
    with pytest.raises(RequestError, match="channel x: unit = 'celsius' is not known"):
        convert(np.ones(1), "celsius", "kelvin", "channel x")
    with pytest.raises(RequestError, match="'bar' measures pressure and 'mm/s' velocity"):
        convert(np.ones(1), "bar", "mm/s", "channel x")
