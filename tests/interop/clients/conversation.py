"""How a client's program talks to the test (client_program.py), and what the Python programs send."""

import sys
import time

ADDRESS = sys.argv[-1]
BROKERS = ADDRESS.split(",")
NODES = list(range(1, len(BROKERS) + 1))
# There is one broker, which only goes where `ask` says so, or there are three and whoever leads is killed.
LEADERS_DIE = len(BROKERS) > 1
# Whoever leaves while its coordinator is dead is waited for, a whole session again at each new coordinator.
PATIENCE_SECONDS = 90 if LEADERS_DIE else 30
PACE_SECONDS = 0.005


def say(line):
    print(line, flush=True)


def ok(feature, text):
    say(f"ok {feature}: {text}")


def unsupported(feature, text):
    say(f"unsupported {feature}: {text}")


def ask(request):
    say(request)
    if sys.stdin.readline() != "done\n":
        sys.exit("no answer")


def gives_up(feature, text):
    """It has it, but not where leaders are lost."""
    say(f"gives-up {feature}: {text}")


def use(topic, partitions=1):
    """The topic whose leader may be killed from now on. There, it is made; at a single broker the client makes it."""
    ask(f"use {topic} {partitions}")


def lose(topic):
    """Where leaders die, the leader of this topic is dead now."""
    ask(f"lose {topic}")


def keep_pace():
    """So that sending takes long enough to lose a leader."""
    if LEADERS_DIE:
        time.sleep(PACE_SECONDS)


def insist(call, is_retriable, is_done=lambda failure: False, seconds=60):
    """Where leaders die, calls again as long as the client tells of what may pass; everywhere else, just once. A call
    whose answer was lost may have had its effect: `is_done` knows the error of asking for that again."""
    deadline = time.monotonic() + seconds
    is_in_doubt = False
    while True:
        try:
            return call()
        except Exception as failure:
            if is_in_doubt and is_done(failure):
                return None
            if not LEADERS_DIE or not is_retriable(failure) or time.monotonic() > deadline:
                raise
            is_in_doubt = True
            time.sleep(0.1)


def expect(actual, wanted, what):
    if actual != wanted:
        raise AssertionError(f"{what}: got {actual!r}, wanted {wanted!r}")


def wait_until(condition, what, seconds=PATIENCE_SECONDS):
    """Waits for what the cluster does in its own time; never repeats a request that failed."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(0.02)


def expect_soon(probe, wanted, what):
    """At once of one broker; of three, each follows what the controller did in its own time."""
    deadline = time.monotonic() + (PATIENCE_SECONDS if LEADERS_DIE else 0)
    while (found := probe()) != wanted and time.monotonic() < deadline:
        time.sleep(0.1)
    expect(found, wanted, what)


def has_nodes(leader, replicas, in_sync):
    """Whether a partition is on all nodes: at one broker led by it, at three by one that is in sync, whoever that is."""
    return sorted(replicas) == NODES and leader in in_sync and set(in_sync) <= set(NODES)


def expect_records(received, sent, what, once=True):
    """Each as it was sent, in order; where `once` does not hold and leaders die, what was sent again is there again."""
    if LEADERS_DIE and not once:
        received = [each for number, each in enumerate(received) if each not in received[:number]]
    expect(received, sent, what)


def expect_what_is_left(received, sent, what):
    """Of what was sent with acks 0 or 1: all, as long as no leader dies, or else what the leaders did not take with
    them, some of it twice."""
    if not LEADERS_DIE:
        expect(received, sent, what)
    expect([each for each in received if each not in sent], [], f"{what}: what was never sent")


def sample_records(count=120):
    """Records as (key, value, headers, timestamp in ms). Every kind of key, value and header there is, some values
    long and compressible. The times lie an hour back, so that they are not the broker's own."""
    hour_ago = (int(time.time()) - 3600) * 1000
    records = []
    for number in range(count):
        key = {3: None, 4: b""}.get(number % 10, b"key-%d" % number)
        value = {5: None, 6: b""}.get(number % 10, b"value %d " % number * (1 + number % 50))
        headers = [
            [],
            [("trace", b"%d" % number)],
            [("twice", b"one"), ("twice", b"two"), ("empty", b""), ("\u00fcber", bytes(range(256)))],
        ][number % 3]
        records.append((key, value, headers, hour_ago + number * 7))
    return records
