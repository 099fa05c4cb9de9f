"""A milling cell in pictures: how a tool wears, how long tools last, what the crew did."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from simgen.core import Curve, Illustration, Plot, Source
from simgen.domains.industrial.fleet.components import component_table
from simgen.domains.industrial.milling.lookalikes import MillSensorFault
from simgen.domains.industrial.milling.shop import TABLE, tools
from simgen.domains.industrial.site.illustrations import SitePictures, numbers
from simgen.domains.industrial.survival import kaplan_meier

_SHOWN = {
    "wear": "flank wear [mm]",
    "force_z": "force along the tool [N]",
    "acoustic_emission": "acoustic emission [mV]",
    "unevenness": "unevenness of teeth [1]",
}

# Of the tools that broke, or else of all, that with most wear; and its cuts.
_TOOL = """
SELECT tool_id, kind::VARCHAR AS kind, broke FROM tools
ORDER BY broke DESC, wear DESC, tool_id LIMIT 1
"""
_CUTS = """
SELECT n_cuts, product::VARCHAR AS product, wear, force_z, acoustic_emission, unevenness
FROM cuts WHERE tool_id = {tool} ORDER BY n_cuts
"""
_LIVES = """
SELECT kind::VARCHAR AS kind, cutting_time, removal IN ('limit', 'breakage') AS ended
FROM tools WHERE n_cuts > 0
"""


def one_tool(sources: Mapping[str, Source]) -> list[Plot]:
    """Wear and measures of one tool, cut by cut, in the first data set."""
    source = next(iter(sources.values()))
    found = source.ask(_TOOL)
    if not found.num_rows:
        return []
    tool, kind, broke = (found[name][0].as_py() for name in ("tool_id", "kind", "broke"))
    rows = source.ask(_CUTS.format(tool=tool))
    product = np.array(rows["product"].to_pylist(), object)
    end = "until it broke" if broke else "until it was taken out"
    return [
        Plot(
            title=f"One {kind.replace('_', ' ')}: {label.partition(' [')[0]}",
            x="cuts",
            y=label,
            curves=[
                Curve(
                    name="" if name == "wear" else one,
                    x=numbers(rows, "n_cuts"),
                    # Other products' cuts break the line.
                    y=np.where((product == one) | (name == "wear"), numbers(rows, name), np.nan),
                )
                for one in (sorted(set(product)) if name != "wear" else ["all"])
            ],
            alt=f"{label} of one {kind} over {rows.num_rows} cuts {end}: from "
            f"{numbers(rows, name)[0]:.3g} to {numbers(rows, name)[-1]:.3g}.",
            is_wide=False,
        )
        for name, label in _SHOWN.items()
    ]


def lives(sources: Mapping[str, Source]) -> list[Plot]:
    """Kaplan and Meier's curves of tools by kind, a line for each data set."""
    found = {name: source.ask(_LIVES) for name, source in sources.items()}
    plots = []
    for kind in tools():
        curves = []
        for name, rows in found.items():
            mine = np.array(rows["kind"].to_pylist(), object) == kind
            time, ended = numbers(rows, "cutting_time")[mine], rows["ended"].to_numpy(False)[mine]
            if len(time):
                found_of = kaplan_meier(time, ended.astype(np.bool_), np.zeros(len(time)))
                age, share, low, high = found_of
                label = f"{name} ({int(ended.sum())} of {len(ended)} ended)"
                curves.append(Curve(name=label, x=age, y=share, low=low, high=high, steps=True))
        if curves:
            left = ", ".join(f"{one.name}, {100 * one.y[-1]:.0f} % left" for one in curves)
            plots.append(
                Plot(
                    title=f"{kind.replace('_', ' ')}: share in use, 95 % interval",
                    x="cutting time [min]",
                    y="share",
                    y_range=(0.0, 1.03),
                    curves=curves,
                    alt=f"Survival of {kind} by cutting time: {left}",
                    is_wide=False,
                )
            )
    return plots


ILLUSTRATIONS = (
    Illustration(
        title="How a tool wears",
        doc="One tool, cut by cut: fast at first, then steadily, and ever faster at last. A line "
        "is broken where the mill made another product: its forces are others.",
        plot=one_tool,
    ),
    Illustration(
        title="How long tools last",
        doc="Kaplan and Meier's estimate. Tools that were measured at their limit or broke have "
        "ended; those that were taken out after their time, or chipped, are censored.",
        plot=lives,
    ),
    # Cuts stand in place of telemetry.
    *SitePictures(
        noun="mill",
        shown={},
        kinds=component_table(TABLE).kinds,
        marked=(MillSensorFault.kind,),
    ).chapters[1:],
)
