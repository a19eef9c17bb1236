"""kcat while leaders are killed. A command, so a transaction is a process that commits all that it reads."""

import json
import re
import subprocess
import threading
import time

import failover
from conversation import ADDRESS, PATIENCE_SECONDS, expect, ok, say, unsupported, wait_until
from failover import TRANSACTIONS, WRITTEN

GROUP = "failover-group"
RECORDS = 5


def kcat(*words, text=None):
    """What it prints, or nothing if it did not end well."""
    ended = subprocess.run(
        ["kcat", "-b", ADDRESS, *words], input=text, capture_output=True, timeout=PATIENCE_SECONDS, check=False
    )
    return ended.stdout.decode() if ended.returncode == 0 else None


def settings(**values):
    return [word for key, value in values.items() for word in ("-X", f"{key.replace('_', '.')}={value}")]


def read_all(topic):
    """The values of the topic's one partition. kcat ends with an error where it loses a broker: it is run again."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    words = ["-C", "-t", topic, "-p", "0", "-e", "-q", "-J", *settings(isolation_level="read_committed")]
    while (printed := kcat(*words)) is None:
        expect(time.monotonic() < deadline, True, f"whether {topic} can be read in time")
    return [json.loads(line)["payload"] for line in printed.splitlines()]


class Member(threading.Thread):
    """A member of a group. It commits by itself; what is committed it does not tell."""

    def __init__(self):
        super().__init__(daemon=True)
        self.received = set()
        patient = settings(
            session_timeout_ms=6000,
            heartbeat_interval_ms=500,
            auto_offset_reset="earliest",
            reconnect_backoff_max_ms=failover.RECONNECT_MS_MAX,
        )
        command = ["kcat", "-E", "-b", ADDRESS, "-G", GROUP, "-u", "-f", "%s\\n", *patient, WRITTEN]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.start()

    def run(self):
        for line in self.process.stdout:
            self.received.add(line.rstrip("\n"))

    def close(self):
        self.process.terminate()
        self.process.wait(PATIENCE_SECONDS)
        self.join()


def write():
    """Lines to one kcat, which says nothing of what was acknowledged but ends well only if all was."""
    command = ["kcat", "-E", "-b", ADDRESS, "-P", "-t", WRITTEN, "-p", "0", *settings(enable_idempotence="true")]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    count = 0
    for count in failover.until_time_is_up():
        process.stdin.write(f"{count}\n")
        process.stdin.flush()
    process.stdin.close()
    expect(process.wait(PATIENCE_SECONDS), 0, "how the producer ends")
    return [str(number) for number in range(count + 1)]


def try_writes_and_group():
    say(f"use {WRITTEN}")
    members = [Member(), Member()]
    written = write()
    received = lambda: set(written) <= members[0].received | members[1].received  # noqa: E731
    wait_until(received, "the group receives what was acknowledged", PATIENCE_SECONDS)
    for member in members:
        member.close()
    failover.expect_values(read_all(WRITTEN), written, "values")
    ok("write", f"{len(written)} of an idempotent producer that ended well")
    ok("write-again", "more than that: see above")
    ok("group", "all of them were received; it does not tell what is committed")


def try_transactions():
    """A process that fails may have committed or not; either way its records are all there or none is."""
    say(f"use {TRANSACTIONS}")
    values = {}
    unknown = set()
    words = ["-E", "-P", "-t", TRANSACTIONS, "-p", "0", *settings(transactional_id="failover")]
    for number in failover.until_time_is_up():
        values[number] = [f"{number}-{each}" for each in range(RECORDS)]
        if kcat(*words, text="".join(f"{value}\n" for value in values[number]).encode()) is None:
            unknown.add(number)
    found = read_all(TRANSACTIONS)
    wanted = [value for number in values if number not in unknown or values[number][0] in found for value in values[number]]
    failover.expect_values(found, wanted, "committed records")
    ok("transactions", f"{len(values) - len(unknown)} committed, {len(unknown)} of unknown fate")


def main():
    version = re.search(r"Version (\S+) .*librdkafka (\S+)", kcat("-V"))
    say(f"version {version[1]} (librdkafka {version[2]})")
    try_writes_and_group()
    try_transactions()
    unsupported("transactional-offsets", "it has no such command")


main()
