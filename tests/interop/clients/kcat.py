"""kcat: a command, so each step is a process of its own."""

import json
import os
import re
import signal
import subprocess
import tempfile
import time

from kafka.admin import KafkaAdminClient, NewTopic

import group_run
from conversation import ADDRESS, PATIENCE_SECONDS, ask, expect, ok, say, unsupported, wait_until

GROUP = "kcat-group"
TOPIC = "group-topic"
SCRATCH = tempfile.mkdtemp()
UNSUPPORTED = [
    "create-topics", "create-partitions", "delete-topics", "describe-configs", "alter-configs", "list-groups",
    "describe-groups", "delete-groups", "list-group-offsets", "alter-group-offsets", "delete-group-offsets",
    "delete-records", "describe-log-dirs", "transactional-offsets",
]  # fmt: skip


def kcat(*words, text=None):
    """What it prints. It must end well."""
    ended = subprocess.run(
        ["kcat", "-b", ADDRESS, *words], input=text, capture_output=True, timeout=PATIENCE_SECONDS, check=False
    )
    if ended.returncode != 0:
        raise AssertionError(f"kcat {' '.join(words)} ended with {ended.returncode}: {ended.stderr.decode()}")
    return ended.stdout.decode()


def produce(topic, lines, *words):
    kcat("-P", "-t", topic, "-p", "0", "-K", "|", "-Z", *words, text="".join(f"{line}\n" for line in lines).encode())


def consume(topic, *words):
    """All records of a topic, as kcat's JSON."""
    printed = kcat("-C", "-t", topic, "-e", "-q", "-J", "-X", "fetch.wait.max.ms=50", *words)
    return [json.loads(line) for line in printed.splitlines()]


def sample_lines():
    """Every kind of key and value that kcat can send: with -Z an empty one is null."""
    lines = []
    for number in range(120):
        key = "" if number % 10 == 3 else f"key-{number}"
        value = "" if number % 10 == 5 else f"value {number} " * (1 + number % 50)
        lines.append(f"{key}|{value}")
    return lines


def try_codec(codec):
    topic = f"codec-{codec}"
    lines = sample_lines()
    before = int(time.time() * 1000)
    # -z knows three codecs; librdkafka's own setting knows them all.
    produce(topic, lines, "-X", f"compression.codec={codec}", "-H", "first=1", "-H", "first=again", "-H", "none")
    after = int(time.time() * 1000)
    records = consume(topic)
    found = [f"{record['key'] or ''}|{record['payload'] or ''}" for record in records]
    expect(found, lines, "keys and values")
    expect((records[3]["key"], records[5]["payload"]), (None, None), "a null key and a null value")
    expect({tuple(record["headers"]) for record in records}, {("first", "1", "first", "again", "none", None)}, "headers")
    expect([record["offset"] for record in records], list(range(len(lines))), "offsets")
    expect({record["tstype"] for record in records}, {"create"}, "timestamp type")
    expect(all(before <= record["ts"] <= after for record in records), True, "timestamps lie in the time of sending")
    ok(topic, f"{len(lines)} records came back as they were sent")


def try_acks():
    for acks in ("0", "1", "all"):
        produce(f"acks-{acks}", sample_lines(), "-X", f"acks={acks}")
        # What was sent with acks 0 or 1 may become visible a moment later.
        wait_until(lambda topic=f"acks-{acks}": len(consume(topic)) == 120, f"all records sent with acks={acks}")
    ok("acks", "120 records with each")


def try_idempotence():
    lines = [f"|{number}" for number in range(500)]
    settings = ["enable.idempotence=true", "batch.num.messages=50", "linger.ms=0"]
    produce("idempotence", lines, *[word for setting in settings for word in ("-X", setting)])
    expect([record["payload"] for record in consume("idempotence")], [str(number) for number in range(500)], "order")
    ok("idempotence", "500 records in batches of at most 50, in order, sequences without a gap")


def try_old_versions():
    old = ["-X", "api.version.request=false", "-X", "broker.version.fallback=1.0.0"]
    produce("old-versions", sample_lines(), *old)
    found = [f"{record['key'] or ''}|{record['payload'] or ''}" for record in consume("old-versions", *old)]
    expect(found, sample_lines(), "keys and values")
    ok("old-versions", "120 records came back as they were sent")


def try_metadata():
    cluster = json.loads(kcat("-L", "-J"))
    expect([broker["name"] for broker in cluster["brokers"]], [ADDRESS], "brokers")
    expect(cluster["controllerid"], cluster["brokers"][0]["id"], "controller")
    ok("describe-cluster", "its broker and controller")
    names = {topic["topic"] for topic in cluster["topics"]}
    expect({"codec-none", "codec-gzip", "idempotence"} <= names, True, "topics that were produced to are listed")
    ok("list-topics", "those that were produced to are there")
    (topic,) = json.loads(kcat("-L", "-J", "-t", "codec-none"))["topics"]
    expect(
        topic["partitions"], [{"partition": 0, "leader": 1, "replicas": [{"id": 1}], "isrs": [{"id": 1}]}], "partitions"
    )
    ok("describe-topics", "partitions, leader, replicas and in-sync replicas")


def offset_at(time_ms):
    (found,) = re.findall(r"offsets \[0\] offset (-?\d+)", kcat("-Q", "-t", f"offsets:0:{time_ms}"))
    return int(found)


def try_offsets():
    for number in range(3):
        produce("offsets", [f"|{number}"])
        time.sleep(0.005)
    times = [record["ts"] for record in consume("offsets")]
    expect((offset_at(-2), offset_at(-1)), (0, 3), "earliest and latest")
    expect([offset_at(each) for each in times], [0, 1, 2], "the first at a time")
    expect(offset_at(times[0] + 1), 1, "the first after a time")
    expect([record["offset"] for record in consume("offsets", "-o", f"s@{times[1]}")], [1, 2], "consumed from a time")
    ok("list-offsets", "0, 3, and by the time of each record; consumed from a time on")


class Member(group_run.Member):
    settings = []

    def open(self):
        """Its output goes to files, so that it never waits for us."""
        paths = [os.path.join(SCRATCH, f"{self.name}.{time.monotonic_ns()}.{stream}") for stream in ("out", "err")]
        settings = ["auto.offset.reset=earliest", "auto.commit.interval.ms=50", "heartbeat.interval.ms=100",
                    "session.timeout.ms=6000", *self.settings]  # fmt: skip
        words = [word for setting in settings for word in ("-X", setting)]
        with open(paths[0], "wb") as out, open(paths[1], "wb") as err:
            command = ["kcat", "-b", ADDRESS, "-G", self.group(), "-u", "-f", "%s\\n", *words, TOPIC]
            self.process = subprocess.Popen(command, stdout=out, stderr=err)
        self.out, self.err = [open(path, encoding="utf-8") for path in paths]
        self.rebalances = []
        self.assigned = set()

    def group(self):
        return GROUP

    def step(self):
        time.sleep(0.02)
        if self.process.poll() is not None:
            raise AssertionError(f"{self.name} ended with {self.process.returncode}")
        for line in whole_lines(self.err):
            self.note_rebalance(line)
        return [line.encode() for line in whole_lines(self.out)], self.assigned

    def note_rebalance(self, line):
        if "rebalanced" not in line:
            return
        self.rebalances.append(line)
        partitions = {int(number) for number in re.findall(re.escape(TOPIC) + r" \[(\d+)\]", line)}
        self.assigned = self.assigned - partitions if "revoked" in line else self.assigned | partitions

    def close(self):
        self.process.send_signal(signal.SIGTERM)
        expect(self.process.wait(PATIENCE_SECONDS), 0, "how a member ends")
        self.out.close()
        self.err.close()


def whole_lines(file):
    """Lines that were added to a file since; one that is not yet whole waits for the next time."""
    lines = []
    while True:
        begin = file.tell()
        line = file.readline()
        if not line.endswith("\n"):
            file.seek(begin)
            return lines
        lines.append(line.rstrip("\n"))


class CooperativeMember(Member):
    settings = ["partition.assignment.strategy=cooperative-sticky"]

    def group(self):
        return GROUP + "-cooperative"


class StaticMember(Member):
    @property
    def settings(self):
        return [f"group.instance.id={self.name}"]

    def group(self):
        return GROUP + "-static"


def produce_to_all(values):
    for partition in range(group_run.PARTITIONS):
        mine = values[partition :: group_run.PARTITIONS]
        kcat("-P", "-t", TOPIC, "-p", str(partition), text=b"".join(value + b"\n" for value in mine))


def own(members, each):
    def owned():
        shares = [set(member.step()[1]) for member in members]
        return [len(share) for share in shares] == each

    return owned


def try_static_members():
    """One of two goes away and comes back within its session: the other takes no notice."""
    stays, moves = StaticMember("stays"), StaticMember("moves")
    stays.open()
    moves.open()
    wait_until(own([stays, moves], [3, 3]), "two static members own three partitions each")
    before = (len(stays.rebalances), moves.assigned)
    moves.close()
    moves.open()
    wait_until(own([moves], [3]), "the static member is back")
    expect(moves.assigned, before[1], "partitions of the static member after it came back")
    time.sleep(0.3)  # Three heartbeats, each of which could tell of a rebalance.
    stays.step()
    expect(len(stays.rebalances), before[0], "rebalances of the other member")
    moves.close()
    stays.close()
    ok("static-members", "away and back with the same partitions; the other member saw no rebalance")


def committed_values(topic):
    return [record["payload"] for record in consume(topic, "-X", "isolation.level=read_committed")]


def open_transaction(transactional_id, topic):
    """A kcat that has sent lines and waits for more. It ends its one transaction when it has read all."""
    kcat("-L", "-t", topic)  # Makes it.
    words = ["-P", "-b", ADDRESS, "-t", topic, "-p", "0", "-X", f"transactional.id={transactional_id}"]
    process = subprocess.Popen(["kcat", *words], stdin=subprocess.PIPE, stderr=subprocess.DEVNULL)
    process.stdin.write(b"of an open transaction\n" * 20_000)  # It reads ahead, and sends what fills its buffer.
    process.stdin.flush()
    wait_until(lambda: consume(topic, "-X", "isolation.level=read_uncommitted"), "its records are in the log")
    return process


def try_transactions():
    left_open = open_transaction("left-open", "transactions")
    kcat("-P", "-t", "transactions", "-p", "0", "-X", "transactional.id=commits", text=b"a\nb\n")
    left_open.kill()
    left_open.wait()
    kcat("-P", "-t", "transactions", "-p", "0", "-X", "transactional.id=left-open", text=b"c\n")
    expect(committed_values("transactions"), ["a", "b", "c"], "committed records")
    ok("transactions", "one a process; of one that was killed no record was read")

    old = open_transaction("fenced", "fencing")
    kcat("-P", "-t", "fencing", "-p", "0", "-X", "transactional.id=fenced", text=b"new\n")
    old.stdin.close()
    expect(old.wait(PATIENCE_SECONDS) != 0, True, "whether the old one fails")
    expect(committed_values("fencing"), ["new"], "committed records")
    ok("fencing", "the old one cannot commit, and what it left open was aborted")


def continue_from_commit():
    """A new member of the group gets one new record and none of the old."""
    kcat("-P", "-t", TOPIC, "-p", "3", text=b"after\n")
    member = Member("successor")
    member.open()
    received = []
    wait_until(lambda: received.extend(member.step()[0]) or received, "the record after the broker came back")
    expect(received, [b"after"], "what a member receives after the broker came back")
    member.close()


def create_topic_with_partitions():
    """kcat makes a topic only by asking for it, which gives it the broker's number of partitions."""
    admin = KafkaAdminClient(bootstrap_servers=ADDRESS)
    admin.create_topics([NewTopic(TOPIC, group_run.PARTITIONS, 1)])
    admin.close()


def three_members(kind):
    return [kind(f"member-{number}") for number in range(3)]


def try_groups():
    create_topic_with_partitions()
    ok("group", group_run.run_group(three_members(Member), produce_to_all))
    for way in ("restart broker", "kill broker"):
        ask(way)
        continue_from_commit()
    ok("restart", "after each a new member began at the first uncommitted record")
    text = group_run.run_group(three_members(CooperativeMember), produce_to_all, once=False)
    ok("cooperative", text + ", with cooperative-sticky")
    try_static_members()


def main():
    version = re.search(r"Version (\S+) .*librdkafka (\S+)", kcat("-V"))
    say(f"version {version[1]} (librdkafka {version[2]})")
    for codec in ("none", "gzip", "snappy", "lz4", "zstd"):
        try_codec(codec)
    for feature in ("keys", "headers", "timestamps"):
        ok(feature, "compared in every record of every codec")
    try_acks()
    try_idempotence()
    try_old_versions()
    try_transactions()
    try_metadata()
    try_offsets()
    try_groups()
    for feature in UNSUPPORTED:
        unsupported(feature, "it has no such command")


main()
