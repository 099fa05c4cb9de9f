"""What `simgen generate`, `fit`, `evaluate` and the like do with the configuration they get."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from omegaconf import DictConfig, OmegaConf

from simgen.cli.composed import (
    asked_again,
    choice,
    executor_of,
    model_of,
    names_of,
    out_of,
    reference_of,
    scenario_of,
)
from simgen.cli.objectives import objective_of
from simgen.cli.schemas import (
    EvaluateCommand,
    ExportCommand,
    FitCommand,
    GenerateCommand,
    PortrayCommand,
    ReviewCommand,
    SearchCommand,
)
from simgen.core import RequestError, RunError, SearchPlan, build, plain
from simgen.pipeline.catalogue import scenario_names
from simgen.pipeline.saying import say, tell
from simgen.storage.remote import without_secrets

# What a command does with its configuration; of some an optimising sweeper gets a number.
Job = Callable[[DictConfig], float | None]


def _generate(config: DictConfig) -> None:
    from simgen.pipeline.generate import generate

    scenario = scenario_of(config)
    name = choice("scenario")
    # A scenario of the catalogue goes by its name, so that the manifest and the card tell it.
    known = name in scenario_names()
    data = generate(
        name if known else scenario,
        out=out_of(config, f"data/{name.replace('/', '_')}"),
        seed=config.seed,
        executor=executor_of(config),
        residual=model_of(config),
        difficulty=config.difficulty,
        quiet=config.quiet,
        **(plain(scenario) if known else {"name": name, "command": asked_again()}),
    )
    if not config.quiet:
        say(f"{data.label}: read its README.md first")


def _fit(config: DictConfig) -> float | None:
    if (config.simulated is None) == (config.scenario is None):
        raise RequestError(
            "give one of two: simulated=FOLDER fits a residual to a data set, scenario=NAME fits "
            "a scenario's parameters"
        )
    is_residual = config.simulated is not None
    for name in ("parameters",) if is_residual else ("sample", "n_shadows", "objective"):
        if config[name]:
            kind = "simulated=FOLDER" if is_residual else "scenario=NAME"
            raise RequestError(f"{name} = {config[name]} is of no use to {kind}: leave it out")
    if is_residual:
        return _fit_residual(config)
    _fit_parameters(config)
    return None


def _fit_residual(config: DictConfig) -> float | None:
    from simgen.pipeline.fit import fit
    from simgen.pipeline.model.card import made_worse
    from simgen.residual import find_residuals

    reference, name = reference_of(config), choice("residual")
    values = OmegaConf.to_container(config.residual, resolve=True)
    found = fit(
        config.simulated,
        reference,
        build(find_residuals()[name], values),  # type: ignore[arg-type]
        out=out_of(config, f"models/{reference.name}_{name}"),
        sample=config.sample,
        n_shadows=config.n_shadows,
        seed=config.seed,
        quiet=config.quiet,
    )
    if not config.quiet:
        if worse := made_worse(found.compared):
            say(worse)
        say(f"{found.folder}: read its README.md first")
    return objective_of(config, found)


def _fit_parameters(config: DictConfig) -> None:
    from simgen.pipeline.fit_parameters import fit_parameters

    scenario, reference, name = scenario_of(config), reference_of(config), choice("scenario")
    out = out_of(config, f"models/{reference.name}_parameters")
    found = fit_parameters(
        scenario,
        reference,
        out=out,
        seed=config.seed,
        n_simulations=config.n_simulations,
        parameters=names_of(config, "parameters"),
        executor=executor_of(config),
        quiet=config.quiet,
        name=name if name in scenario_names() else "",
    )
    if not config.quiet:
        for warning in found.warnings:
            say(warning)
        say(f"{out}: read its README.md first")


def _evaluate(config: DictConfig) -> None:
    from simgen.pipeline.evaluate import evaluate
    from simgen.pipeline.evaluation.gates import check_thresholds, failures

    reference, data = reference_of(config), str(config.synthetic)
    bounds = None if config.gate is None else check_thresholds(config.gate)
    found = evaluate(
        data,
        reference,
        out=out_of(config, f"reports/{_stem(data)}_{reference.name}"),
        seed=config.seed,
        metrics=names_of(config, "metrics"),
        quiet=config.quiet,
    )
    if not config.quiet:
        say(found.verdict.headline)
        say(f"{found.report_path}: open it in a browser")
    if bounds and (failed := failures(found.scores, bounds)):
        name = choice("gate")
        gate = f"gate {name}" if name else f"the gate on {', '.join(bounds)}"
        raise RunError(f"{gate} is not passed: {'; '.join(failed)}")


def _search(config: DictConfig) -> None:
    from simgen.pipeline.search import search

    scenario, name = scenario_of(config), choice("scenario")
    plan = {entry.name: config[entry.name] for entry in dataclasses.fields(SearchPlan)}
    found = search(
        scenario,
        out=out_of(config, f"searches/{name.replace('/', '_')}"),
        seed=config.seed,
        plan=SearchPlan(**plan),
        name=name if name in scenario_names() else "",
    )
    if not config.quiet:
        say("\n".join(found.lines))


def _review(config: DictConfig) -> None:
    from simgen.pipeline.review import review
    from simgen.report.review import ReviewServer

    def opened(server: ReviewServer) -> None:
        print(server.address, flush=True)  # nobody could review what nobody reads
        if not config.quiet:
            told = f"{len(server.answers.given)} of {len(server.examples)} examples are judged"
            tell("Open it in a browser on this machine.")
            tell(f"{told}; Ctrl-C stops, the same command goes on.")

    reference, data = reference_of(config), str(config.synthetic)
    own = ("n", "sample", "reviewer", "seed", "port", "score")
    found = review(
        data,
        reference,
        out=out_of(config, f"reviews/{_stem(data)}_{reference.name}_{config.reviewer}"),
        opened=opened,
        **{name: config[name] for name in own},
    )
    if found.is_finished or config.score:
        say(found.score.headline)
    elif not config.quiet:
        tell(f"{found.n_left} examples are left: the same command goes on")


def _export(config: DictConfig) -> None:
    from simgen.formats import find_formats
    from simgen.pipeline.export import export

    known, name = find_formats(), choice("format")
    if name not in known:
        raise RequestError(f"no format: give format=NAME, one of {', '.join(known)}")
    data = str(config.dataset)
    values = OmegaConf.to_container(config.format, resolve=True)
    place = export(
        data,
        build(known[name], values),  # type: ignore[arg-type]
        out=out_of(config, f"exports/{_stem(data)}_{name}"),
        links=config.links,
        quiet=config.quiet,
    )
    if not config.quiet:
        say(str(place))


def _portray(config: DictConfig) -> None:
    from simgen.pipeline.portray import portray

    data = str(config.dataset)
    page = portray(
        data,
        out=out_of(config, f"portraits/{_stem(data)}"),
        episode=config.episode,
        sensor=config.sensor,
    )
    if not config.quiet:
        say(f"{page}: open it in a browser")


def _stem(data: str) -> str:
    """The last part of the place of a data set, of a URI without its password and options."""
    place = without_secrets(data) if "://" in data else data
    return place.rstrip("/").rpartition("/")[2]


JOBS: dict[type[Any], Job] = {  # by what the command takes
    GenerateCommand: _generate,
    FitCommand: _fit,
    EvaluateCommand: _evaluate,
    SearchCommand: _search,
    ReviewCommand: _review,
    ExportCommand: _export,
    PortrayCommand: _portray,
}
