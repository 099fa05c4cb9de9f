"""A bank's payments, from a CSV file to a residual that corrects what is simulated."""

import re

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import pytest
import yaml

from simgen.cli import main
from simgen.core import RequestError, data_folder
from simgen.pipeline.ingest import Channel, Instants, read_records, write_reference
from simgen.pipeline.references import load_reference
from simgen.storage.reader import Dataset

PAGE = data_folder("configs").parent / "docs" / "own-data.md"
SMALL = (  # frauds nearly as frequent as in `payments`, so that few genuine rows are left out
    "scenario.n_customers=300",
    "scenario.n_days=30",
    "scenario.prevalence=null",
    "scenario.typologies.card_not_present.rate=700",
)
BERLIN = Instants(time_zone="Europe/Berlin")
AMOUNT = {"amount": Channel(source="euros", unit="EUR")}
AT = pa.array([0, 3_600_000_000], pa.timestamp("us", "UTC"))


def payments(n_rows=1_500):
    """Payments of February 2024, local time, of which every twentieth is a dear fraud."""
    chance = np.random.default_rng(1)
    fraud = (np.arange(n_rows) % 20 == 0).astype(int)
    seconds = np.sort(chance.integers(0, 29 * 86_400, n_rows)).astype("timedelta64[s]")
    near = np.round(chance.gamma(2.0, 4.0, n_rows), 1)
    return pa.table(
        {
            "booked": np.datetime64("2024-02-01", "s") + seconds,
            "customer": [f"{number:05}" for number in chance.integers(0, 100, n_rows)],
            "euros": np.round(chance.lognormal(4.0 + fraud, 1.0), 2),
            "km": pa.array(near, mask=chance.random(n_rows) < 0.4),
            "fraud": fraud,
        }
    )


def read(table, columns=AMOUNT, **changes):
    names = {"scenario": "fraud/retail_bank", "entity": "customer", "at": "booked"}
    return read_records(table, columns, **{**names, "label": "fraud", "how": BERLIN, **changes})


def refer(rows, out):
    """The path of a reference made of them."""
    values = {"scenario": "fraud/retail_bank", "units": {"amount": "EUR"}}
    return write_reference(rows, name="mine", out=out, **values)


@pytest.fixture(scope="module")
def section():
    """What the documentation says of payments: its Python and its commands."""
    if not PAGE.is_file():
        pytest.skip(f"there is no {PAGE}: documentation is not in the wheel")
    text = PAGE.read_text(encoding="utf-8").partition("## Payments of a bank")[2]
    script = re.search(r"```python\n(.*?)```", text, re.DOTALL).group(1)
    commands = [line.split()[1:] for line in text.splitlines() if line.startswith("simgen ")]
    return script, commands[:5]


@pytest.mark.slow
def test_the_page_leads_from_a_file_to_corrected_payments(section, tmp_path, monkeypatch, capsys):
    """Each command as it stands there, on a smaller bank; the model knows its reference itself."""
    monkeypatch.chdir(tmp_path)
    pyarrow.csv.write_csv(payments(6_000), "payments.csv")
    script, commands = section
    exec(script, {})  # noqa: S102 - our own documentation

    order = ["generate", "evaluate", "fit", "generate", "evaluate"]
    assert [words[0] for words in commands] == order
    for words in commands:
        more = (*SMALL, "difficulty=false") if words[0] == "generate" else ()
        if words[0] == "evaluate":
            more = ("metrics=[marginal_ks]",)
        assert main([*words, *more, "quiet=true"]) == 0, capsys.readouterr().err

    rows = Dataset("data/bank_calibrated").to_pandas("calibrated_readings")
    before = Dataset("data/bank").to_pandas("transactions")
    real = payments(6_000).to_pandas()
    assert before.amount.median() < 0.8 * real.euros.median()
    assert rows.amount.median() == pytest.approx(real.euros.median(), rel=0.15)
    assert (rows.amount == rows.amount.round(2)).all()  # cents, as in the file
    assert (rows.distance_from_home.dropna() == rows.distance_from_home.dropna().round(1)).all()


def test_numbers_that_have_no_squares_are_refused():
    """What is measured is none of them."""
    with pytest.raises(
        RequestError, match="'euros' holds numbers above 1e\\+100: leave them empty"
    ):
        read(payments(2).set_column(2, "euros", pa.array([1e308, 1.0])))


@pytest.mark.parametrize(
    ("amounts", "decimals"),
    [
        (pa.nulls(2, pa.float64()), None),
        ([24.9, 310.0], 1),
        ([25.0, 310.0], 0),
        ([0.1234567, 1.0], None),
        ([24.9, None], 1),
    ],
)
def test_a_reference_says_how_numbers_are_rounded(amounts, decimals, tmp_path):
    """So that a residual makes none that the file could not hold."""
    rows = read(payments(2).set_column(2, "euros", pa.array(amounts)))
    content = yaml.safe_load(refer(rows, tmp_path).read_text())

    assert content["samples"]["readings"]["columns"]["amount"]["decimals"] == decimals


def test_payments_have_the_names_and_instants_of_simgen():
    """Customer 00017 keeps the noughts, and noon in Berlin is eleven o'clock."""
    table = pa.table(
        {
            "customer": ["00017", "00004"],
            "booked": ["2024-02-01 12:00:00", "2024-02-01 13:00:00"],
            "euros": [24.9, None],
            "fraud": [0, 1],
        }
    )
    rows = read(table)

    assert rows.column_names == ["customer_id", "at", "amount", "label"]
    assert rows["customer_id"].to_pylist() == ["00004", "00017"]
    assert rows["at"][1].as_py().isoformat() == "2024-02-01T11:00:00+00:00"
    assert rows["amount"].to_pylist() == [None, 24.9]
    assert rows["label"].to_pylist() == [True, False]


def test_two_payments_of_one_instant_are_two():
    """As a card may be used twice in a second."""
    table = payments(10)

    assert len(read(pa.concat_tables([table, table]))) == 20


def test_a_csv_file_is_read_like_a_table(tmp_path):
    """Customers' numbers stay text."""
    pyarrow.csv.write_csv(payments(50), tmp_path / "payments.csv")

    assert read(tmp_path / "payments.csv") == read(payments(50))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"label": "euros"}, "column 'euros' says [0-9.]+: write true or false, or the numbers 1"),
        ({"label": "customer"}, "column 'customer' says '[0-9]+': write true or false"),
        ({"label": "frau"}, r"the table has no column 'frau': did you mean fraud\?"),
        ({"how": None}, "column 'booked' has no time zone: say it"),
        (
            {"columns": {"amount": Channel(source="euros", unit="USD", wanted="EUR")}},
            "column amount: unit = 'USD' is not known",
        ),
        ({"entity": "who"}, "the table has no column 'who'"),
        ({"scenario": "fraud/bank"}, "unknown scenario 'fraud/bank'"),
    ],
)
def test_payments_that_cannot_be_read_are_refused(changes, message):
    """With the column, and what to do about it."""
    with pytest.raises(RequestError, match=message):
        read(payments(100), **changes)


def test_a_table_of_another_kind_is_refused():
    """A DataFrame is one step away."""
    with pytest.raises(RequestError, match=r"a DataFrame can't be read: .*pyarrow.table\(...\)"):
        read(payments(10).to_pandas())


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"at": ["2024-02-01T12:00:00Z"] * 2}, "'at' holds string and no instants of a time zone"),
        ({"at": AT.cast(pa.timestamp("us"))}, r"'at' holds timestamp\[us\] and no instants of a"),
        ({"at": pa.array([None, None], AT.type)}, "column 'at' is empty in 2 rows: fill it in"),
        ({"amount": ["24.90", "3"]}, "'amount' holds string and no numbers: convert it"),
        ({"amount": [1.0, np.inf]}, "'amount' holds infinite numbers: leave them empty"),
        ({"customer_id": ["4", None]}, "'customer_id' is empty in 1 rows, first in row 1"),
    ],
)
def test_a_reference_of_what_evaluate_cannot_read_is_refused(changes, message, tmp_path):
    """Before it is written, with the column."""
    good = {"customer_id": [4, 17], "at": AT, "amount": [3.0, 24.9], "label": [True, False]}

    with pytest.raises(RequestError, match=message):
        refer(pa.table({**good, **changes}), tmp_path)
    assert not list(tmp_path.iterdir())
    assert refer(pa.table(good), tmp_path).is_file()


@pytest.mark.parametrize("rows", ["payments.csv", payments(10).to_pandas()])
def test_a_reference_of_no_table_is_refused(rows, tmp_path):
    """A path or a DataFrame; the line says what makes a table."""
    with pytest.raises(
        RequestError, match=r"are a \w+ and no PyArrow table: let outlook\(\) or read"
    ):
        refer(rows, tmp_path)


def test_a_csv_file_named_by_hand_is_refused(tmp_path):
    """References are Parquet, and one function makes them of a user's rows."""
    path = refer(read(payments(100)), tmp_path)
    (tmp_path / "mine.parquet").write_text("customer_id,at,amount,label\n")

    with pytest.raises(RequestError, match=r"not a Parquet file: .* let write_reference\(\) make"):
        load_reference(str(path)).check_file()


def test_texts_of_several_lines_are_read_from_large_files(tmp_path):
    """A remark in quotes, of which one lies across the pieces that a file is read in."""
    rows = payments(20_000)
    remarks = pa.array(["called the customer\n" + "he was in town, " * 5] * len(rows))
    pyarrow.csv.write_csv(rows.append_column("remark", remarks), tmp_path / "payments.csv")

    assert read(tmp_path / "payments.csv") == read(rows)


def test_a_damaged_file_is_refused(tmp_path):
    """What Parquet packed can't be unpacked."""
    path = tmp_path / "payments.parquet"
    pyarrow.parquet.write_table(payments(500), path)
    content = path.read_bytes()
    path.write_bytes(content[:100] + b"\xff" * 300 + content[400:])

    with pytest.raises(RequestError, match=r"payments\.parquet can't be read as \.parquet"):
        read(path)


def test_a_file_that_was_moved_is_asked_for_at_its_place(tmp_path):
    """It is a user's own, so no folder of references holds it."""
    mine = load_reference(refer(read(payments(10)), tmp_path))
    (tmp_path / "mine.parquet").rename(tmp_path / "elsewhere.parquet")

    with pytest.raises(RequestError, match="put it back, or write its new place into"):
        mine.check_file()
