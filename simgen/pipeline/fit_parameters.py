"""fit_parameters: a scenario's free parameters, fitted to summaries of a reference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from scipy.linalg import block_diag

from simgen.calibration import Prior, fit, oddness, reproduction
from simgen.core import Free, RequestError, Scenario, Streams, find_domains, free, plain, suggest
from simgen.kernels.arrays import Floats
from simgen.pipeline.catalogue import load_scenario
from simgen.pipeline.executors import Executor, executor_or_serial
from simgen.pipeline.folders import make_folder, on_this_machine, outside_data_sets
from simgen.pipeline.memory import simulate_in_memory
from simgen.pipeline.parameter_fit.folder import write_fit
from simgen.pipeline.parameter_fit.found import FittedParameters, fitted_parameters
from simgen.pipeline.parameter_fit.simulations import (
    JOURNAL,
    SimulationJob,
    Simulator,
    open_journal,
    simulated_samples,
    summarise,
)
from simgen.pipeline.parameter_fit.summaries import Plan
from simgen.pipeline.progress import progress
from simgen.pipeline.references import Reference, load_reference
from simgen.pipeline.samples import take_rows, view_parameters
from simgen.pipeline.seeds import check_seed
from simgen.pipeline.values import sample_of

FEWEST_PER_PARAMETER = 20  # simulations; with fewer, guesses are noise
FEWEST_SIMULATIONS = 100  # however few parameters
CHECKS_SHARE = 0.1  # of the simulations, as many more for each of the two checks
FEWEST_CHECKS = 30


def fit_parameters(
    scenario: Scenario[Any] | str,
    reference: str | Path | Reference,
    *,
    out: str | Path,
    seed: int = 0,
    n_simulations: int = 400,
    parameters: Sequence[str] | None = None,
    executor: Executor | None = None,
    quiet: bool = False,
    name: str = "",
) -> FittedParameters:
    """Fit a scenario's free parameters to a reference, and write what was found into a folder.

    Every simulation is a whole world of the scenario's size: give a small one, about as many rows
    as the reference has. Its size is not kept: the fitted values are for worlds of any size.
    Approximate Bayesian computation; see `simgen.calibration`. The same call resumes a fit that was
    stopped.

    Args:
        scenario: a scenario, or the name of one of the catalogue.
        reference: one of `configs/reference`, by name, or one of your own, by its YAML's path. Rows
            that it holds out are not looked at.
        out: a folder for the journal, `parameters.json`, `scenario/fitted.yaml`, the report and the
            card.
        seed: the same call gives the same fit, whoever does the work.
        n_simulations: worlds simulated to fit; as many again, times 0.2 and at least 60, check it.
        parameters: dotted names of those to fit; all that have a plausible range unless told.
        executor: who does the work; this process unless told.
        quiet: whether to show no progress.
        name: of the scenario of the catalogue that a ready `scenario` was made from.

    Raises:
        RequestError: the scenario, the reference, a parameter or the folder can't be used.
        RunError: a worker died, the disk is full, or the worlds are too small to be compared.
        Interrupted: SIGINT or SIGTERM came; the same call goes on.
    """
    folder = _free(outside_data_sets(on_this_machine(out, "a fit goes into")))
    reference = load_reference(reference)
    if isinstance(scenario, str):
        name, scenario = scenario, load_scenario(scenario)
    seed = check_seed(seed)
    _check_domain(scenario, reference)
    wanted = choose(scenario, parameters)
    fewest = max(FEWEST_SIMULATIONS, FEWEST_PER_PARAMETER * len(wanted))
    if n_simulations < fewest:
        raise RequestError(
            f"n_simulations = {n_simulations} are too few for {len(wanted)} parameters: "
            f"give at least {fewest}, or name fewer parameters"
        )
    reference.check_file()
    task = _prepare(scenario, reference, wanted, Streams(seed))
    return _fit(task, name, folder, n_simulations, executor_or_serial(executor), quiet=quiet)


def _free(folder: Path) -> Path:
    """The folder; RequestError if there is something else than a fit in it."""
    begun = (folder / JOURNAL).exists()
    if not begun and folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise RequestError(f"{folder} holds something else: give another out")
    return folder


def choose(scenario: Scenario[Any], names: Sequence[str] | None) -> list[Free]:
    """The free parameters called `names`, in that order; all of them if None.

    Raises:
        RequestError: there is none, one is unknown, not free, or set to what is not plausible.
    """
    known = {about.name: about for about in free(scenario)}
    if not known:
        raise RequestError(
            f"{type(scenario).__name__} has no free parameter: give one a plausible range"
        )
    if names is not None and not names:
        raise RequestError(f"parameters is empty: name at least 1 of {', '.join(known)}")
    for name in names or ():
        if name not in known:
            raise RequestError(f"{name!r} is no free parameter: {suggest(name, known)}")
    chosen = [known[name] for name in dict.fromkeys(names or known)]
    for about in chosen:
        if not about.low <= about.value <= about.high:
            raise RequestError(
                f"{about.name} = {about.value:g} is not plausible: "
                f"give it a value from {about.low:g} to {about.high:g}, or don't fit it"
            )
    return chosen


def _check_domain(scenario: Scenario[Any], reference: Reference) -> None:
    """Refuse a scenario of another domain; one of no domain may have the tables all the same."""
    homes = [
        name for name, domain in find_domains().items() if type(scenario) in domain.schemas.values()
    ]
    if homes and reference.domain not in homes:
        raise RequestError(
            f"reference {reference.name} is of the domain {reference.domain}, and the scenario of "
            f"{homes[0]}: name a scenario of {reference.domain}"
        )


@dataclass(frozen=True, kw_only=True)
class _Task:
    """What is to be fitted to what."""

    job: SimulationJob
    chosen: Sequence[Free]
    names: Sequence[str]  # of all summaries
    observed: Floats  # of all summaries; NaN where the real rows have none
    noise: Floats  # of reality's sampling, beyond that of a simulation


def _prepare(
    scenario: Scenario[Any], reference: Reference, chosen: Sequence[Free], streams: Streams
) -> _Task:
    """Look at the real rows once, and at one world of the scenario as it is."""
    views = tuple(
        replace(view, columns=tuple(column for column in view.columns if column.simulated))
        for view in reference.samples
    )
    reference = replace(reference, samples=views)
    world = simulate_in_memory(scenario, streams.child("pilot"))
    with world.connect() as connection:
        values = view_parameters(reference, connection)
    real = []
    for view, (_, rows, _) in zip(views, take_rows(reference, world), strict=True):
        sample = sample_of(view, rows)
        real.append(sample if sample.fitted is None else sample.take(sample.fitted))
    plans = [Plan.of(view, sample) for view, sample in zip(views, real, strict=True)]
    observed = summarise(plans, real)
    pilots = simulated_samples(reference, world, values)
    generator = streams.generator("resamples")
    return _Task(
        job=SimulationJob(
            scenario=scenario,
            reference=reference,
            values=values,
            prior=Prior.of(chosen),
            plans=plans,
            streams=streams,
        ),
        chosen=chosen,
        names=tuple(observed),
        observed=np.array(list(observed.values())),
        noise=block_diag(
            *[
                plan.covariance(sample, generator) - plan.covariance(pilot, generator)
                for plan, sample, pilot in zip(plans, real, pilots, strict=True)
            ]
        ),
    )


def _fit(
    task: _Task, name: str, folder: Path, n_simulations: int, executor: Executor, *, quiet: bool
) -> FittedParameters:
    job, used = task.job, np.flatnonzero(np.isfinite(task.observed)).tolist()
    observed, settings = task.observed[used], _settings(task, name, n_simulations)
    known = open_journal(make_folder(folder) / JOURNAL, settings)
    n_checks = max(FEWEST_CHECKS, round(CHECKS_SHARE * n_simulations))
    title, n_all = f"{settings['scenario']} to {job.reference.name}", n_simulations + 2 * n_checks
    with progress(
        title, n_blocks=n_all, n_done=len(known), quiet=quiet, unit="simulations"
    ) as advance:
        found = fit(
            Simulator(
                job=job,
                executor=executor,
                journal=folder / JOURNAL,
                known=known,
                advance=advance,
                used=used,
            ),
            observed,
            job.prior.units(np.array([[about.value for about in task.chosen]]))[0],
            n_simulations=n_simulations,
            n_checks=n_checks,
            streams=job.streams.child("fit"),
            noise=task.noise[np.ix_(used, used)],
        )
    fitted = FittedParameters(
        scenario=settings["scenario"],
        reference=job.reference,
        parameters=fitted_parameters(task.chosen, job.prior, found),
        names=[task.names[place] for place in used],
        observed=observed,
        fit=found,
        prior=job.prior,
        oddness=oddness(found.explored_summaries, observed),
        before=reproduction(found.before, observed),
        after=reproduction(found.after, observed),
        settings=settings,
        folder=folder,
    )
    write_fit(fitted, job.scenario)
    return fitted


def _settings(task: _Task, name: str, n_simulations: int) -> dict[str, Any]:
    """All that the fit's numbers depend on, as JSON would hold it."""
    job = task.job
    return {
        "scenario": name or type(job.scenario).__name__,
        "version": job.scenario.version,
        "parameters": plain(job.scenario),
        "reference": job.reference.name,
        "free": [about._asdict() for about in task.chosen],
        "observed": [None if np.isnan(value) else float(value) for value in task.observed],
        "seed": job.streams.seed,
        "n_simulations": n_simulations,
    }
