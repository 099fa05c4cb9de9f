import subprocess
import sys
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import simgen
from simgen import SearchPlan
from simgen.core import RequestError, Streams
from simgen.domains.driving import CutIn
from simgen.domains.driving.search.cases import CASE
from simgen.domains.driving.search.files import read_cases, table_of

SHORT = {"duration": 8.0, "n_vehicles": 2}


@pytest.fixture(scope="module")
def searched(tmp_path_factory):
    """A finished search of short episodes."""
    out = tmp_path_factory.mktemp("searched") / "cases"
    scenario = simgen.load_scenario("driving/cut_in", **SHORT)
    plan = SearchPlan(n_simulations=4_000, n_cases=12)
    return simgen.search(scenario, out=out, seed=3, plan=plan, name="driving/cut_in")


def test_episodes_are_made_of_cases(searched, tmp_path):
    """What was planned, speeds, lanes and weights are the file's, row by row."""
    data = simgen.generate(
        "driving/cut_in", out=tmp_path / "data", cases=searched.cases, n_episodes=5, quiet=True,
        difficulty=False, **SHORT,
    )  # fmt: skip
    cases = pq.read_table(f"{searched.place}/cases.parquet").to_pandas()[:5]
    episodes = data.table("episodes").to_pandas()
    first = data.table("frames").to_pandas().groupby("episode_id").first()

    assert list(episodes.planned) == list(cases.planned)
    np.testing.assert_allclose(episodes.weight, cases.weight)
    np.testing.assert_allclose(first.speed, cases.speed)
    planned = (cases.planned != "").to_numpy()
    np.testing.assert_allclose(episodes.planned_gap[planned], cases.gap[planned])
    assert set(first.weight) == set(cases.weight)


def test_a_file_is_read_as_it_was_written(searched):
    """Also by its own path, without a digest."""
    about = CutIn(**SHORT)
    setting = about.setting(about.prepare(Streams(0)))
    one, weights = read_cases(searched.cases, setting)
    two, _ = read_cases(f"{searched.place}/cases.parquet", setting)

    assert len(one) == 12
    np.testing.assert_array_equal(one, two)
    assert weights.mean() == pytest.approx(1.0)


@pytest.fixture
def broken(searched, tmp_path):
    """Writes the cases with something changed; gives the path."""

    def write(**changes):
        table = pq.read_table(f"{searched.place}/cases.parquet")
        for name, value in changes.items():
            place = table.column_names.index(name)
            values = pa.array([value, *table[name].to_pylist()[1:]])
            table = table.set_column(place, name, values)
        pq.write_table(table, tmp_path / "broken.parquet")
        return str(tmp_path / "broken.parquet")

    return write


@pytest.mark.parametrize(("change", "message"), [
    ({"track": 99}, "row 0 begins on lanes that map highway does not have"),
    ({"gap": float("nan")}, r"row 0: gap = nan: must be in \[0, 1000\]"),
    ({"closing_speed": 90.0}, r"row 0: closing_speed = 90.0: must be in \[0, "),
    ({"change_time": 0.0}, r"row 0: change_time = 0.0: must be in \[0.1, "),
    ({"at": 1e3}, r"row 0: at = 1000.0: must be in \[0, "),
    ({"weight": 0.0}, "every weight must be a number above 0"),
    ({"planned": "jump"}, "column planned: tuple.index"),
    ({"kind": None}, "column kind"),
])  # fmt: skip
def test_cases_that_no_search_wrote_are_refused(broken, change, message):
    """Before anything is simulated, in one line that names file, row and column."""
    with pytest.raises(RequestError, match=message) as refused:
        CutIn(cases=broken(**change), n_episodes=5, **SHORT).prepare(Streams(0))
    assert "\n" not in str(refused.value)


def test_requests_that_do_not_fit_the_cases_are_refused(searched, tmp_path):
    """Too many episodes, another map, another file, none at all, or no Parquet."""
    about, town = CutIn(**SHORT, n_episodes=5), CutIn(**SHORT).prepare(Streams(0))
    (tmp_path / "text").write_text("no Parquet")
    with pytest.raises(RequestError, match="n_episodes = 13 is more than the 12 cases of"):
        replace(about, cases=searched.cases, n_episodes=13).prepare(Streams(0))
    with pytest.raises(RequestError, match="are of map 'highway', not 'elsewhere'"):
        read_cases(searched.cases, replace(about.setting(town), map="elsewhere"))
    with pytest.raises(RequestError, match="it is another one, so search again"):
        replace(about, cases=f"{searched.place}@{12 * '0'}").prepare(Streams(0))
    for name, reason in (("none", "No such file"), ("text", "Parquet")):
        with pytest.raises(RequestError, match=f"can't be read: .*{reason}"):
            replace(about, cases=str(tmp_path / name)).prepare(Streams(0))


@pytest.mark.parametrize("n_digits", [4, 6, 12, 64])
def test_any_first_digits_name_a_file(searched, n_digits):
    """Four or more, also in capitals; one wrong digit is another file."""
    about = CutIn(**SHORT)
    setting = about.setting(about.prepare(Streams(0)))
    content = Path(searched.place, "cases.parquet").read_bytes()
    digits = sha256(content).hexdigest()[:n_digits]
    wrong = digits[:-1] + ("0" if digits[-1] != "0" else "1")

    assert len(read_cases(f"{searched.place}@{digits.upper()}", setting)[0]) == 12
    with pytest.raises(RequestError, match=f"the file's digest is {digits[:12]}"):
        read_cases(f"{searched.place}@{wrong}", setting)


def test_a_path_that_is_there_holds_no_digest(searched, tmp_path):
    """Whatever stands behind its @."""
    about = CutIn(**SHORT)
    setting = about.setting(about.prepare(Streams(0)))
    content = Path(searched.place, "cases.parquet").read_bytes()
    (tmp_path / "cases@2024").write_bytes(content)

    assert len(read_cases(str(tmp_path / "cases@2024"), setting)[0]) == 12


READS = """
import os, sys
from simgen.core import RequestError
from simgen.domains.driving.search.files import read_cases

def threads():
    return len(os.listdir("/proc/self/task"))

before = threads()
try:
    read_cases(sys.argv[1], None)
except RequestError:
    print(threads() - before)
"""


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="threads are counted by Linux")
def test_reading_starts_no_thread(tmp_path):
    """A refused request ends the process at once; threads that just start would abort it."""
    pq.write_table(pa.table({"gap": np.arange(100.0)}), tmp_path / "no_cases.parquet")
    command = [sys.executable, "-c", READS, str(tmp_path / "no_cases.parquet")]
    told = subprocess.run(command, check=True, capture_output=True, text=True)

    assert told.stdout.split() == ["0"]


def test_columns_have_their_units():
    """A reader of the file need not guess."""
    table = table_of(np.zeros(1, CASE), np.ones(1), "highway", {"least_time": np.array([np.inf])})

    assert table.schema.field("gap").metadata == {b"unit": b"m"}
    assert table["least_time"].to_pylist() == [None]


@pytest.mark.parametrize(
    "path",
    ["s3://KEY:SECRET@bucket/found", "s3://KEY:SECRET@bucket/found@cafe01", "s3://KEY:SECRET@cafe"],
)
def test_credentials_are_refused_and_not_repeated(path):
    """A parameter stands in the manifest, and in the message."""
    about = CutIn(cases=path)

    with pytest.raises(RequestError, match="give credentials by the environment") as caught:
        about.prepare(Streams(0))
    assert "SECRET" not in str(caught.value)
