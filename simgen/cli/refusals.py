"""What Hydra and OmegaConf say when they refuse a request, as one line with a remedy."""

from __future__ import annotations

import os
import shlex
import traceback
from collections.abc import Callable, Iterable, Iterator

import yaml
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.errors import HydraException, MissingConfigException, OverrideParseException
from omegaconf import DictConfig
from omegaconf.errors import (
    ConfigAttributeError,
    ConfigKeyError,
    InterpolationResolutionError,
    MissingMandatoryValue,
    OmegaConfBaseException,
    ValidationError,
)

from simgen.core import RequestError, first_line, suggest
from simgen.pipeline.catalogue import scenario_names, schemas
from simgen.storage.words import assigned

# Plugins of Hydra's own project, and which of our extras brings them.
_EXTRAS = {"joblib": "sweep", "optuna": "sweep", "ray": "ray"}
NO_SCENARIO = "no scenario: give scenario=NAME, one of those that simgen list shows"


def refusal(error: BaseException) -> RequestError:
    """The request error behind `error`, or one that says the same in a line."""
    for cause in _causes(error):
        if isinstance(cause, RequestError):
            return cause
        if isinstance(cause, MissingConfigException) and cause.missing_cfg_file:
            return RequestError(_missing(cause))
        if isinstance(cause, OverrideParseException):
            return RequestError(f"can't read {cause.override!r}: {_readable(cause.override)}")
        if isinstance(cause, MissingMandatoryValue):
            return RequestError(f"no value for {cause.full_key}: give {cause.full_key}=VALUE")
        if isinstance(cause, ConfigAttributeError | ConfigKeyError):
            return RequestError(_unknown(cause))
        if isinstance(cause, ValidationError):
            return RequestError(_mistyped(cause))
        if isinstance(cause, InterpolationResolutionError):
            reason = first_line(cause)
            return RequestError(
                f"can't work out {cause.full_key}: {reason}: give {cause.full_key}=VALUE"
            )
    if isinstance(error, HydraException | OmegaConfBaseException | ValueError | yaml.YAMLError):
        return RequestError(_other(str(error)))
    kind = type(error).__name__
    return RequestError(f"Hydra takes no such value ({kind}: {error}): see --hydra-help")


def is_of_hydra(error: BaseException) -> bool:
    """Whether Hydra's own code raised an error, as it does where values contradict its types."""
    modules = [frame.f_globals["__name__"] for frame, _ in traceback.walk_tb(error.__traceback__)]
    return modules[-1].partition(".")[0] in {"hydra", "hydra_plugins", "omegaconf"}


def _readable(override: str) -> str:
    """How to write what Hydra's grammar does not take, ready to paste into a shell."""
    name, _, value = override.partition("=")
    # In quotes a shell leaves ~ as it is, and so do we.
    value = os.path.expanduser(value)  # noqa: PTH111 - a value need be no path
    word = assigned(name, value)
    try:
        OverridesParser.create().parse_override(word)
    except HydraException:
        return "write name=value"
    closing = "close its brackets, or " if value.startswith(("[", "{")) else ""
    return f"{closing}quote it: {shlex.quote(word)}"


def _other(said: str) -> str:
    """What Hydra said, with a remedy where it gives none."""
    override = said.removeprefix("Error merging override ")
    if override != said:
        return (
            f"{override} has the wrong shape, a list for a mapping or the reverse: "
            "give one as --cfg job shows it"
        )
    remedies = {
        "group override must be": "give GROUP=NAME",
        "BasicSweeper does not support": "give a list of values, or hydra/sweeper=optuna to a fit",
    }
    return ": ".join([said, *(remedy for part, remedy in remedies.items() if part in said)])


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _mistyped(error: ValidationError) -> str:
    said = first_line(error.msg or error)
    if "ListConfig" in said:
        said = f"a list is wanted: give {error.full_key}=[{error.value}]"
    return f"{error.full_key} = {error.value!r} has the wrong type: {said}"


def _missing(error: MissingConfigException) -> str:
    missing = str(error.missing_cfg_file)
    group, _, name = (
        missing.rpartition("/") if missing.startswith("hydra/") else missing.partition("/")
    )
    if not name:
        return f"there is no configuration {group!r}: --config-name is for files of your own"
    if group.startswith("hydra/") and name in _EXTRAS:
        return f"{group}={name} is not installed: pip install 'simgen[{_EXTRAS[name]}]'"
    ours: dict[str, Callable[[], Iterable[str]]] = {"scenario": scenario_names, "schema": schemas}
    known = ours.get(group, lambda: error.options or [])
    return f"unknown {group} {name!r}: {suggest(name, known())}"


def _unknown(error: OmegaConfBaseException) -> str:
    node = error.parent_node
    names = map(str, node) if isinstance(node, DictConfig) else ()
    known = [name for name in names if not name.startswith("_") and name != "hydra"]
    group = str(error.full_key).partition(".")[0]
    if not known and group == "scenario":
        return NO_SCENARIO
    remedy = suggest(str(error.key), known) if known else f"give {group}=NAME of one that has it"
    return f"unknown parameter {error.full_key}: {remedy}"
