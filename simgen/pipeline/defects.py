"""Whose defect an error is: simgen's own, or that of a scenario which somebody else wrote."""

from __future__ import annotations

import traceback
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

from simgen.core import RequestError, RunError, Scenario
from simgen.core.compiled import check_cache
from simgen.core.domain import domain_entries

# Set to 1, the command line shows an error with its traceback.
TRACEBACK = "SIMGEN_TRACEBACK"

_OURS, _OUR_SCENARIOS = "simgen", "simgen.domains."


@contextmanager
def named(scenario: Scenario[Any], where: str) -> Iterator[None]:
    """Have what a scenario's code raises say where that was and whose it is.

    Args:
        scenario: it.
        where: what of it runs, such as `block 2 of coins/fair`.

    Raises:
        RunError: the code ends the program, or is not simgen's and raises what is meant for nobody.
    """
    try:
        yield
    except (RequestError, RunError):
        raise
    except SystemExit as stop:
        raise RunError(
            f"{where} ends the program, by sys.exit({stop.code!r}): a scenario must raise an error"
        ) from stop
    except Exception as error:
        check_cache(error)
        owner = _owner(scenario, error)
        if owner == _OURS:
            raise
        raise RunError(
            f"{where}: {named_error(error)} (a defect of {owner}: {TRACEBACK}=1 shows where)"
        ) from error


def named_error(error: BaseException) -> str:
    """An error's type and text."""
    return f"{type(error).__name__}: {error}"


def at_fault(error: BaseException, owners: Collection[str]) -> str | None:
    """The one of these top modules whose code was last on the way to an error; None if none."""
    on_the_way = [_top_module(module) for module in _modules(error)]
    return next((name for name in reversed(on_the_way) if name in owners), None)


def third_parties() -> set[str]:
    """The top modules that bring domains, simgen's own left out."""
    return {_top_module(entry.module) for entry in domain_entries()} - {_OURS}


def _owner(scenario: Scenario[Any], error: BaseException) -> str:
    """The top module whose scenario code ran last.

    Where none ran, our checks refuse what it gave them: it is the scenario's own.
    """
    kinds = [kind for kind in type(scenario).__mro__ if issubclass(kind, Scenario)]
    owners = {_top_module(kind.__module__) for kind in kinds} - {_OURS}
    ran = [
        module
        for module in _modules(error)
        if module.startswith(_OUR_SCENARIOS) or _top_module(module) in owners
    ]
    return _top_module((ran or [type(scenario).__module__])[-1])


def _modules(error: BaseException) -> list[str]:
    """The modules that the error's traceback goes through, the one that raised it last."""
    frames = traceback.walk_tb(error.__traceback__)
    return [str(frame.f_globals.get("__name__")) for frame, _ in frames]


def _top_module(module: str) -> str:
    name = module.partition(".")[0]
    return "__main__" if name == "__mp_main__" else name  # what a worker calls the script
