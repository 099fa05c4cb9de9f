import json

import pytest
from toys.coin import Coin

from simgen.core import RequestError, SearchPlan
from simgen.domains.driving import CutIn
from simgen.domains.industrial import BearingRig
from simgen.pipeline.generate import generate
from simgen.pipeline.search import search

PLAN = SearchPlan(n_simulations=2_000, n_cases=10)


def test_a_search_writes_cases_estimates_and_a_card(tmp_path):
    """The same call writes the same bytes."""
    one = search(CutIn(), out=tmp_path / "one", plan=PLAN)
    two = search(CutIn(), out=tmp_path / "two", plan=PLAN)

    assert one.digest == two.digest
    for name in ("cases.parquet", "search.json", "README.md"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    told = json.loads((tmp_path / "one" / "search.json").read_text())
    assert told["settings"]["search"]["n_cases"] == 10
    assert told["settings"]["scenario"]["version"] == CutIn.version
    card = (tmp_path / "one" / "README.md").read_text()
    assert f"scenario.cases=<this folder>@{one.digest}" in card
    rows = [line for line in card.splitlines() if line.startswith("|")]
    assert {line.count("|") for line in rows} == {7}
    for found, row in zip(one.estimates, rows[2:], strict=True):
        assert found.low <= found.value <= found.high
        cells = [cell.strip() for cell in row.split("|")[1:6]]
        assert cells[:2] == [found.name, f"{found.value:.3g}"]
        assert cells[2] == f"{found.low:.3g} to {found.high:.3g}"
        assert cells[3:] == [f"{found.n_simulations:,}", f"{found.n_found:,}"]


def test_a_finished_search_is_left_as_it_is(tmp_path):
    """The same call gives the same estimates from the file, and touches nothing."""
    first = search(CutIn(), out=tmp_path / "out", plan=PLAN)
    before = (tmp_path / "out" / "cases.parquet").stat().st_mtime_ns
    again = search(CutIn(), out=tmp_path / "out", plan=PLAN)

    assert again == first
    assert (tmp_path / "out" / "cases.parquet").stat().st_mtime_ns == before


def test_a_search_that_was_cut_short_goes_on(tmp_path):
    """Cases, or a lock alone, without a result are written anew."""
    first = search(CutIn(), out=tmp_path / "out", plan=PLAN)
    for name in ("search.json", "cases.parquet"):
        (tmp_path / "out" / "search.json").unlink()
        (tmp_path / "out" / name).unlink(missing_ok=True)

        assert search(CutIn(), out=tmp_path / "out", plan=PLAN) == first


def test_a_damaged_result_is_refused(tmp_path):
    """The line says what to delete; then the same search makes it again."""
    first = search(CutIn(), out=tmp_path, plan=PLAN)
    result = tmp_path / "search.json"
    held = json.loads(result.read_text())
    odd = [{}, held | {"settings": 5}, held | {"estimates": [{}]}, held | {"digest": None}]
    for text in ("", "{", "[]", *map(json.dumps, odd)):
        result.write_text(text)

        with pytest.raises(RequestError, match=r"search\.json is damaged: delete it, and the same"):
            search(CutIn(), out=tmp_path, plan=PLAN)
    result.unlink()
    assert search(CutIn(), out=tmp_path, plan=PLAN) == first


def test_a_search_that_was_overtaken_is_refused(tmp_path):
    """One that ends in the same folder meanwhile is not written over."""

    class Overtaken(CutIn):
        def prepare(self, streams):
            search(CutIn(), out=tmp_path, plan=PLAN)
            return super().prepare(streams)

    with pytest.raises(RequestError, match="holds another search"):
        search(Overtaken(), out=tmp_path, plan=PLAN)


def test_what_cannot_be_is_refused(tmp_path):
    """Another search's folder, a folder of something else, a scenario without a search."""
    search(CutIn(), out=tmp_path / "out", plan=PLAN)
    (tmp_path / "else").mkdir()
    (tmp_path / "else" / "thing").touch()
    generate(Coin(n_blocks=1), out=tmp_path / "data", difficulty=False, quiet=True)
    with pytest.raises(RequestError, match="holds something else"):
        search(CutIn(), out=tmp_path / "data", plan=PLAN)
    with pytest.raises(RequestError, match="holds no run of simgen"):
        generate(Coin(n_blocks=1), out=tmp_path / "out", difficulty=False, quiet=True)
    with pytest.raises(RequestError, match="holds another search: seed is 0 there, not 1"):
        search(CutIn(), out=tmp_path / "out", plan=PLAN, seed=1)
    with pytest.raises(RequestError, match="holds something else"):
        search(CutIn(), out=tmp_path / "else", plan=PLAN)
    with pytest.raises(RequestError, match=r"BearingRig can't be searched: .*driving/cut_in"):
        search(BearingRig(), out=tmp_path / "new", plan=PLAN)
    with pytest.raises(RequestError, match="seed = -1 is out of bounds"):
        search(CutIn(), out=tmp_path / "new", plan=PLAN, seed=-1)
    assert not (tmp_path / "new").exists()
