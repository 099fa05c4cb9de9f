"""Shell completion: Hydra's, taught our commands and the scenarios' names."""

from __future__ import annotations

import io
import os
from collections.abc import Iterable, Sequence
from contextlib import redirect_stdout
from dataclasses import fields

from simgen.pipeline.catalogue import scenario_names


def complete(arguments: Sequence[str], commands: Sequence[str]) -> None:
    """Print the shell's script (`-sc install=bash`), or what may follow the line being typed."""
    from simgen.cli.application import run
    from simgen.cli.schemas import COMMANDS

    if not any(argument.startswith("query=") for argument in arguments):
        run("generate", arguments)
        return
    line = os.environ.get("COMP_LINE", "")
    words = [*line.split()[1:], *([""] if line.endswith(" ") else [])]
    match words:
        case [] | [_]:
            print(_matching(words[-1] if words else "", commands))
        case ["show", word]:
            print(_matching(word, scenario_names()))
        case [command, *_, word] if word.startswith("scenario=") and _simulates(command):
            print(_matching(word, (f"scenario={name}" for name in scenario_names())))
        case [command, *_, word] if command in COMMANDS:
            rest = line.split(maxsplit=2)[2] if word or len(words) > 2 else ""
            os.environ["COMP_LINE"] = f"simgen {rest}"
            with redirect_stdout(io.StringIO()) as found:
                run(command, arguments)
            known = {entry for entry in found.getvalue().split() if not _is_ours(entry)}
            extra = ["scenario="] if _simulates(command) else []
            print(_matching(word, {*known, *extra}))


def _simulates(command: str) -> bool:
    """Whether it is a command that takes a scenario."""
    from simgen.cli.schemas import COMMANDS

    return command in COMMANDS and "scenario" in {entry.name for entry in fields(COMMANDS[command])}


def _is_ours(entry: str) -> bool:
    """Whether Hydra offers a folder of scenarios or a schema as if it were an option."""
    return entry.startswith(("scenario/", "schema"))


def _matching(word: str, candidates: Iterable[str]) -> str:
    return " ".join(sorted(entry for entry in candidates if entry.startswith(word)))
