"""Which event a record belongs to, and when each is first seen."""

import numpy as np

from simgen.domains.industrial.events import Event
from simgen.domains.industrial.labels import Marks, OwnTraces, label_rows
from simgen.domains.industrial.site.logs import note_first_traces, note_own_traces

AT = np.arange(6.0)
RARE = ("crack", "wear")
# A crack that grows, and wear that begins at 3 s and stays invisible for 2 s.
SEVERITIES = np.array([[0.1, 0.2, 0.3, 0.4, 0.5, 0.6], [0.0, 0.0, 0.0, 0.1, 0.2, 0.3]])
TRACES = np.array([[1.0, 2.0, 4.0, 5.0, 6.0, 7.0], [0.0, 0.0, 0.0, 0.5, 1.0, 3.0]])


def event(number, kind, onset_at, machine=0, **more):
    """One that goes on until the end."""
    some = Event(event_id=number, machine=machine, kind=kind, onset_at=onset_at, **more)
    some.ended_at = 5.0
    return some


def labelled(events, defect, machine=None):
    """The labels of six records, one a second."""
    machine = np.zeros(6, np.int64) if machine is None else machine
    kinds = (*RARE, "cold_start")
    return label_rows(
        events, AT, machine, sensors=("",), kinds=kinds, rare_kinds=RARE, defect=defect
    )


def test_a_record_belongs_to_the_defect_that_marks_it_most():
    """Not to the one that began last; its severity and trace are that one's."""
    traces = TRACES.copy()
    traces[1, 5] = 8.0
    marks = Marks(severities=SEVERITIES, traces=traces)
    labels = labelled([event(1, "crack", 0.0), event(2, "wear", 3.0)], marks.defect)

    assert labels.columns()["event_id"].tolist() == [1, 1, 1, 1, 1, 2]
    assert marks.severity.tolist() == [0.1, 0.2, 0.3, 0.4, 0.5, 0.3]
    assert marks.trace.tolist() == [1.0, 2.0, 4.0, 5.0, 6.0, 8.0]


def test_of_defects_that_mark_a_record_alike_it_belongs_to_the_worst():
    """As where neither shows; a sound record belongs to none."""
    severities = np.array([[0.0, 0.1, 0.2], [0.0, 0.3, 0.1]])

    assert Marks(severities=severities, traces=np.zeros((2, 3))).defect.tolist() == [0, 2, 1]


def test_what_a_defect_leaves_behind_marks_no_later_record_as_its_own():
    """Heat of a part that was renewed is still there, but it has no defect any more."""
    marks = Marks(severities=np.array([[0.0], [0.1]]), traces=np.array([[9.0], [0.2]]))

    assert (marks.defect.tolist(), marks.trace.tolist()) == ([2], [0.2])


def test_a_defect_is_detectable_by_its_own_trace():
    """A young one neither as soon as it begins on a bad machine, nor only once it is the worst."""
    crack, wear, others = event(1, "crack", 0.0), event(2, "wear", 3.0), event(3, "wear", 0.0, 1)
    marks = Marks(severities=SEVERITIES, traces=TRACES)
    before = event(4, "wear", 0.0)
    before.ended_at = 1.0
    labels = labelled([crack, wear, others, before], marks.defect)
    note_first_traces(labels, AT, marks.trace, 2.0)
    note_own_traces(labels, OwnTraces.of(AT, 0, TRACES, np.full(6, True)), 2.0)

    assert (crack.detectable_at, wear.detectable_at) == (1.0, 5.0)
    assert others.detectable_at is before.detectable_at is None


def test_an_event_is_detectable_from_the_first_record_that_shows_it():
    """In whichever table that is, and no later than it ends."""
    crack = event(1, "crack", 0.0)
    marks = Marks(severities=SEVERITIES, traces=TRACES)
    labels = labelled([crack], marks.defect)
    seen = []
    for least in (4.0, 2.0, 6.0):
        note_first_traces(labels, AT, marks.trace, least)
        seen.append(crack.detectable_at)

    assert seen == [2.0, 1.0, 1.0]


def test_a_defect_is_detectable_from_the_first_record_of_another_that_shows_it():
    """Of several, while its machine's records belong to a worse one."""
    wear, traces = event(2, "wear", 3.0), TRACES.copy()
    traces[1, 4] = 3.0
    labels = labelled(
        [event(1, "crack", 0.0), wear], Marks(severities=SEVERITIES, traces=TRACES).defect
    )
    note_own_traces(labels, OwnTraces.of(AT, 0, traces, np.full(6, True)), 2.0)

    assert wear.detectable_at == 4.0


def test_a_record_that_never_arrived_shows_nothing():
    """Nor does one of a machine with one defect tell anything apart."""
    own = OwnTraces.of(AT, 0, TRACES, np.array([True] * 5 + [False]))

    assert own.at.tolist() == [3.0, 4.0, 3.0, 4.0]
    assert own.defect.tolist() == [1, 1, 2, 2]


def test_a_rare_event_comes_before_a_look_alike_of_any_age():
    """Whichever defect it is."""
    cold = event(3, "cold_start", 4.0, lookalike_of="wear")
    labels = labelled([event(1, "crack", 1.0), cold], np.array([0, 1, 1, 1, 1, 1]))

    assert labels.columns()["event_id"].tolist() == [0, 1, 1, 1, 1, 1]


def test_defects_are_told_apart_only_where_they_overlap():
    """One look does for a machine that has one defect after the other."""
    looks = []

    def trace(defects):
        looks.append(defects)
        return np.ones(6)

    Marks.made(np.zeros((2, 6)), trace)
    Marks.made(np.array([[0.1, 0.2, 0, 0, 0, 0], [0, 0, 0, 0.1, 0.2, 0.3]]), trace)
    Marks.made(SEVERITIES, trace)

    assert looks == [[0, 1], [0], [1]]
