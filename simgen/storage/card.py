"""The data card: what a newcomer reads first in a data set's folder."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from simgen.core import leaves
from simgen.storage.words import assigned


def card(manifest: Mapping[str, Any], command: Sequence[str] | None = None) -> str:
    """The card of the data set with this manifest, as Markdown.

    Args:
        manifest: it.
        command: the words that ask for it, if there are any, where its scenario is not one of the
            catalogue; None where it is, and its name tells them.
    """
    is_named = command is None and _is_named(manifest["scenario"])
    tables = manifest["tables"]
    labelled = {name: table for name, table in tables.items() if table["labels"]}
    text = markdown_template("simgen.storage", "card.md.jinja").render(
        m=manifest,
        imported="" if is_named else _imported(manifest["scenario"]["class"]),
        call=_call(manifest, is_named=is_named),
        command=shlex.join((_command(manifest) if is_named else command) or ()),
        first=next(iter(labelled or tables)),
        labelled=labelled,
        entities=", ".join(
            f"`{entity}`"
            for entity in dict.fromkeys(table["entity"] for table in labelled.values())
            if entity
        ),
        number=_number,
        percent=_percent,
        size=_size,
    )
    return re.sub(r"\n{3,}", "\n\n", text)


@cache
def markdown_template(package: str, name: str) -> Any:
    """A Jinja template of a package that writes Markdown."""
    import jinja2  # noqa: PLC0415 - costs 40 ms that `import simgen` need not pay

    source = files(package) / "templates" / name
    # Markdown for people, not HTML: escaping would show.
    environment = jinja2.Environment(  # noqa: S701
        trim_blocks=True, undefined=jinja2.StrictUndefined, keep_trailing_newline=True
    )
    return environment.from_string(source.read_text(encoding="utf-8"))


def _imported(path: str) -> str:
    """The line that brings a scenario's class; a remark where none can."""
    module, _, name = path.rpartition(".")
    if module == "__main__" or "<locals>" in module:
        return f"# {name} is a class of the script that made this data set."
    return f"from {module} import {name}"


def _call(manifest: Mapping[str, Any], *, is_named: bool) -> str:
    """What to hand to `generate`: the scenario, and what was changed about it."""
    scenario, changed = manifest["scenario"], manifest["changed_parameters"]
    if is_named:
        values = "".join(f", {name}={value!r}" for name, value in changed.items())
        return f'"{scenario["name"]}"{values}'
    name = scenario["class"].rpartition(".")[2]
    return f"simgen.core.build({name}, {changed!r})" if changed else f"{name}()"


def _command(manifest: Mapping[str, Any]) -> list[str]:
    scenario = manifest["scenario"]
    if scenario["name"].endswith(".yaml"):
        return []  # the command line knows files of one's own by --config-dir alone
    words = [f"scenario={scenario['name']}", f"seed={manifest['seed']}", "out=here"]
    for name, value in leaves(manifest["changed_parameters"]):
        words.append(assigned(f"scenario.{name}", value))
    if manifest.get("residual"):
        words += ["residual=fitted", "residual.path=model"]
    return ["simgen", "generate", *words]


def _is_named(scenario: Mapping[str, Any]) -> bool:
    return str(scenario["name"]) != str(scenario["class"]).rpartition(".")[2]


def _number(value: float | bool | None) -> str:  # noqa: FBT001 - JSON has them all
    if value is None or isinstance(value, bool):
        return {None: "undefined", True: "yes", False: "no"}[value]
    return f"{value:,}" if isinstance(value, int) else f"{value:.4g}"


def _percent(part: float, whole: float) -> str:
    return f"{100 * part / whole:.3g} %" if whole else "undefined (no rows)"


def _size(n_bytes: float) -> str:
    for unit in ("B", "kB", "MB"):
        if n_bytes < 1000:
            return f"{n_bytes:.3g} {unit}"
        n_bytes /= 1000
    return f"{n_bytes:,.3g} GB"
