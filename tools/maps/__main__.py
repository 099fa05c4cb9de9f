"""Write every map into a folder: `python -m tools.maps [FOLDER]`, assets/maps unless named."""

from __future__ import annotations

import sys
from pathlib import Path

from simgen.core import data_folder
from tools.maps import highway, parking, roundabout, rural, urban
from tools.maps.writing import written


def main(folder: Path) -> None:
    """Write the maps."""
    for draw in (urban.draw, highway.draw, roundabout.draw, rural.draw, parking.draw):
        plan = draw()
        (folder / f"{plan.name}.xodr").write_text(written(plan), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else data_folder("assets") / "maps")
