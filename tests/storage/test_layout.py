import pytest

from simgen.storage.folders import open_folder
from simgen.storage.layout import raw_path


@pytest.mark.parametrize(
    "path", ["raw", "raw/", "raw/a.npy", "raw//a.npy", "frames/b/a.npy", "raw/../x", "/raw/b/a"]
)
def test_raw_files_stay_in_their_folder(path):
    """A path that leads elsewhere is a defect of the scenario."""
    with pytest.raises(ValueError, match="must lie in a folder within the folder raw"):
        raw_path(path)


def test_folders_within_folders_are_made(tmp_path):
    """A raw file may lie deep; the name is as given."""
    folder = open_folder(tmp_path / "out")
    with folder.claim():
        folder.write(raw_path("raw/front/0001/a.jpg"), b"picture")

    assert (tmp_path / "out" / "raw" / "front" / "0001" / "a.jpg").read_bytes() == b"picture"
