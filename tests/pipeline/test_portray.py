"""Data sets in pictures, on one page."""

import re
import resource
from pathlib import Path

import pytest
from toys.coin import Coin

from simgen.core import RequestError, RunError, build
from simgen.domains.industrial import BearingRig, PumpStation
from simgen.pipeline.catalogue import scenario_names
from simgen.pipeline.generate import generate
from simgen.pipeline.portray import portray


@pytest.fixture(scope="module")
def industrial(tmp_path_factory):
    """A pump station with and without upkeep, and a bearing rig, all small."""
    root = tmp_path_factory.mktemp("industrial")
    never = {"services": False, "inspections": False, "opportunities": False}
    without = {"upkeep": {**PumpStation.small["upkeep"], **never}}
    worlds = {
        "with upkeep": build(PumpStation, PumpStation.small),
        "run to failure": build(PumpStation, {**PumpStation.small, **without}),
        "bearings": build(BearingRig, BearingRig.small),
    }
    return {
        name: generate(world, out=root / name, difficulty=False, quiet=True)
        for name, world in worlds.items()
    }


def test_the_page_shows_what_the_domain_shows(industrial, tmp_path):
    """Readings with events, work, lives by policy, and spectra."""
    page = portray(industrial, out=tmp_path / "page")
    text = page.read_text()

    assert page == tmp_path / "page" / "portrait.html"
    for told in (
        "vibration [mm/s]",
        "seal_leak",
        "Work, run to failure",
        "ball spall: its envelope",
    ):
        assert f">{told}<" in text
    for name in ("with upkeep", "run to failure"):
        assert len(re.findall(rf">{name} \(\d+ of \d+ failed\)<", text)) == 4
    assert "order of the fault, and twice" in text
    assert "upkeep.services=False" in text


def test_a_data_set_alone_is_called_as_its_folder(industrial, tmp_path):
    """It need not be named as several must be."""
    page = portray(industrial["bearings"], out=tmp_path / "page")

    assert "rows: bearings" in page.read_text()


def test_a_data_set_without_pictures_is_refused(tmp_path):
    """With the scenarios that have pictures."""
    coins = generate(Coin(n_flips=50), out=tmp_path / "coins", difficulty=False, quiet=True)

    with pytest.raises(
        RequestError,
        match=r"no pictures of Coin: take a data set of (\w+/\w+, )*industrial/pump_st",
    ) as refused:
        portray({"coins": coins}, out=tmp_path / "page")
    named = str(refused.value).partition("data set of ")[2].split(", ")
    assert set(named) <= set(scenario_names())


@pytest.mark.parametrize("name", ["", "windows"])
def test_a_data_set_is_not_drawn_into(industrial, name):
    """Neither the page nor its images go into one."""
    data = industrial["bearings"]

    with pytest.raises(RequestError, match="holds a data set: give another out"):
        portray({"bearings": data}, out=f"{data.label}/{name}")
    assert not list(Path(data.label).rglob("portrait.html"))


def test_a_page_that_cannot_be_written(industrial, tmp_path):
    """A file stands where the folder should be."""
    (tmp_path / "file").write_text("")

    with pytest.raises(RunError, match="can't write"):
        portray({"bearings": industrial["bearings"]}, out=tmp_path / "file")


def test_an_earlier_page_stays_where_there_is_no_space_for_another(industrial, tmp_path):
    """No file may grow beyond 10 kB here."""
    (tmp_path / "portrait.html").write_text("earlier")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, before[1]))
    try:
        with pytest.raises(RunError, match=r"portrait\.html: File too large: make room"):
            portray({"bearings": industrial["bearings"]}, out=tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)

    assert [path.name for path in tmp_path.iterdir()] == ["portrait.html"]
    assert (tmp_path / "portrait.html").read_text() == "earlier"
