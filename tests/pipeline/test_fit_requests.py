"""Requests for a fit of parameters that can't be answered: refused before any data is looked at."""

import pytest

from simgen.core import RequestError, build
from simgen.pipeline.catalogue import load_scenario
from simgen.pipeline.fit_parameters import fit_parameters
from simgen.pipeline.references import ENVIRONMENT


@pytest.mark.parametrize(
    ("name", "n_simulations", "line"),
    [
        ("fraud/retail_bank", 150, "150 are too few for . parameters: give at least 1"),
        (
            "industrial/compressor_station",
            400,
            "reference ulb_creditcard is of the domain fraud, and the scenario of industrial: ",
        ),
    ],
)
def test_what_no_simulation_could_answer_is_refused(
    tmp_path, monkeypatch, name, n_simulations, line
):
    """More parameters than simulations can tell, and real rows of another domain."""
    monkeypatch.setenv(ENVIRONMENT, str(tmp_path))  # the rows need not be there
    kind = type(load_scenario(name))
    scenario = build(kind, kind.small)

    with pytest.raises(RequestError, match=line):
        fit_parameters(
            scenario, "ulb_creditcard", out=tmp_path / "fit", n_simulations=n_simulations
        )

    assert not (tmp_path / "fit").exists()


def test_missing_rows_are_told_before_a_world_is_simulated(tmp_path, monkeypatch):
    """One that takes hours here."""
    monkeypatch.setenv(ENVIRONMENT, str(tmp_path))
    large = load_scenario("fraud/retail_bank", n_customers=10_000_000)

    with pytest.raises(RequestError, match=str(tmp_path)):
        fit_parameters(large, "ulb_creditcard", out=tmp_path / "fit")
