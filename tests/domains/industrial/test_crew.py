"""How work waits for a crew."""

import simpy

from simgen.des import MonitoredResource, run
from simgen.domains.industrial.crew import attend


def test_who_is_hastened_while_all_are_away_is_first_when_they_come():
    """What failed in the night goes before what was asked for after it."""
    env, done = simpy.Environment(), []
    crew, hastened = MonitoredResource(env), env.event()

    def work_for(name):
        done.append(name)
        yield env.timeout(10.0)

    def later():
        yield env.timeout(1.0)
        env.process(attend(crew, 1, work_for("other")))
        yield env.timeout(1.0)
        hastened.succeed()

    env.process(attend(crew, 0, work_for("first"), closed_time=lambda: 0.0))
    opening = env.process(
        attend(
            crew,
            2,
            work_for("hastened"),
            closed_time=lambda: max(0.0, 5.0 - env.now),
            hastened=hastened,
        )
    )
    run(env, later(), until=99.0)

    assert opening.processed
    assert done == ["first", "hastened", "other"]
