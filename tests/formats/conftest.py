import pytest
from toys.drives import small_drives

from simgen.storage.reader import Dataset


@pytest.fixture(scope="session")
def drives():
    """The folder of a data set with sensors."""
    pytest.importorskip("PIL", reason="pictures are encoded by Pillow: extra [av]")
    return small_drives()


@pytest.fixture(scope="session")
def rows(drives):
    """Asks that data set by SQL; gives records as dictionaries."""
    connection = Dataset(drives).connect()
    return lambda sql: connection.sql(sql).to_arrow_table().to_pylist()
