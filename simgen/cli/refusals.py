"""What Hydra and OmegaConf say when they refuse a request, as one line with a remedy."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from hydra.errors import MissingConfigException, OverrideParseException
from omegaconf import DictConfig
from omegaconf.errors import (
    ConfigAttributeError,
    ConfigKeyError,
    MissingMandatoryValue,
    OmegaConfBaseException,
    ValidationError,
)

from simgen.core import RequestError
from simgen.pipeline.catalogue import scenario_names, schemas, suggest

NO_SCENARIO = "no scenario: give scenario=NAME, one of those that simgen list shows"


def refusal(error: BaseException) -> RequestError:
    """The request error behind `error`, or one that says the same in a line."""
    for cause in _causes(error):
        if isinstance(cause, RequestError):
            return cause
        if isinstance(cause, MissingConfigException) and cause.missing_cfg_file:
            return RequestError(_missing(cause))
        if isinstance(cause, OverrideParseException):
            return RequestError(
                f"can't read {cause.override!r}: write name=value, and quote a value that holds "
                f"any of ,=[]{{}}() or blanks: 'name=\"value\"'"
            )
        if isinstance(cause, MissingMandatoryValue):
            return RequestError(f"no value for {cause.full_key}: give {cause.full_key}=VALUE")
        if isinstance(cause, ConfigAttributeError | ConfigKeyError):
            return RequestError(_unknown(cause))
        if isinstance(cause, ValidationError):
            return RequestError(_mistyped(cause))
    remedy = ": give GROUP=NAME" if "group override must be" in str(error) else ""
    return RequestError(f"{error}{remedy}")


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _mistyped(error: ValidationError) -> str:
    said = str(error.msg or error).split("\n")[0]
    if "ListConfig" in said:
        said = f"a list is wanted: give {error.full_key}=[{error.value}]"
    return f"{error.full_key} = {error.value!r} has the wrong type: {said}"


def _missing(error: MissingConfigException) -> str:
    group, _, name = str(error.missing_cfg_file).partition("/")
    if not name:
        return f"there is no configuration {group!r}: --config-name is for files of your own"
    ours: dict[str, Callable[[], Iterable[str]]] = {"scenario": scenario_names, "schema": schemas}
    known = ours.get(group, lambda: error.options or [])
    return f"unknown {group} {name!r}: {suggest(name, known())}"


def _unknown(error: OmegaConfBaseException) -> str:
    node = error.parent_node
    names = map(str, node) if isinstance(node, DictConfig) else ()
    known = [name for name in names if not name.startswith("_")]
    group = str(error.full_key).partition(".")[0]
    if not known and group == "scenario":
        return NO_SCENARIO
    remedy = suggest(str(error.key), known) if known else f"give {group}=NAME of one that has it"
    return f"unknown parameter {error.full_key}: {remedy}"
