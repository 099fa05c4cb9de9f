"""The number of a job that an optimising sweeper is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hydra.core.hydra_config import HydraConfig
from omegaconf import DictConfig

from simgen.cli.composed import choice
from simgen.core import RequestError, RunError, suggest

if TYPE_CHECKING:
    from simgen.pipeline.fit import Fit

# Sweepers of Hydra's own project that need a number of each job; others need none.
_OPTIMISERS = ("ax", "nevergrad", "optuna")


def check_objective(config: DictConfig) -> None:
    """Refuse a job whose number is missing, or could not be had, before its work.

    Raises:
        RequestError: so it is.
    """
    name, sweeper = config.get("objective"), choice("hydra/sweeper")
    if name is not None:
        _check_score(name, sweeper)
    elif sweeper in _OPTIMISERS:
        raise RequestError(
            f"hydra/sweeper={sweeper} needs a number of each job: give objective=METRIC to simgen "
            "fit simulated=FOLDER, or sweep over lists of values without it"
        )


def objective_of(config: DictConfig, found: Fit) -> float | None:
    """The score of held-out real rows after the correction that the sweep asks for.

    Raises:
        RunError: it is undefined.
    """
    if config.objective is None:
        return None
    _, score = found.scores[config.objective]
    if score.value is None:
        raise RunError(f"objective {config.objective} is undefined: {score.reason}")
    return score.value


def _check_score(name: str, sweeper: str) -> None:
    from simgen.metrics import find_metrics
    from simgen.pipeline.fit import JUDGES
    from simgen.residual import find_residuals

    if name not in JUDGES:
        raise RequestError(f"objective = {name!r} is no score of a fit: {suggest(name, JUDGES)}")
    residual = choice("residual")
    if find_residuals()[residual].is_private:
        raise RequestError(
            f"objective = {name!r}: residual={residual} gives no scores, as they would tell of "
            "real rows: choose another residual"
        )
    better = "maximize" if find_metrics()[name].direction == "higher" else "minimize"
    given = HydraConfig.get().sweeper.get("direction")
    if sweeper == "optuna" and getattr(given, "name", given) != better:
        raise RequestError(
            f"hydra.sweeper.direction = {getattr(given, 'name', given)} makes {name} worse: "
            f"give hydra.sweeper.direction={better}"
        )
