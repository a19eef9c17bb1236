"""What the Python programs share that run while leaders are killed: how long, and what must have been received."""

import os
import threading
import time

from conversation import PATIENCE_SECONDS, expect, wait_until

SECONDS = float(os.environ.get("VERDIKT_FAILOVER_SECONDS", "6"))
PACE_SECONDS = 0.01
# librdkafka waits up to fifteen seconds before it connects again, once it has lost a broker often: a coordinator may be gone
# again by then.
RECONNECT_MS_MAX = 1000
WRITTEN = "written"
TRANSACTIONS = "transactions"


def until_time_is_up():
    """Counts from 0 on, at a steady pace."""
    end = time.monotonic() + SECONDS
    number = 0
    while time.monotonic() < end:
        yield number
        number += 1
        time.sleep(PACE_SECONDS)


class Member(threading.Thread):
    """A member of a group that commits what it received. Subclasses say how: `open`, `step` gives values, `close`."""

    def __init__(self, name, offset):
        super().__init__(name=name, daemon=True)
        self.offset = offset
        self.received = set()
        self.failure = None
        self.leaving = threading.Event()

    def run(self):
        try:
            self.open()
            while not self.leaving.is_set():
                self.received.update(self.step())
            self.close()
        except Exception as failure:  # Told by `healthy`, in the main thread.
            self.failure = failure


def healthy(members):
    for member in members:
        if member.failure:
            raise member.failure


def group_receives(kind, write, committed):
    """Runs two members of that kind while `write` writes; it returns the values that were acknowledged, all of which
    they must receive. `committed` tells the group's offset."""
    offset = CommittedOffset()
    members = [kind("one", offset), kind("two", offset)]
    for member in members:
        member.start()
    acknowledged = write()

    def received():
        healthy(members)
        return set(acknowledged) <= members[0].received | members[1].received

    try:
        wait_until(received, "the group receives what was acknowledged", PATIENCE_SECONDS)
    finally:
        for member in members:
            member.leaving.set()
        for member in members:
            member.join(PATIENCE_SECONDS)
    healthy(members)
    offset.check(committed())
    return acknowledged


def expect_values(found, wanted, what):
    """As `expect`, but of long lists it tells only where they differ."""
    missing = sorted(set(wanted) - set(found))
    unwanted = sorted(set(found) - set(wanted))
    expect((missing, unwanted), ([], []), f"{what}: missing, and there without leave")
    at = next((number for number, pair in enumerate(zip(found, wanted)) if pair[0] != pair[1]), None)
    expect(found == wanted, True, f"whether {what} are there once and in order; they differ at {at} of {len(wanted)}")


class CommittedOffset:
    """What members were told that is committed: the group must not have less in the end."""

    def __init__(self):
        self.highest = -1

    def note(self, offset):
        self.highest = max(self.highest, offset)

    def check(self, found):
        expect(found >= self.highest >= 0, True, f"whether {found}, committed, is not before {self.highest}")
