"""Domains that are found, and those that can't be imported."""

from contextlib import ExitStack

import pytest
from toys.installed import describe, found_in

from simgen.core import RequestError, find_domains
from simgen.pipeline import catalogue


@pytest.fixture
def broken(tmp_path):
    """A third party's package that can't be imported is installed beside the others."""
    describe(tmp_path, "dice-for-all", "dice = dice_for_all.domain")
    (tmp_path / "dice_for_all").mkdir()
    (tmp_path / "dice_for_all" / "__init__.py").write_text("import no_such_module\n")
    with found_in(tmp_path):
        yield


SAID = r"domain dice of the package dice-for-all can't be imported .*no_such_module"


def test_a_domain_that_cannot_be_imported_is_left_out_with_a_warning(broken):
    """The others work; the warning names the package."""
    with pytest.warns(UserWarning, match=SAID):
        assert "fraud" in find_domains()
    assert "dice" not in find_domains()


def test_scenarios_of_others_are_listed_and_found(broken):
    """Neither a name of the catalogue nor the schema of a file of one's own needs it."""
    with pytest.warns(UserWarning, match=SAID):
        assert "fraud/retail_bank" in catalogue.scenario_names()
    with pytest.warns(UserWarning, match=SAID):
        assert catalogue.find_schema("no_such_schema") is None


def test_a_domain_that_is_asked_for_and_cannot_be_imported_is_refused(broken):
    """The line names the package that must be mended."""
    with pytest.raises(RequestError, match=SAID + r".*: mend that package, or uninstall it"):
        catalogue.find_schema("dice", "dice")


@pytest.fixture
def installed(tmp_path):
    """Installs a third party's package that brings a domain, until the end."""
    with ExitStack() as held:

        def install(entry, name, schema):
            package = f"{entry}_called_{name}_with_{schema}"  # each is imported once
            describe(tmp_path, "dice-for-all", f"{entry} = {package}")
            (tmp_path / package / "scenarios").mkdir(parents=True)
            (tmp_path / package / "scenarios" / "theirs.yaml").write_text(
                f"defaults: [/schema/{schema}, _self_]\n"
            )
            (tmp_path / package / "__init__.py").write_text(
                "from simgen.core import Domain\n"
                "from toys.coins import Purse\n"
                f"DOMAIN = Domain(name={name!r}, title='Rival', doc='Rival.', package=__name__,"
                f" schemas={{{schema!r}: Purse}})\n"
            )
            held.enter_context(found_in(tmp_path))

        yield install


LEFT_OUT = (
    "domain {} of the package dice-for-all is left out: its {} is that of the package simgen: "
    "rename it there, or uninstall dice-for-all"
)


def test_a_domain_called_like_another_is_left_out_with_a_warning(installed):
    """Ours keeps its name, and with it scenarios and schema; the warning names both packages."""
    installed("fraud", "fraud", "swindle")
    said = LEFT_OUT.format("fraud", "name")

    with pytest.warns(UserWarning, match=said):
        assert find_domains()["fraud"].package == "simgen.domains.fraud"
    with pytest.warns(UserWarning, match=said):
        assert "fraud/theirs" not in catalogue.scenario_names()
    with pytest.warns(UserWarning, match=said):
        assert catalogue.find_schema("fraud").__name__ == "RetailBank"


def test_a_schema_called_like_another_leaves_its_domain_out_with_a_warning(installed):
    """Ours is found by its name, whoever asks; who asks for theirs is told."""
    installed("dice", "dice", "fraud")
    said = LEFT_OUT.format("dice", "schema fraud")

    assert catalogue.find_schema("fraud").__name__ == "RetailBank"
    with pytest.warns(UserWarning, match=said):
        assert "dice" not in find_domains()
    assert catalogue.schemas()["fraud"].__name__ == "RetailBank"
    with pytest.raises(RequestError, match=said):
        catalogue.load_scenario("dice/theirs")


def test_a_domain_has_the_name_of_its_entry_point(installed):
    """Its scenarios are listed by the one, its pictures are found by the other."""
    installed("dice", "cubes", "dice")
    said = "domain dice of the package dice-for-all calls itself cubes: give its DOMAIN the name"

    with pytest.warns(UserWarning, match=said):
        assert not {"dice", "cubes"} & set(find_domains())
    with pytest.raises(RequestError, match=said):
        catalogue.load_scenario("dice/theirs")
