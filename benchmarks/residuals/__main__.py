"""Compares ways to make rows like real ones, and writes the page that shows it.

    python -m benchmarks.residuals [--peers] [--scaling] [--page docs/residuals.md]

Results are kept in reports/residuals: a run that was stopped goes on, and what did not change is
not done again. Without `--peers` only simgen's own methods run.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from benchmarks.residuals.comparing import Comparison
from benchmarks.residuals.methods import METHODS
from benchmarks.residuals.page import page
from benchmarks.residuals.references import REFERENCES, ROOT
from benchmarks.residuals.scaling import growth
from simgen.core import RequestError, RunError

KEPT = ROOT / "reports" / "residuals"


def main() -> None:
    """Compare on each reference that is there; exit 2 if none is, or a peer has no environment."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.residuals", description=__doc__)
    parser.add_argument("--peers", action="store_true", help="run the methods of others, too")
    parser.add_argument("--scaling", action="store_true", help="measure growth with rows, too")
    parser.add_argument("--page", type=Path, default=KEPT / "page.md", help="where to write")
    asked = parser.parse_args()
    try:
        write(asked.page, peers=asked.peers, scaling=asked.scaling)
    except RequestError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
    except RunError as error:
        print(error, file=sys.stderr)
        sys.exit(1)
    print(asked.page)


def write(path: Path, *, peers: bool, scaling: bool) -> None:
    """Compare, and write the page."""
    references = [reference for reference in REFERENCES.values() if reference.path.is_file()]
    if not references:
        wanted = ", ".join(str(reference.path) for reference in REFERENCES.values())
        raise RequestError(f"no reference is there of {wanted}: set SIMGEN_REFERENCE to its folder")
    missing = {method.python for method in METHODS if peers and not method.python.exists()}
    if missing:
        raise RequestError(f"no {sorted(map(str, missing))}: make compare-peers installs them")
    found = []
    for reference in references:
        comparison = Comparison(reference=reference, folder=KEPT / reference.name, peers=peers)
        found.append((reference, comparison.whole(), comparison.scarce()))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page(found, growth() if scaling else []), encoding="utf-8")


if __name__ == "__main__":
    main()
