"""The vocabulary: schema, batch, streams, scenario, labels. Depends on NumPy and PyArrow alone."""

from simgen.core.batch import Batch as Batch, RawFile as RawFile
from simgen.core.bounds import Bounds as Bounds
from simgen.core.causal_order import CausalOrder as CausalOrder
from simgen.core.classes import find_classes as find_classes
from simgen.core.domain import Domain as Domain, find_domains as find_domains
from simgen.core.errors import (
    RequestError as RequestError,
    RunError as RunError,
    first_line as first_line,
    look_up as look_up,
    suggest as suggest,
)
from simgen.core.illustration import (
    Bars as Bars,
    Curve as Curve,
    Illustration as Illustration,
    Image as Image,
    Plot as Plot,
    Source as Source,
)
from simgen.core.labels import events_table as events_table, record_labels as record_labels
from simgen.core.parameters import (
    Described as Described,
    Free as Free,
    Parameters as Parameters,
    build as build,
    changed as changed,
    describe as describe,
    free as free,
    leaves as leaves,
    parameter as parameter,
    plain as plain,
)
from simgen.core.paths import asset as asset, data_folder as data_folder
from simgen.core.picture import Picture as Picture
from simgen.core.scenario import Block as Block, Invariant as Invariant, Scenario as Scenario
from simgen.core.schema import (
    CATEGORY as CATEGORY,
    TABLE_NAME as TABLE_NAME,
    TIMESTAMP as TIMESTAMP,
    Field as Field,
    Role as Role,
    Table as Table,
    null_where as null_where,
)
from simgen.core.search import (
    SEARCH_DIGITS as SEARCH_DIGITS,
    Estimate as Estimate,
    Found as Found,
    Search as Search,
    SearchPlan as SearchPlan,
)
from simgen.core.streams import Key as Key, Streams as Streams
from simgen.core.times import (
    DAY as DAY,
    HOUR as HOUR,
    MINUTE as MINUTE,
    WEEK as WEEK,
    first_day as first_day,
    timestamps as timestamps,
)
from simgen.core.tracks import Lane as Lane, lanes_drawn as lanes_drawn, tracks as tracks
