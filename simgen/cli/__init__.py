"""The command line: what it can be asked, and how a command ends.

Exit codes: 0 done, 1 the run failed or was interrupted, 2 the request was wrong. The last two print
one line.
"""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from simgen.core import RequestError, RunError, suggest
from simgen.pipeline.defects import TRACEBACK, at_fault, named_error, third_parties
from simgen.pipeline.saying import silence, tell


class _Command(NamedTuple):
    about: str
    is_resumed: bool = False  # goes on where it was interrupted; others keep only what is whole


# What those take that Hydra composes stands in `schemas.py`, whose import `--help` does without.
_COMMANDS = {
    "list": _Command("name every scenario"),
    "show": _Command("explain one scenario: its parameters, its tables"),
    "generate": _Command("simulate a scenario and write the labelled records", is_resumed=True),
    "fit": _Command(
        "fit a scenario's parameters, or a residual, to real reference data", is_resumed=True
    ),
    "evaluate": _Command("judge a data set against real reference data"),
    "search": _Command("estimate how rare critical cases are, and write cases to generate from"),
    "portray": _Command("draw a data set: a page, and images beside it"),
    "review": _Command("let an expert judge, blinded, which examples are real", is_resumed=True),
    "export": _Command("write a data set in a format that others read"),
    "carla-server": _Command("speak CARLA's protocol on the road world, without a GPU"),
}

_HELP = f"""simgen: labelled data about rare events, from simulated worlds.

{chr(10).join(f"  simgen {name:<12} {command.about}" for name, command in _COMMANDS.items())}

  simgen show fraud/retail_bank
  simgen generate scenario=fraud/retail_bank seed=7 out=data/bank
  simgen evaluate synthetic=data/bank reference=ulb_creditcard

`simgen COMMAND --help` tells more. Shell completion: eval "$(simgen -sc install=bash)"."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command given by `arguments`, by default the process's own; return the exit code."""
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    _open_streams()
    before = warnings.formatwarning
    warnings.formatwarning = _warning  # type: ignore[assignment]
    try:
        _run(arguments)
        sys.stdout.flush()  # here a reader that left is no error
    except SystemExit as stop:  # Hydra's way to end after --help
        return _fail(1, stop.code) if isinstance(stop.code, str) else int(stop.code or 0)
    except KeyboardInterrupt as stop:
        way = "".join(map(str, stop.args))
        is_resumed = _is_resumed(arguments)
        how = f"{way} goes on with what is finished" if is_resumed else " begins anew"
        return _fail(1, f"interrupted: the same command{how}")
    except BrokenPipeError:  # `simgen list | head`; jobs end otherwise, see `application`
        return 0
    except RequestError as error:
        return _fail(2, str(error), error)
    except (RunError, OSError) as error:
        return _fail(1, str(error), error)
    except Exception as error:  # noqa: BLE001 - whatever it is, it ends as one line
        return _fail(1, _blamed(error), error)
    finally:
        warnings.formatwarning = before
        _leave_nothing_unsaid()
    return 0


def _open_streams() -> None:
    """Have output and errors go nowhere if `>&-` closed them: Python has None then."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            nowhere = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - kept
            setattr(sys, name, nowhere)


def _leave_nothing_unsaid() -> None:
    """Empty the streams here: where that fails, Python would end with a code of its own."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            silence(stream)


def _warning(message: Warning | str, *_where: object) -> str:
    """A warning as one line, as all else that is said."""
    return f"simgen: {' '.join(str(message).split())}\n"


def _run(arguments: Sequence[str]) -> None:
    match arguments:
        case [] | ["-h" | "--help" | "help"]:
            print(_HELP)
        case ["--version"]:
            print(f"simgen {version('simgen')}")
        case ["list" | "show" as command, *rest]:
            _tell(command, rest)
        case ["-sc" | "--shell-completion", *_]:
            from simgen.cli.completion import complete

            complete(arguments, list(_COMMANDS))
        case ["carla-server", *rest]:
            from simgen.cli.carla_server import serve_carla

            serve_carla(rest)
        case [command, *rest] if command in _COMMANDS:
            from simgen.cli.application import run

            run(command, rest)
        case [unknown, *_]:
            raise RequestError(f"unknown command {unknown!r}: {suggest(unknown, _COMMANDS)}")


def _is_resumed(arguments: Sequence[str]) -> bool:
    """Whether the command goes on where it was interrupted; a residual's fit is written at once."""
    is_residual = any(argument.startswith("simulated=") for argument in arguments)
    command = _COMMANDS.get(next(iter(arguments), ""))
    return command is not None and command.is_resumed and not is_residual


def _tell(command: str, names: Sequence[str]) -> None:
    """List the scenarios, or show one."""
    from simgen.cli.listing import list_scenarios, show_scenario

    takes = {"list": "no argument", "show": "the name of one scenario"}[command]
    match command, names:
        case _, ["-h" | "--help"]:
            print(f"simgen {command}: {_COMMANDS[command].about}; takes {takes}")
        case "list", []:
            list_scenarios()
        case "show", [name] if not name.startswith("-"):
            show_scenario(name)
        case _:
            raise RequestError(f"simgen {command} takes {takes}, got {names}")


def _blamed(error: Exception) -> str:
    """What nobody foresaw, and whose it is."""
    package = at_fault(error, third_parties())
    whose = f"a defect of {package}" if package else "a bug in simgen"
    return f"{named_error(error)} ({whose}: {TRACEBACK}=1 shows where)"


def _fail(code: int, line: str, error: BaseException | None = None) -> int:
    """Print the line; where a traceback is wanted, raise the error instead."""
    if error and os.environ.get(TRACEBACK) == "1":
        raise error
    tell(f"simgen: {' '.join(line.split())}")
    return code
