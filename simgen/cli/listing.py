"""`simgen list` and `simgen show`: what there is, read from files, dataclasses and schemas."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Sequence

from simgen.core import Field, describe, first_line, free
from simgen.pipeline.catalogue import load_scenario, scenario_doc, scenario_names

_WIDEST = 48  # of the columns of a table that goes to a file or a pipe [letters]


def list_scenarios() -> None:
    """Print each scenario with the first sentence of its file."""
    rows = [(name, first_line(scenario_doc(name))) for name in scenario_names()]
    print_table(("scenario", "what happens"), rows)


def show_scenario(name: str) -> None:
    """Print the scenario's story, its parameters and the tables it fills."""
    scenario = load_scenario(name)
    print(scenario_doc(name), end="\n\n")
    print(inspect.getdoc(type(scenario)), end="\n\n")
    print(f"Parameters, each given as scenario.<name>=<value> (version {scenario.version}):\n")
    rows = [
        (about.name, _text(about.value), about.type, about.unit, about.bounds, about.doc)
        for about in describe(scenario)
    ]
    print_table(("name", "value", "type", "unit", "bounds", "meaning"), rows)
    if plausible := [(f.name, f"{f.low:g} to {f.high:g}", f.unit, f.scale) for f in free(scenario)]:
        print("\nFree parameters, which simgen fit may fit, with what is plausible of them:\n")
        print_table(("name", "plausible", "unit", "scale"), plausible)
    for table in scenario.tables:
        print(f"\nTable {table.name}: {table.doc}\n")
        columns = [(f.name, _kind(f), f.unit, f.role, f.doc) for f in table.fields]
        print_table(("column", "type", "unit", "role", "meaning"), columns)


def _text(value: object) -> str:
    """The value as it would be written in a scenario file."""
    if isinstance(value, tuple):
        return f"[{', '.join(map(_text, value))}]"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return str(value)


def _kind(field: Field) -> str:
    return "category" if field.categories else str(field.type)


def print_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Ruled and folded to the width of a terminal; elsewhere one line a row, in columns."""
    if sys.stdout.isatty():
        from rich.console import Console
        from rich.table import Table

        table = Table(*head, box=None, pad_edge=False, padding=(0, 2, 0, 0))
        for row in rows:
            table.add_row(*row)
        Console(markup=False, highlight=False).print(table)
        return
    # A cell that is longer moves its own row alone.
    widths = [max(min(len(row[i]), _WIDEST) for row in (head, *rows)) for i in range(len(head))]
    for row in (head, *rows):
        line = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        print(line.rstrip())
