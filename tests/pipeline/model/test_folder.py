"""One fit at a time has a model's folder."""

import pytest
from toys.coin import Coin

from simgen.core import RequestError
from simgen.pipeline.fit import fit
from simgen.pipeline.generate import generate
from simgen.pipeline.model.folder import claimed


def test_two_fits_never_share_a_folder(tmp_path):
    """The second is refused at once, and disturbs nothing."""
    with claimed(tmp_path / "model") as aside:
        (aside / "mine").touch()
        with (
            pytest.raises(RequestError, match="another run is writing to"),
            claimed(tmp_path / "model"),
        ):
            pass
        assert (aside / "mine").exists()


def test_of_a_fit_that_fails_nothing_is_left(tmp_path):
    """Its folder may be asked for again."""
    with pytest.raises(ZeroDivisionError), claimed(tmp_path / "model"):
        raise ZeroDivisionError
    assert not (tmp_path / "model").exists()


def test_a_model_is_never_replaced(tmp_path):
    """Whoever comes when it is whole is refused."""
    with claimed(tmp_path):
        (tmp_path / "fit.json").touch()
    with pytest.raises(RequestError, match="is not empty: name a new folder"), claimed(tmp_path):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["fit.json"]


def test_a_model_never_lands_among_the_files_of_a_data_set(tmp_path):
    """Nor in a folder below, however empty that is."""
    generate(Coin(), out=tmp_path, quiet=True, difficulty=False)
    for out in (tmp_path, tmp_path / "model"):
        with pytest.raises(RequestError, match="holds a data set: give another out"):
            fit(tmp_path, "ulb_creditcard", "quantile", out=out, quiet=True)
