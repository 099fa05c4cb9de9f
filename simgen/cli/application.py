"""A command as a Hydra application: composed, perhaps many times, and ended in our way."""

from __future__ import annotations

import dataclasses
import os
import shlex
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from typing import Any

import hydra
import yaml
from hydra.core.hydra_config import HydraConfig
from hydra.errors import HydraException
from hydra.types import RunMode
from omegaconf import DictConfig
from omegaconf.errors import OmegaConfBaseException

from simgen.cli.commands import JOBS, Job
from simgen.cli.helping import print_help
from simgen.cli.objectives import check_objective
from simgen.cli.overrides import check_overrides, parse
from simgen.cli.refusals import is_of_hydra, refusal
from simgen.cli.schemas import COMMANDS
from simgen.cli.sources import offer
from simgen.core import RequestError, RunError, data_folder, suggest
from simgen.pipeline.interrupts import terminable
from simgen.pipeline.saying import tell


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
    given = parse(command, arguments)
    if given.wants_help:
        print_help(command, given.folder)
        return
    offer(command)
    application = hydra.main(
        config_path=str(data_folder("configs")), config_name=command, version_base="1.3"
    )(_job(COMMANDS[command]))
    before = sys.argv
    sys.argv = ["simgen", *arguments]
    os.environ["HYDRA_FULL_ERROR"] = "1"  # errors are raised to us, not printed
    try:
        check_overrides(command, given)
        # Launchers that run jobs side by side leave orphans if we are killed.
        with terminable() if given.is_sweep else nullcontext():
            application()
    except _JobError as failed:
        if isinstance(failed.error, HydraException | OmegaConfBaseException):
            raise refusal(failed.error) from failed.error
        raise failed.error from failed.error.__cause__  # not from Hydra's way to us
    except BrokenPipeError:  # nobody reads on, as after `| head`
        raise
    except (HydraException, OmegaConfBaseException, yaml.YAMLError, ValueError) as error:
        raise refusal(error) from error
    except Exception as error:
        if is_of_hydra(error):
            raise refusal(error) from error
        raise
    finally:
        sys.argv = before


def _job(schema: type[Any]) -> Job:
    def job(config: DictConfig) -> float | None:
        own = HydraConfig.get()
        if own.mode is RunMode.MULTIRUN and not config.quiet:
            tell(f"job {own.job.num}: {' '.join(own.overrides.task)}")
        try:
            _check_names(config, schema)
            check_objective(config)
            return _done(JOBS[schema], config)
        except KeyboardInterrupt as stop:
            stop.args = (_way_back(config),)
            raise
        except Exception as error:
            if isinstance(error, RunError) and "the same command" in str(error):
                way = f"the same command{_way_back(config)}"
                error.args = (str(error).replace("the same command", way, 1),)
            # Other launchers run jobs in processes of their own, which would not survive it.
            if own.runtime.choices["hydra/launcher"] == "basic":
                raise _JobError(error) from error
            raise

    return job


def _way_back(config: DictConfig) -> str:
    """What the same command lacks to come to a sweep's folder, which is named by its time."""
    own = HydraConfig.get()
    given = any(word.startswith("hydra.sweep.dir=") for word in own.overrides.hydra)
    if own.mode is not RunMode.MULTIRUN or given or config.get("out") is not None:
        return ""
    return f" with hydra.sweep.dir={shlex.quote(str(own.sweep.dir))}"


def _done(work: Job, config: DictConfig) -> float | None:
    """What the work gives; RunError if what ends it would look as if it were done."""
    try:
        return work(config)
    except SystemExit as stop:
        raise RunError(f"sys.exit({stop.code!r}) ended the command before it was done") from stop
    except BrokenPipeError as error:  # else that of a reader who left while we only print
        raise RunError(str(error)) from error


def _check_names(config: DictConfig, schema: type[Any]) -> None:
    """Refuse what `+name=value` added: nothing would read it."""
    known = [entry.name for entry in dataclasses.fields(schema)]
    for name in map(str, config):
        if name not in known:
            raise RequestError(f"unknown parameter {name}: {suggest(name, known)}")
