import logging
import sys

import pytest

from simgen.cli import main
from simgen.core import find_domains
from simgen.pipeline import catalogue


@pytest.fixture
def coins(tmp_path_factory, monkeypatch):
    """A third party's domain, installed: its scenarios are coins/fair and coins/worn."""
    site = tmp_path_factory.mktemp("site")
    about = site / "coins-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: coins\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text("[simgen.domains]\ncoins = toys.coins\n")
    caches = (
        find_domains,
        catalogue.find_schema,
        catalogue.scenario_files,
        catalogue.schemas,
    )
    for cache in caches:
        cache.cache_clear()
    monkeypatch.setattr(sys, "path", [*sys.path, str(site)])
    yield site
    for cache in caches:
        cache.cache_clear()


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
