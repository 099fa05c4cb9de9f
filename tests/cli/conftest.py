import logging

import pytest
from toys.installed import describe, found_in

from simgen.cli import main


@pytest.fixture
def coins(tmp_path_factory):
    """A third party's domain, installed: its scenarios are coins/fair and coins/worn."""
    site = tmp_path_factory.mktemp("site")
    describe(site, "coins", "coins = toys.coins")
    with found_in(site):
        yield site


@pytest.fixture
def simgen(coins, tmp_path, monkeypatch, capfd):
    """The command line, run in an empty folder: gives exit code, output and errors."""
    monkeypatch.chdir(tmp_path)
    # `--info` has Hydra log to this test's stream, which is closed when the next one logs.
    monkeypatch.setattr(logging.root, "handlers", [*logging.root.handlers])

    def run(*arguments):
        code = main(list(arguments))
        out, err = capfd.readouterr()
        return code, out, err

    return run
