"""What every command reads from the configuration that Hydra composed."""

from __future__ import annotations

from typing import Any

from hydra.core.hydra_config import HydraConfig
from hydra.types import RunMode
from omegaconf import DictConfig, OmegaConf

from simgen.cli.mirrors import scenario_class
from simgen.cli.refusals import NO_SCENARIO
from simgen.core import RequestError, Scenario, build


def choice(group: str) -> str:
    """The option that is chosen of a group."""
    return str(HydraConfig.get().runtime.choices[group])


def out_of(config: DictConfig, default: str) -> str:
    """Where the job writes: where it was told to, or a folder of its own."""
    own = HydraConfig.get()
    if own.mode is RunMode.MULTIRUN:
        default = own.runtime.output_dir
    return str(config.out or default)


def scenario_of(config: DictConfig) -> Scenario[Any]:
    """The scenario that a configuration describes.

    Raises:
        RequestError: there is none, or its parameters are wrong.
    """
    if OmegaConf.is_missing(config, "scenario"):
        raise RequestError(NO_SCENARIO)
    kind = scenario_class(OmegaConf.get_type(config.scenario))
    if kind is None:
        raise RequestError("the scenario's file must begin with defaults: [/schema/NAME, _self_]")
    values = OmegaConf.to_container(config.scenario, resolve=True)
    scenario: Scenario[Any] = build(kind, values)  # type: ignore[arg-type]
    return scenario
