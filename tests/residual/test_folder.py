"""A fitted model on disk: whole or refused, and never code."""

import dataclasses
import hashlib
import json
import pickle

import numpy as np
import pytest
from toys.payments import SHAPE, rows

from simgen.core import RequestError, Streams
from simgen.residual import load_residual, save_residual
from simgen.residual.forest import Forest
from simgen.residual.groups import Groups
from simgen.residual.quantile import Quantile


@pytest.fixture
def folder(tmp_path):
    """A saved model."""
    fitted = Quantile().fit(rows("simulated"), rows("real", real=True), SHAPE, Streams(2))
    save_residual(fitted, tmp_path / "model")
    return tmp_path / "model"


def change_card(folder, **changes):
    card = json.loads((folder / "card.json").read_text())
    (folder / "card.json").write_text(json.dumps(card | changes))


def put_arrays(folder, **arrays):
    """Arrays of somebody else, with a digest that agrees."""
    np.savez(folder / "arrays.npz", **arrays)
    digest = hashlib.sha256((folder / "arrays.npz").read_bytes()).hexdigest()
    change_card(folder, arrays=digest)


def test_a_model_of_another_shape_is_refused(folder):
    """A model serves the table that it was fitted on, and says what differs."""
    other = dataclasses.replace(SHAPE, columns=SHAPE.columns[:-1])
    with pytest.raises(RequestError, match="was fitted on other columns: refit"):
        load_residual(folder, other)


def test_a_changed_file_is_noticed(folder):
    """One byte that is not what was written."""
    content = bytearray((folder / "arrays.npz").read_bytes())
    content[len(content) // 2] ^= 1
    (folder / "arrays.npz").write_bytes(content)
    with pytest.raises(RequestError, match=r"arrays.npz is damaged .* fit again"):
        load_residual(folder, SHAPE)


def test_missing_arrays_are_noticed(folder):
    """A model without all of its arrays is none."""
    put_arrays(folder, limit=np.ones(2))
    with pytest.raises(RequestError, match=r"arrays.npz is damaged"):
        load_residual(folder, SHAPE)


class Bomb:
    """Goes off when it is unpickled."""

    def __reduce__(self):
        return (pytest.fail, ("unpickled",))


def test_a_pickle_is_never_opened(folder):
    """An array of objects is refused, not executed; so is a pickle in place of the arrays."""
    put_arrays(folder, limit=np.array([Bomb()], dtype=object))
    with pytest.raises(RequestError, match=r"arrays.npz is damaged"):
        load_residual(folder, SHAPE)
    content = pickle.dumps(Bomb())
    (folder / "arrays.npz").write_bytes(content)
    change_card(folder, arrays=hashlib.sha256(content).hexdigest())
    with pytest.raises(RequestError, match=r"arrays.npz is damaged"):
        load_residual(folder, SHAPE)


def test_only_known_residuals_are_loaded(folder):
    """The name in a card is looked up, not imported."""
    change_card(folder, residual="os.system")
    with pytest.raises(RequestError, match=r"for residual 'os.system': known are"):
        load_residual(folder, SHAPE)


def test_no_model_is_said(tmp_path):
    """An empty folder, and a card that is no JSON."""
    with pytest.raises(RequestError, match="no fitted model in"):
        load_residual(tmp_path, SHAPE)
    (tmp_path / "card.json").write_text("not JSON")
    with pytest.raises(RequestError, match="no fitted model in"):
        load_residual(tmp_path, SHAPE)


def test_a_model_overwrites_nothing(folder):
    """A folder with something in it is left alone."""
    fitted = load_residual(folder, SHAPE)
    with pytest.raises(RequestError, match="is not empty: name a new folder"):
        save_residual(fitted, folder)


def test_trees_that_would_lead_astray_are_refused():
    """A child before its parent would be walked for ever, one that is not there read anything."""
    whole = {
        "roots": np.array([0]),
        "feature": np.array([0, -1, -1]),
        "threshold": np.zeros(3),
        "children": np.array([[1, 2], [-1, -1], [-1, -1]]),
    }
    assert Forest(**whole).n_leaves == 2
    for children in ([0, 2], [1, 9]):
        astray = np.array([children, [-1, -1], [-1, -1]])
        with pytest.raises(ValueError, match="after its parent"):
            Forest(**{**whole, "children": astray})
    with pytest.raises(ValueError, match="a feature that is not there"):
        Forest(**{**whole, "feature": np.array([7, -1, -1])}).leaves(np.zeros((2, 1), "f4"), 0)


def test_groups_that_do_not_cover_their_values_are_refused():
    """Empty groups, and groups beyond the values."""
    for starts in ([0, 0, 2], [0, 3], [0, 1], [0]):
        with pytest.raises(ValueError, match="cover"):
            Groups(starts=np.array(starts), values=np.zeros(2), shares=np.ones(2), discrete=True)
