from contextlib import contextmanager

import pytest
from toys.shop import Shop, card_file

from simgen.cli import main
from simgen.pipeline.generate import generate
from simgen.pipeline.references import ENVIRONMENT


@pytest.fixture(scope="session")
def shop(tmp_path_factory):
    """A simulated data set."""
    return generate(Shop(), out=tmp_path_factory.mktemp("shop") / "data", quiet=True)


@contextmanager
def references_in(place):
    """Let references be looked for there; gives the folder of those of fraud."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(ENVIRONMENT, str(place))
        yield place / "fraud"


@pytest.fixture(scope="session")
def judged(shop, tmp_path_factory):
    """Exit code and folder of the whole suite on data of one nature, with the default gate."""
    root = tmp_path_factory.mktemp("judged")
    words = f"evaluate synthetic={shop.label} out={root / 'out'} gate=default quiet=true"
    with references_in(root / "reference") as folder:
        card_file(folder / "ulb_creditcard_subset.parquet")
        return main(words.split()), root / "out"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder of references of our own."""
    monkeypatch.setenv(ENVIRONMENT, str(tmp_path / "reference"))
    return tmp_path / "reference" / "fraud"


@pytest.fixture
def cards(folder):
    """The path of a good card file."""
    return card_file(folder / "ulb_creditcard_subset.parquet")
