"""Packages of third parties, as if they had been installed beside simgen."""

import sys
from contextlib import contextmanager

from simgen.core import find_domains
from simgen.pipeline import catalogue

CACHES = (find_domains, catalogue.find_schema, catalogue.scenario_files, catalogue.schemas)


def describe(site, name, entry):
    """Write down that a distribution brings a domain: `domain = module`."""
    about = site / f"{name.replace('-', '_')}-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text(f"[simgen.domains]\n{entry}\n")


@contextmanager
def found_in(site):
    """What lies in the folder is found, until the end."""
    sys.path.append(str(site))
    _forget()
    yield
    sys.path.remove(str(site))
    _forget()


def _forget():
    for cache in CACHES:
        cache.cache_clear()
