"""What all formats share."""

import pytest

from simgen.core import RequestError
from simgen.formats import Target


@pytest.mark.parametrize("name", ["../x.txt", "a/../../x.txt", "/x.txt", "a//x.txt", "./x.txt", ""])
def test_nothing_is_written_outside_of_an_export(tmp_path, name):
    """Sensors and maps of somebody else's data set may be called anything."""
    (tmp_path / "out").mkdir()

    with pytest.raises(RequestError, match="is no name of a file in an export"):
        Target(root=tmp_path / "out").write(name, "text")
    assert [path.name for path in tmp_path.rglob("*")] == ["out"]
