"""The folder that a fit of parameters leaves: plain files, none of which is ever executed.

`parameters.json` for programs, `scenario/fitted.yaml` to run, `report.html` and `README.md` for
people.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml

from simgen.core import Scenario, changed, plain
from simgen.pipeline.catalogue import nested, scenario_names, schemas
from simgen.pipeline.folders import write_text
from simgen.pipeline.parameter_fit.found import FittedParameter, FittedParameters
from simgen.pipeline.parameter_fit.page import fit_page
from simgen.report.figures.parameter_fit import standalone
from simgen.report.parameter_fit import render_fit, render_fit_card

PARAMETERS, REPORT, CARD = "parameters.json", "report.html", "README.md"
SCENARIO = Path("scenario") / "fitted.yaml"  # as Hydra's --config-dir wants it
FIGURES = "figures"
FORMAT = 1  # goes up when readers of parameters.json must change


def write_fit(fitted: FittedParameters, scenario: Scenario[Any]) -> None:
    """Write all files; the same fit gives the same bytes.

    Raises:
        RunError: the disk is full.
    """
    page = fit_page(fitted, use=f"simgen generate --config-dir {fitted.folder} scenario=fitted")
    files = {
        Path(PARAMETERS): json.dumps(_plain(fitted), indent=1, allow_nan=False) + "\n",
        SCENARIO: _scenario_text(fitted, scenario),
        Path(CARD): render_fit_card(page),
        Path(REPORT): render_fit(page),
        Path(FIGURES) / "misses.svg": standalone(page.misses.panels[0]),
    }
    for figure in page.posteriors:
        files[Path(FIGURES) / f"{figure.caption}.svg"] = standalone(figure.panels[0])
    for name, text in files.items():
        write_text(fitted.folder / name, text)


def _plain(fitted: FittedParameters) -> dict[str, Any]:
    """All that was found, as JSON would hold it."""
    after, before = fitted.after, fitted.before
    return {
        "format": FORMAT,
        "scenario": fitted.scenario,
        "version": fitted.settings["version"],
        "reference": fitted.reference.name,
        "seed": fitted.settings["seed"],
        "n_simulations": fitted.settings["n_simulations"],
        "misspecified": fitted.is_misspecified,
        "warnings": fitted.warnings,
        "parameters": {
            name: _plain_parameter(parameter) for name, parameter in fitted.parameters.items()
        },
        "oddness": {
            "distance": fitted.oddness.distance,
            "farther_share": fitted.oddness.farther_share,
        },
        "summaries": {
            name: {
                "real": float(fitted.observed[i]),
                "before": float(before.mean[i]),
                "after": [float(after.low[i]), float(after.mean[i]), float(after.high[i])],
                "tail_share": float(after.tail_share[i]),
                "reproduced": not after.is_missed[i],
                "in_reach": not fitted.oddness.is_out_of_reach[i],
            }
            for i, name in enumerate(fitted.names)
        },
    }


def _plain_parameter(parameter: FittedParameter) -> dict[str, Any]:
    return {
        "value": parameter.value,
        "before": parameter.about.value,
        "median": parameter.median,
        "low": parameter.low,
        "high": parameter.high,
        "plausible": [parameter.about.low, parameter.about.high],
        "scale": parameter.about.scale,
        "unit": parameter.about.unit,
        "narrowing": parameter.narrowing,
        "told": parameter.is_told,
        "leans": parameter.leans,
    }


def _scenario_text(fitted: FittedParameters, scenario: Scenario[Any]) -> str:
    """A scenario file: what it inherits, and the values that the data told."""
    values = fitted.values
    if fitted.scenario in scenario_names():
        parent, content = fitted.scenario, nested(values)
    else:
        known = {kind: f"/schema/{key}" for key, kind in schemas().items()}
        parent = known.get(type(scenario), f"/schema/{type(scenario).__name__}")
        content = plain(changed(scenario, values))
    head = (
        f"# {fitted.scenario}, with {len(values)} parameters fitted to {fitted.reference.title}.\n"
        "# Intervals, and what the data say nothing about: README.md, beside this folder.\n"
        f"defaults: [{parent}, _self_]\n"
    )
    return head + (yaml.safe_dump(content, sort_keys=False) if content else "")
