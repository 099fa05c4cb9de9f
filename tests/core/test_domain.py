"""Domains that are found, and those that can't be imported."""

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
