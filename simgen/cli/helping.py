"""`simgen COMMAND --help`: what a command takes, as its file in configs/ tells it.

Hydra's own help prints the whole configuration, of a reference some hundred lines, and offers the
groups of all commands.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from simgen.cli.listing import print_table
from simgen.cli.sources import options
from simgen.core import data_folder

_VALUE = re.compile(r"(?P<group>  - )?(?P<name>\w+): (?P<value>\S+)(?: +# (?P<meaning>.*))?")


class _Entry(NamedTuple):
    name: str
    value: str
    meaning: str
    is_group: bool


def print_help(command: str, folder: str | None) -> None:
    """Print how the command is called, its values with what they mean, and what may be chosen.

    Args:
        command: its name.
        folder: the user's own configurations, if there are any.
    """
    lines = (data_folder("configs") / f"{command}.yaml").read_text(encoding="utf-8").splitlines()
    entries = [_Entry(*_parts(found)) for line in lines if (found := _VALUE.fullmatch(line))]
    for line in lines:
        if line.startswith("#"):
            print(line.removeprefix("#").removeprefix(" "))
    print("\nWhat may be given as NAME=VALUE, and what holds otherwise (???: it must be given):\n")
    print_table(("name", "value", "meaning"), [entry[:3] for entry in entries])
    groups = [entry.name for entry in entries if entry.is_group]
    groups += ["experiment"] if command == "generate" else []
    named = [(name, ", ".join(sorted(options(command, name, folder)))) for name in groups]
    if named := [(name, text) for name, text in named if text]:
        print("\nWhat is chosen by name:\n")
        print_table(("name", "one of"), named)
    print(
        f"\nsimgen {command} NAME=VALUE ... --cfg job shows all values that are in force, and those"
        "\nof what was chosen. -m runs every combination of values; --hydra-help has more options."
    )


def _parts(found: re.Match[str]) -> tuple[str, str, str, bool]:
    group, name, value, meaning = found.group("group", "name", "value", "meaning")
    return name, value, meaning or "", group is not None
