import pytest
from toys.shop import Shop, card_file

from simgen.pipeline.generate import generate
from simgen.pipeline.references import ENVIRONMENT


@pytest.fixture(scope="session")
def shop(tmp_path_factory):
    """A simulated data set."""
    return generate(Shop(), out=tmp_path_factory.mktemp("shop") / "data", quiet=True)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder of references of our own."""
    monkeypatch.setenv(ENVIRONMENT, str(tmp_path / "reference"))
    return tmp_path / "reference" / "fraud"


@pytest.fixture
def cards(folder):
    """The path of a good card file."""
    return card_file(folder / "ulb_creditcard_subset.parquet")
