"""Bringing along what a user has: telemetry, failure logs, work orders, labelled records.

Each function takes a CSV or Parquet file, or a PyArrow table, and gives a table with simgen's
names, units and instants, or says in one line what is wrong with it. `write_reference` makes of
them a reference that `simgen evaluate` and `simgen fit` read.
"""

from simgen.pipeline.ingest.files import Instants as Instants
from simgen.pipeline.ingest.logs import (
    failures_from_orders as failures_from_orders,
    read_failures as read_failures,
    read_work_orders as read_work_orders,
)
from simgen.pipeline.ingest.outlook import lives as lives, outlook as outlook
from simgen.pipeline.ingest.records import read_records as read_records
from simgen.pipeline.ingest.telemetry import (
    Channel as Channel,
    read_long as read_long,
    read_wide as read_wide,
)
from simgen.pipeline.ingest.write import write_reference as write_reference
