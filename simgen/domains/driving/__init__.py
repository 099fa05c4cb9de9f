"""Driving: dangerous situations in traffic, as the vehicle in the middle of them sees it."""

from simgen.core import Domain
from simgen.domains.driving.cut_in import CutIn as CutIn
from simgen.domains.driving.illustrations import ILLUSTRATIONS
from simgen.domains.driving.pictures import PICTURES
from simgen.domains.driving.search.finding import CutInSearch
from simgen.domains.driving.urban_traffic import UrbanTraffic as UrbanTraffic

DOMAIN = Domain(
    name="driving",
    title="Driving",
    doc="Episodes of a vehicle among others: what its instruments say, and what happens to it.",
    package=__name__,
    pictures=PICTURES,
    schemas={"cut_in": CutIn, "urban_traffic": UrbanTraffic},
    illustrations={"cut_in": ILLUSTRATIONS, "urban_traffic": ILLUSTRATIONS},
    searches={"cut_in": CutInSearch()},
)
