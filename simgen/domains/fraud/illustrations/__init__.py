"""A bank in pictures: where fraud is, a ring at work, an account drained, what is known when."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from simgen.core import Illustration, Plot, Source
from simgen.domains.fraud.illustrations.cases import ring, takeover
from simgen.domains.fraud.illustrations.delays import delays
from simgen.domains.fraud.illustrations.rates import rates


def _each(
    draw: Callable[[Source], Sequence[Plot]],
) -> Callable[[Mapping[str, Source]], list[Plot]]:
    """The plots of every data set, one after the other; titles name it where there are several."""

    def drawn(sources: Mapping[str, Source]) -> list[Plot]:
        plots = []
        for name, source in sources.items():
            for plot in draw(source):
                title = f"{plot.title}, {name}" if len(sources) > 1 else plot.title
                plots.append(replace(plot, title=title))
        return plots

    return drawn


ILLUSTRATIONS = (
    Illustration(
        title="Where fraud is",
        doc="Payments asked for, approved or not, weighted to nature. Intervals take payments for "
        "independent; those of one case are not, so they are too narrow.",
        plot=_each(rates),
    ),
    Illustration(
        title="A ring at work",
        doc="The campaign of card testing that tried the most cards: small payments show which "
        "numbers work, and some that do are used later. A card a row, those that were used first.",
        plot=_each(ring),
    ),
    Illustration(
        title="An account taken over",
        doc="All that was done in one customer's name, by whom, in a takeover that took its "
        "time and moved much. The bank sees the same without the words customer and stranger.",
        plot=_each(takeover),
    ),
    Illustration(
        title="What the bank knows, and when",
        doc="A model in service learns from the bank's records, which come late: by customers' "
        "reports, or soon by an alert. Payments refused for an earlier one count as known at once. "
        "Weighted to nature.",
        plot=_each(delays),
    ),
)
