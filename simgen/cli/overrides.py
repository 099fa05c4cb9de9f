"""The values on a command line, looked at before Hydra does.

Hydra takes a value of a wrong shape here and there, or ends in an error of its own that names
nothing.
"""

from __future__ import annotations

import typing
from collections.abc import Sequence
from typing import Any, NamedTuple

# Hydra offers its parser of options nowhere else. One of our own would state its dozen options a
# second time, and Hydra parses the same arguments again.
from hydra._internal.utils import get_args_parser
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Glob, Override, RangeSweep

from simgen.cli.schemas import COMMANDS
from simgen.cli.sources import options
from simgen.core import RequestError

# Of Hydra itself: chosen like our groups, and their settings lie at the dotted name.
_OF_HYDRA = ("hydra/launcher", "hydra/sweeper")


class Given(NamedTuple):
    """What stands on a command line."""

    values: Sequence[str]
    folder: str | None  # the user's own configurations
    wants_help: bool
    is_sweep: bool


def parse(command: str, arguments: Sequence[str]) -> Given:
    """The arguments without the options that concern Hydra alone.

    Raises:
        RequestError: an option is unknown.
    """

    def refuse(message: str) -> None:
        late = "=" in message and any(given.startswith("-") for given in arguments)
        remedy = "give options such as -m first" if late else f"see simgen {command} --help"
        raise RequestError(f"{message}: {remedy}")

    parser = get_args_parser()
    parser.error = refuse  # type: ignore[method-assign,assignment]
    found = parser.parse_args(arguments)
    is_sweep = found.multirun or "hydra.mode=MULTIRUN" in found.overrides
    return Given(found.overrides, found.config_dir, found.help, is_sweep)


def check_overrides(command: str, given: Given) -> None:
    """Refuse a value whose shape is not that of what it is given to, and a sweep over nothing.

    Raises:
        RequestError: there is one.
        OverrideParseException: one can't be read at all.
    """
    for override in OverridesParser.create().parse_overrides(list(given.values)):
        name = override.key_or_group
        if override.is_delete() or override.package is not None:
            continue
        _check_place(command, name, override)
        if _is_group(command, name) and not override.is_sweep_override():
            _check_option(name.replace(".", "/"), override)
        if override.is_sweep_override() and _is_empty(override, command, given.folder):
            raise RequestError(
                f"{name} = {_text(override)} is a sweep over nothing: name the values, as in "
                f"{name}=A,B"
            )


def _kinds(command: str) -> dict[str, Any]:
    return typing.get_type_hints(COMMANDS[command])


def _is_group(command: str, name: str) -> bool:
    """Whether an option is chosen by the name, rather than a value given."""
    groups = {entry for entry, kind in _kinds(command).items() if kind is Any}
    return name in groups or name == "experiment" or name.replace(".", "/") in _OF_HYDRA


def _check_place(command: str, name: str, override: Override) -> None:
    """Refuse a value below one that has nothing below it, and what another command takes."""
    head, _, below = name.partition(".")
    kind = _kinds(command).get(head)
    others = {entry for other in COMMANDS for entry in _kinds(other)}
    if kind is None and head in others:
        raise RequestError(
            f"simgen {command} takes no {head}: see simgen {command} --help for what it takes"
        )
    if below and kind not in {None, Any}:
        is_list = any(typing.get_origin(entry) is list for entry in typing.get_args(kind))
        entry = "NAME" if below.isdigit() else below
        shape = f"a list: give {head}=[{entry}]" if is_list else f"one value: give {head}=VALUE"
        raise RequestError(f"{name} = {_text(override)}: {head} takes {shape}")


def _check_option(group: str, override: Override) -> None:
    value = override.value()
    # A mapping gives a group's settings without a name.
    if isinstance(value, dict) or (isinstance(value, str) and value):
        return
    without = ", or leave it out for none" if value is None else ""
    raise RequestError(
        f"{override.key_or_group} = {_text(override)} names no option: give {group}=NAME{without}"
    )


def _is_empty(override: Override, command: str, folder: str | None) -> bool:
    """Whether Hydra would end a sweep without a job, and without a word."""
    swept: Any = override.value()
    if isinstance(swept, RangeSweep):
        return not swept.step or next(iter(swept.range()), None) is None
    if isinstance(swept, Glob):
        return not swept.filter(options(command, override.key_or_group, folder))
    return False


def _text(override: Override) -> str:
    """The value as it was written."""
    return str(override.input_line).partition("=")[2]
