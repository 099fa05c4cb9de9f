"""A line that has not begun to work."""

import pytest
from toys.worlds import merged

from simgen.core import Streams, build
from simgen.domains.industrial import PackagingLine
from simgen.domains.industrial.packaging_line import make_line


@pytest.fixture
def new_line():
    """A function from what differs from the small world to its first line, at instant 0."""

    def make(**values):
        about, streams = build(PackagingLine, merged(PackagingLine.small, values)), Streams(7)
        days = about.prepare(streams.child("shared"))
        return make_line(about, about.blocks()[0], days, streams.child("blocks"))

    return make
