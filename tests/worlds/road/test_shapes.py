import numpy as np
import pytest

from simgen.core import RequestError
from simgen.worlds.road import shapes


def volume(triangles):
    """Of a closed solid whose triangles are counter-clockwise from outside."""
    return (
        np.einsum("ni,ni->n", triangles[:, 0], np.cross(triangles[:, 1], triangles[:, 2])).sum() / 6
    )


def test_boxes_are_turned_boxes():
    """A box has eight corners at half sizes along its turned axes, and looks outward."""
    triangles = shapes.boxes([[10.0, 5.0, 1.0]], [[2.0, 1.0, 0.5]], [np.pi / 2])[0]

    np.testing.assert_allclose(triangles.min(axis=(0, 1)), [9.0, 3.0, 0.5])
    np.testing.assert_allclose(triangles.max(axis=(0, 1)), [11.0, 7.0, 1.5])
    assert len(np.unique(triangles.reshape(-1, 3).round(9), axis=0)) == 8
    assert volume(triangles) == pytest.approx(8.0)


@pytest.mark.parametrize("form", list(shapes.Form))
def test_forms_fill_their_box(form):
    """Every form has the size asked for, stands on the ground, and its parts look outward."""
    triangles = shapes.solid(form, length=4.0, width=2.0, height=1.5)

    np.testing.assert_allclose(triangles.min(axis=(0, 1)), [-2.0, -1.0, 0.0], atol=1e-9)
    np.testing.assert_allclose(triangles.max(axis=(0, 1)), [2.0, 1.0, 1.5])
    assert len(shapes.materials(form)) == len(triangles)
    for piece in shapes._PIECES[form]:
        assert volume(shapes._triangles(piece)) > 0.0


def test_prisms_are_closed():
    """A prism has the volume of its outline times its height."""
    outline = np.array([[0, 0, 2.0], [4, 0, 2.0], [5, 2, 2.0], [1, 3, 2.0]])
    x, y = outline[:, 0], outline[:, 1]
    area = 0.5 * np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y)

    assert volume(shapes.prism(outline, 3.0)) == pytest.approx(3.0 * area)


def test_placing_turns_and_moves():
    """A placed solid keeps its shape."""
    box = shapes.solid(shapes.Form.BOX, length=2.0, width=1.0, height=1.0)
    turn = np.array([[0.0, -1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])

    placed = shapes.place(box, [5.0, 5.0, 1.0], turn)

    np.testing.assert_allclose(placed.min(axis=(0, 1)), [4.5, 4.0, 1.0])
    np.testing.assert_allclose(placed.max(axis=(0, 1)), [5.5, 6.0, 2.0])


def test_sizes_that_cannot_be_are_refused():
    """A size that is not positive is refused."""
    with pytest.raises(RequestError, match="positive"):
        shapes.solid(shapes.Form.CAR, length=0.0, width=1.0, height=1.0)
    with pytest.raises(RequestError, match="positive"):
        shapes.boxes([[0, 0, 0]], [[1, -1, 1]], [0.0])
