"""A group of three members, the same for every Python client: they share six partitions, one leaves, the other two
take over, and nobody is given a record twice or never.

A member is a thread with a consumer of its own. Subclasses say how their client subscribes, polls and commits.
"""

import threading
from collections import Counter

from conversation import LEADERS_DIE, expect, wait_until

PARTITIONS = 6
ROUND = 60


class Member(threading.Thread):
    def __init__(self, name):
        super().__init__(name=name)
        self.received = []
        self.owned = frozenset()
        self.failure = None
        self.leaving = threading.Event()

    def open(self):
        """Subscribes."""
        raise NotImplementedError

    def step(self):
        """Polls once, commits what came, returns its values and the partitions now owned."""
        raise NotImplementedError

    def close(self):
        """Leaves the group."""
        raise NotImplementedError

    def run(self):
        try:
            self.open()
            while not self.leaving.is_set():
                values, owned = self.step()
                self.received += values
                self.owned = frozenset(owned)
            self.close()
        except Exception as failure:  # Told by `healthy` in the main thread.
            self.failure = failure


def healthy(members):
    for member in members:
        if member.failure:
            raise member.failure


def owns_all(members, each):
    def owned():
        healthy(members)
        shares = [member.owned for member in members]
        return [len(share) for share in shares] == each and len(frozenset().union(*shares)) == PARTITIONS

    return owned


def round_of(name, once):
    """Values that no other run of this program sends."""
    return [f"{name}, {'once' if once else 'at least once'}, {number}".encode() for number in range(ROUND)]


def all_received(members, values):
    wanted = set(values)

    def received():
        healthy(members)
        return wanted <= {value for member in members for value in member.received}

    return received


def run_group(members, produce, once=True):
    """`produce(values)` spreads the values over all partitions. Returns with all members gone. Each record must be
    received once, or else at least once. Where leaders die it is always at least once: a commit may have to be repeated
    by whoever owns the partition by then."""
    once = once and not LEADERS_DIE
    for member in members:
        member.start()
    try:
        wait_until(owns_all(members, [2, 2, 2]), "three members own two partitions each")
        first = round_of("first", once)
        produce(first)
        wait_until(all_received(members, first), "the first round is received")
        expect(all(member.received for member in members), True, "every member received something")

        members[2].leaving.set()
        members[2].join()
        healthy(members)
        wait_until(owns_all(members[:2], [3, 3]), "two members own three partitions each")
        second = round_of("second", once)
        produce(second)
        wait_until(all_received(members, second), "the second round is received")
    finally:
        for member in members:
            member.leaving.set()
        for member in members:
            member.join()
    healthy(members)
    received = Counter(value for member in members for value in member.received)
    if once:
        expect(received, Counter(first + second), "how often each record was received")
    often = "once" if once else "at least once"
    return f"3 members with 2 of {PARTITIONS} partitions each, then 2 with 3; {2 * ROUND} records, each received {often}"
