"""How a client's program talks to try_client.py, and what the Python programs send."""

import sys
import time

ADDRESS = sys.argv[-1]
PATIENCE_SECONDS = 30


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
