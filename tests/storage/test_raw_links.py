"""Raw files of a data set that somebody else made."""

import pytest
from toys.coin import Coin

from simgen.core import RequestError
from simgen.pipeline.generate import generate
from simgen.storage.reader import Dataset


def test_a_raw_file_is_no_link_to_elsewhere(tmp_path):
    """A data set of somebody else's may hold one; its whole folder raw may lie elsewhere."""
    copy = tmp_path / "data"
    generate(Coin(n_blocks=1), out=copy, difficulty=False, quiet=True)
    (tmp_path / "moved" / "eye").mkdir(parents=True)
    (tmp_path / "moved" / "eye" / "1").write_text("seen")
    (tmp_path / "moved" / "eye" / "2").symlink_to(tmp_path / "secret")
    (tmp_path / "secret").write_text("secret")
    (copy / "raw").symlink_to(tmp_path / "moved")
    data = Dataset(copy)

    assert data.raw("raw/eye/1") == b"seen"
    with pytest.raises(RequestError, match="'raw/eye/2' is a link to what lies outside"):
        data.raw("raw/eye/2")
