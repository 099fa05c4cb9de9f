"""`simgen generate`, `fit`, `evaluate` and the like: Hydra composes, the pipeline works."""

from __future__ import annotations

import dataclasses
import os
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import hydra
import yaml
from hydra._internal.utils import get_args_parser
from hydra.core.hydra_config import HydraConfig
from hydra.errors import HydraException
from hydra.types import RunMode
from hydra.utils import instantiate
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException

from simgen.cli.composed import choice, out_of, scenario_of
from simgen.cli.refusals import refusal
from simgen.cli.schemas import COMMANDS
from simgen.cli.sources import offer
from simgen.core import RequestError, RunError, SearchPlan, build, data_folder, plain
from simgen.pipeline.catalogue import scenario_names, suggest

if TYPE_CHECKING:
    from simgen.pipeline.references import Reference


class _JobError(BaseException):
    """Carries a job's error past Hydra, which would go on with a sweep and print more lines."""

    def __init__(self, error: Exception) -> None:
        self.error = error


def run(command: str, arguments: Sequence[str]) -> None:
    """Run the command as a Hydra application.

    Raises:
        RequestError: the arguments don't compose.
        Exception: whatever the first job that failed raised.
    """
    _check_options(command, arguments)
    offer(command)
    application = hydra.main(
        config_path=str(data_folder("configs")), config_name=command, version_base="1.3"
    )(_job(_JOBS[command], COMMANDS[command]))
    before = sys.argv
    sys.argv = ["simgen", *arguments]
    os.environ["HYDRA_FULL_ERROR"] = "1"  # errors are raised to us, not printed
    try:
        application()
    except _JobError as failed:
        if isinstance(failed.error, HydraException | OmegaConfBaseException):
            raise refusal(failed.error) from failed.error
        raise failed.error from None
    except (HydraException, OmegaConfBaseException, yaml.YAMLError, ValueError) as error:
        raise refusal(error) from error
    finally:
        sys.argv = before


def _check_options(command: str, arguments: Sequence[str]) -> None:
    def refuse(message: str) -> None:
        late = "=" in message and any(given.startswith("-") for given in arguments)
        remedy = "give options such as -m first" if late else f"see simgen {command} --help"
        raise RequestError(f"{message}: {remedy}")

    parser = get_args_parser()
    parser.error = refuse  # type: ignore[method-assign,assignment]
    parser.parse_args(arguments)


def _job(work: Callable[[DictConfig], None], schema: type[Any]) -> Callable[[DictConfig], None]:
    def job(config: DictConfig) -> None:
        own = HydraConfig.get()
        if own.mode is RunMode.MULTIRUN and not config.quiet:
            print(f"job {own.job.num}: {' '.join(own.overrides.task)}", file=sys.stderr)
        try:
            _check_names(config, schema)
            work(config)
        except Exception as error:
            # Other launchers run jobs in processes of their own, which would not survive it.
            if own.runtime.choices["hydra/launcher"] == "basic":
                raise _JobError(error) from error
            raise

    return job


def _check_names(config: DictConfig, schema: type[Any]) -> None:
    """Refuse what `+name=value` added: nothing would read it."""
    known = [entry.name for entry in dataclasses.fields(schema)]
    for name in map(str, config):
        if name not in known:
            raise RequestError(f"unknown parameter {name}: {suggest(name, known)}")


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
        executor=instantiate(config.executor),
        residual=None if config.residual is None else config.residual.path,
        difficulty=config.difficulty,
        quiet=config.quiet,
        **(plain(scenario) if known else {}),
    )
    if not config.quiet:
        print(f"{data.label}: read its README.md first")


def _fit(config: DictConfig) -> None:
    if (config.simulated is None) == (config.scenario is None):
        raise RequestError(
            "give one of two: simulated=FOLDER fits a residual to a data set, scenario=NAME fits "
            "a scenario's parameters"
        )
    (_fit_parameters if config.simulated is None else _fit_residual)(config)


def _fit_residual(config: DictConfig) -> None:
    from simgen.pipeline.fit import fit
    from simgen.residual import find_residuals

    reference, name = _reference(config), choice("residual")
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
        print(f"{found.folder}: read its README.md first")


def _fit_parameters(config: DictConfig) -> None:
    from simgen.pipeline.fit_parameters import fit_parameters

    scenario, reference, name = scenario_of(config), _reference(config), choice("scenario")
    out = out_of(config, f"models/{reference.name}_parameters")
    found = fit_parameters(
        scenario,
        reference,
        out=out,
        seed=config.seed,
        n_simulations=config.n_simulations,
        parameters=None if config.parameters is None else list(config.parameters),
        executor=instantiate(config.executor),
        quiet=config.quiet,
        name=name if name in scenario_names() else "",
    )
    if not config.quiet:
        for warning in found.warnings:
            print(warning)
        print(f"{out}: read its README.md first")


def _evaluate(config: DictConfig) -> None:
    from simgen.pipeline.evaluate import evaluate
    from simgen.pipeline.gates import check_thresholds, failures

    reference, data = _reference(config), str(config.synthetic)
    bounds = None if config.gate is None else check_thresholds(config.gate)
    found = evaluate(
        data,
        reference,
        out=out_of(config, f"reports/{data.rstrip('/').rpartition('/')[2]}_{reference.name}"),
        seed=config.seed,
        metrics=None if config.metrics is None else list(config.metrics),
        quiet=config.quiet,
    )
    if not config.quiet:
        print(found.verdict.headline)
        print(f"{found.report_path}: open it in a browser")
    if bounds and (failed := failures(found.scores, bounds)):
        raise RunError(f"gate {choice('gate')} is not passed: {'; '.join(failed)}")


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
        print(*found.lines, sep="\n")


def _review(config: DictConfig) -> None:
    from simgen.pipeline.review import review
    from simgen.report.review import ReviewServer

    def opened(server: ReviewServer) -> None:
        print(server.address, flush=True)
        if not config.quiet:
            told = f"{len(server.answers.given)} of {len(server.examples)} examples are judged"
            print("Open it in a browser on this machine.", file=sys.stderr)
            print(f"{told}; Ctrl-C stops, the same command goes on.", file=sys.stderr)

    reference, data = _reference(config), str(config.synthetic)
    stem = data.rstrip("/").rpartition("/")[2]
    own = ("n", "sample", "reviewer", "seed", "port", "score")
    found = review(
        data,
        reference,
        out=out_of(config, f"reviews/{stem}_{reference.name}_{config.reviewer}"),
        opened=opened,
        **{name: config[name] for name in own},
    )
    if found.is_finished or config.score:
        print(found.score.headline)
    elif not config.quiet:
        print(f"{found.n_left} examples are left: the same command goes on", file=sys.stderr)


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
        out=out_of(config, f"exports/{data.rstrip('/').rpartition('/')[2]}_{name}"),
        links=config.links,
        quiet=config.quiet,
    )
    if not config.quiet:
        print(place)


def _portray(config: DictConfig) -> None:
    from simgen.pipeline.portray import portray

    data = str(config.dataset)
    stem = data.rstrip("/").rpartition("/")[2]
    page = portray(
        {stem: data},
        out=out_of(config, f"portraits/{stem}"),
        episode=config.episode,
        sensor=config.sensor,
    )
    if not config.quiet:
        print(f"{page}: open it in a browser")


_JOBS = {
    "generate": _generate,
    "fit": _fit,
    "evaluate": _evaluate,
    "search": _search,
    "review": _review,
    "export": _export,
    "portray": _portray,
}


def _reference(config: DictConfig) -> Reference:
    from simgen.pipeline.references import describe_reference

    name = choice("reference")
    content = OmegaConf.to_container(config.reference, resolve=True)
    try:
        return describe_reference(name, content)  # type: ignore[arg-type]
    except (TypeError, KeyError, AttributeError) as error:
        raise RequestError(f"reference {name} is not described as one: {error}") from error
