"""Every configuration composes, and says what the code reads from it."""

import pytest
from hydra import compose, initialize_config_dir
from hydra.core.global_hydra import GlobalHydra
from hydra.utils import instantiate
from omegaconf import OmegaConf

from simgen.cli.mirrors import scenario_class
from simgen.cli.schemas import COMMANDS
from simgen.cli.sources import offer
from simgen.core import SearchPlan, build, data_folder
from simgen.formats import find_formats
from simgen.pipeline.catalogue import load_scenario, scenario_names
from simgen.pipeline.evaluation.gates import check_thresholds
from simgen.residual import find_residuals

CONFIGS = data_folder("configs")


def names(folder):
    return sorted(path.stem for path in (CONFIGS / folder).glob("*.yaml"))


def composed(command, *overrides):
    """The command's configuration, composed as the command line does."""
    offer(command)
    GlobalHydra.instance().clear()
    with initialize_config_dir(str(CONFIGS), version_base="1.3"):
        config = compose(command, list(overrides))
    assert set(config) == set(COMMANDS[command].__dataclass_fields__)
    return config


def scenario_of(config):
    kind = scenario_class(OmegaConf.get_type(config.scenario))
    return build(kind, OmegaConf.to_container(config.scenario))


@pytest.mark.parametrize("name", scenario_names())
def test_hydra_and_the_catalogue_read_the_same_scenario(name):
    """The command line and Python simulate the same world."""
    config = composed("generate", f"scenario={name}")

    assert scenario_of(config) == load_scenario(name)


@pytest.mark.parametrize("name", names("executor"))
def test_each_executor_can_be_made(name):
    """What it is configured with is what its class takes."""
    executor = instantiate(composed("generate", f"executor={name}").executor)

    assert callable(executor.run)


@pytest.mark.parametrize("name", names("experiment"))
def test_each_experiment_is_a_whole_run(name):
    """It names a scenario and states valid parameters."""
    assert scenario_of(composed("generate", f"+experiment={name}")).blocks()


@pytest.mark.parametrize("name", names("reference"))
def test_each_reference_can_be_chosen(name):
    """The command takes it, with nothing that the command does not know."""
    config = composed("evaluate", f"reference={name}")

    assert config.reference.samples
    assert composed("review", f"reference={name}").reference == config.reference


@pytest.mark.parametrize("name", find_residuals())
def test_each_residual_can_be_chosen(name):
    """The command to fit takes it, with the parameters that its class has."""
    config = composed("fit", f"residual={name}")

    assert build(find_residuals()[name], OmegaConf.to_container(config.residual))


def test_a_search_takes_what_its_plan_has():
    """The defaults of the command line are those of Python."""
    config = composed("search", "scenario=driving/cut_in")

    given = {name: config[name] for name in SearchPlan.__dataclass_fields__}
    assert SearchPlan(**given) == SearchPlan()


@pytest.mark.parametrize("name", find_formats())
def test_each_format_can_be_chosen(name):
    """The command to export takes it, with the parameters that its class has."""
    config = composed("export", f"format={name}")

    assert build(find_formats()[name], OmegaConf.to_container(config.format))


@pytest.mark.parametrize("name", names("gate"))
def test_each_gate_can_be_chosen(name):
    """It bounds metrics that there are, within their ranges."""
    assert check_thresholds(composed("evaluate", f"gate={name}").gate)


def test_every_file_of_configs_is_read_by_one_of_these():
    """A new folder of configurations needs a test of its own."""
    tested = {"executor", "experiment", "gate", "reference"}

    assert {path.name for path in CONFIGS.iterdir()} == tested | {
        f"{name}.yaml" for name in (*COMMANDS, "quiet_hydra")
    }
