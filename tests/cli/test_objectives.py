"""A sweeper that optimises gets one score of each fit, or is refused before any work."""

import pytest
import yaml

from simgen.cli import main
from simgen.pipeline.generate import generate
from simgen.pipeline.references import load_reference

pytest.importorskip("hydra_plugins.hydra_optuna_sweeper", reason="no hydra-optuna-sweeper")
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # Optuna's own, of SQLAlchemy
OPTUNA = ("-m", "hydra/sweeper=optuna", "hydra.sweeper.n_trials=2", "quiet=true")


@pytest.mark.parametrize(
    ("command", "request_", "line"),
    [
        ("generate", ["scenario=coins/fair"], "hydra/sweeper=optuna needs a number of each job"),
        ("fit", ["simulated=x"], "hydra/sweeper=optuna needs a number of each job"),
        (
            "fit",
            ["simulated=x", "objective=c2ts"],
            "objective = 'c2ts' is no score of a fit: did you mean c2st?",
        ),
        (
            "fit",
            ["simulated=x", "objective=tstr"],
            "minimize makes tstr worse: give hydra.sweeper.direction=maximize",
        ),
        (
            "fit",
            ["simulated=x", "residual=private", "objective=c2st"],
            "residual=private gives no scores",
        ),
    ],
)
def test_a_sweep_that_can_have_no_number_is_refused(simgen, tmp_path, command, request_, line):
    """Before the first job begins, and the line says what to do instead."""
    code, _, err = simgen(command, *OPTUNA, *request_, "seed=1,2")

    assert (code, err.splitlines()[-1].count(line)) == (2, 1)
    assert not list(tmp_path.rglob("*.parquet"))


@pytest.mark.slow
@pytest.mark.skipif(not load_reference("ulb_creditcard").path.is_file(), reason="no ULB file")
def test_a_fit_is_optimised_by_its_score(tmp_path, monkeypatch):
    """The best value is that of a job, which its folder holds too."""
    monkeypatch.chdir(tmp_path)
    bank = {"n_customers": 300, "n_days": 60, "difficulty": False, "quiet": True}
    generate("fraud/retail_bank", out=tmp_path / "bank", seed=3, **bank)
    request = ("simulated=bank", "residual=quantile", "objective=marginal_ks", "seed=1,2")

    assert main(["fit", *OPTUNA, *request, "hydra.sweep.dir=swept"]) == 0

    found = yaml.safe_load((tmp_path / "swept" / "optimization_results.yaml").read_text())
    scores = [
        yaml.safe_load(path.read_text())["marginal_ks"]["after"]["value"]
        for path in (tmp_path / "swept").glob("*/scores.json")
    ]
    assert found["best_value"] == min(scores)
