"""What operators take an event for."""

from simgen.domains.industrial.events import Event


def view(*looks):
    """What is known of an event after looks: at which instants, and whether it was found."""
    event = Event(event_id=1, machine=0, kind="bearing_wear", onset_at=0.0)
    for at, found in looks:
        event.observe(at, f"at_{at:.0f}", label=found)
    return event.observed_at, event.observed_label, event.observed_reason


def test_what_was_found_stays_found():
    """Neither found again nor overlooked later."""
    assert view((1.0, True), (2.0, True), (3.0, False)) == (1.0, True, "at_1")


def test_what_was_overlooked_is_known_once_it_is_found():
    """Until then the first look says since when it was taken for nothing."""
    assert view((1.0, False), (2.0, False)) == (1.0, False, "at_1")
    assert view((1.0, False), (2.0, False), (3.0, True)) == (3.0, True, "at_3")
