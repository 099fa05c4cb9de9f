"""What every command reads from the configuration that Hydra composed."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from hydra.core.hydra_config import HydraConfig
from hydra.errors import InstantiationException
from hydra.types import RunMode
from hydra.utils import instantiate
from omegaconf import DictConfig, ListConfig, OmegaConf

from simgen.cli.mirrors import scenario_class
from simgen.cli.refusals import NO_SCENARIO
from simgen.core import RequestError, Scenario, build, first_line

if TYPE_CHECKING:
    from simgen.pipeline.executors import Executor
    from simgen.pipeline.references import Reference


def choice(group: str) -> str:
    """The option that is chosen of a group; "" if none is, or settings are given without a name."""
    return str(HydraConfig.get().runtime.choices.get(group) or "")


def out_of(config: DictConfig, default: str) -> str:
    """Where the job writes: where it was told to, or a folder of its own."""
    own = HydraConfig.get()
    if own.mode is RunMode.MULTIRUN:
        default = own.runtime.output_dir
    return str(config.out or default)


def asked_again() -> list[str]:
    """The words that ask for the job's data set again: in `here`, with a model in `model`.

    Configurations of the user's own are in a folder of that name.
    """
    own = HydraConfig.get()
    folders = [s.path for s in own.runtime.config_sources if s.provider == "command-line"]
    named = [(word.lstrip("+").partition("=")[0], word) for word in own.overrides.task]
    words = [
        "residual.path=model" if name == "residual.path" else word
        for name, word in named
        if name not in {"out", "quiet"}
    ]
    # Where the folder lies is the user's own affair.
    options = [f"--config-dir={PurePath(folder).name}" for folder in folders]
    return ["simgen", "generate", *options, *words, "out=here"]


def names_of(config: DictConfig, field: str) -> list[str] | None:
    """The names that a list holds; None if nothing is chosen.

    Raises:
        RequestError: it is no list, as where it was interpolated.
    """
    value = config[field]
    if value is None:
        return None
    if not isinstance(value, ListConfig):
        raise RequestError(f"{field} = {value!r} is no list: give {field}=[NAME]")
    return list(value)


def executor_of(config: DictConfig) -> Executor:
    """The executor that a configuration describes.

    Raises:
        RequestError: there is none, or its settings are wrong.
    """
    try:
        found = instantiate(config.executor)
    except InstantiationException as error:
        if isinstance(error.__cause__, RequestError):
            raise error.__cause__ from None
        reason = first_line(error.__cause__ or error)
        raise RequestError(
            f"executor {choice('executor')} can't be made: {reason}: see simgen generate --help"
        ) from error
    if not callable(getattr(found, "run", None)):
        raise RequestError(
            f"executor._target_ = {config.executor.get('_target_')!r} makes no executor: "
            "give executor=NAME"
        )
    made: Executor = found
    return made


def scenario_of(config: DictConfig) -> Scenario[Any]:
    """The scenario that a configuration describes.

    Raises:
        RequestError: there is none, or its parameters are wrong.
    """
    if OmegaConf.is_missing(config, "scenario") or not choice("scenario"):
        raise RequestError(NO_SCENARIO)
    kind = scenario_class(OmegaConf.get_type(config.scenario))
    if kind is None:
        raise RequestError("the scenario's file must begin with defaults: [/schema/NAME, _self_]")
    values = OmegaConf.to_container(config.scenario, resolve=True)
    scenario: Scenario[Any] = build(kind, values)  # type: ignore[arg-type]
    return scenario


def model_of(config: DictConfig) -> str | None:
    """The folder of the fitted residual to apply; None for none.

    Raises:
        RequestError: it is no folder's name, as settings may be given without residual=fitted.
    """
    if config.residual is None:
        return None
    path = config.residual.path
    if not isinstance(path, str):
        raise RequestError(
            f"residual.path = {path!r} is no folder: give residual=fitted residual.path=FOLDER"
        )
    return path


def reference_of(config: DictConfig) -> Reference:
    """The reference that a configuration describes.

    Raises:
        RequestError: it is not described as one.
    """
    from simgen.pipeline.references import describe_reference

    content = OmegaConf.to_container(config.reference, resolve=True)
    return describe_reference(choice("reference"), content)
