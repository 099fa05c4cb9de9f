"""`simgen generate`, `fit`, `evaluate` and `review`: Hydra composes, the pipeline works."""

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

from simgen.cli.refusals import NO_SCENARIO, refusal
from simgen.cli.schemas import (
    EvaluateCommand,
    FitCommand,
    GenerateCommand,
    ReviewCommand,
    register,
    scenario_class,
)
from simgen.core import RequestError, RunError, Scenario, build, data_folder, plain
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
    register(command)
    application = hydra.main(
        config_path=str(data_folder("configs")), config_name=command, version_base="1.3"
    )(_job(*_JOBS[command]))
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
        raise RequestError(f"{message}: see simgen {command} --help")

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

    scenario = _scenario(config)
    name = _choice("scenario")
    # A scenario of the catalogue goes by its name, so that the manifest and the card tell it.
    known = name in scenario_names()
    data = generate(
        name if known else scenario,
        out=_out(config, f"data/{name.replace('/', '_')}"),
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

    reference, name = _reference(config), _choice("residual")
    values = OmegaConf.to_container(config.residual, resolve=True)
    found = fit(
        config.simulated,
        reference,
        build(find_residuals()[name], values),  # type: ignore[arg-type]
        out=_out(config, f"models/{reference.name}_{name}"),
        sample=config.sample,
        seed=config.seed,
        quiet=config.quiet,
    )
    if not config.quiet:
        print(f"{found.folder}: read its README.md first")


def _fit_parameters(config: DictConfig) -> None:
    from simgen.pipeline.fit_parameters import fit_parameters

    scenario, reference, name = _scenario(config), _reference(config), _choice("scenario")
    out = _out(config, f"models/{reference.name}_parameters")
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
        out=_out(config, f"reports/{data.rstrip('/').rpartition('/')[2]}_{reference.name}"),
        seed=config.seed,
        metrics=None if config.metrics is None else list(config.metrics),
        quiet=config.quiet,
    )
    if not config.quiet:
        print(found.verdict.headline)
        print(f"{found.report_path}: open it in a browser")
    if bounds and (failed := failures(found.scores, bounds)):
        raise RunError(f"gate {_choice('gate')} is not passed: {'; '.join(failed)}")


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
        out=_out(config, f"reviews/{stem}_{reference.name}_{config.reviewer}"),
        opened=opened,
        **{name: config[name] for name in own},
    )
    if found.is_finished or config.score:
        print(found.score.headline)
    elif not config.quiet:
        print(f"{found.n_left} examples are left: the same command goes on", file=sys.stderr)


_JOBS = {
    "generate": (_generate, GenerateCommand),
    "fit": (_fit, FitCommand),
    "evaluate": (_evaluate, EvaluateCommand),
    "review": (_review, ReviewCommand),
}


def _choice(group: str) -> str:
    return str(HydraConfig.get().runtime.choices[group])


def _reference(config: DictConfig) -> Reference:
    from simgen.pipeline.references import describe_reference

    name = _choice("reference")
    content = OmegaConf.to_container(config.reference, resolve=True)
    try:
        return describe_reference(name, content)  # type: ignore[arg-type]
    except (TypeError, KeyError, AttributeError) as error:
        raise RequestError(f"reference {name} is not described as one: {error}") from error


def _out(config: DictConfig, default: str) -> str:
    """Where the job writes: where it was told to, or a folder of its own."""
    own = HydraConfig.get()
    if own.mode is RunMode.MULTIRUN:
        default = own.runtime.output_dir
    return str(config.out or default)


def _scenario(config: DictConfig) -> Scenario[Any]:
    if OmegaConf.is_missing(config, "scenario"):
        raise RequestError(NO_SCENARIO)
    kind = scenario_class(OmegaConf.get_type(config.scenario))
    if kind is None:
        raise RequestError("the scenario's file must begin with defaults: [/schema/NAME, _self_]")
    values = OmegaConf.to_container(config.scenario, resolve=True)
    scenario: Scenario[Any] = build(kind, values)  # type: ignore[arg-type]
    return scenario
