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
from conversation import (
    ADDRESS,
    BROKERS,
    LEADERS_DIE,
    NODES,
    PACE_SECONDS,
    PATIENCE_SECONDS,
    ask,
    expect,
    expect_records,
    expect_soon,
    expect_what_is_left,
    has_nodes,
    insist,
    lose,
    ok,
    say,
    unsupported,
    use,
    wait_until,
)

GROUP = "kcat-group"
TOPIC = "group-topic"
SCRATCH = tempfile.mkdtemp()
UNSUPPORTED = [
    "create-topics", "create-partitions", "delete-topics", "describe-configs", "alter-configs", "list-groups",
    "describe-groups", "delete-groups", "list-group-offsets", "alter-group-offsets", "delete-group-offsets",
    "delete-records", "describe-log-dirs", "transactional-offsets",
]  # fmt: skip


# Where leaders die: errors do not end it; what it sends again is there once.
PATIENT = ["-E"] if LEADERS_DIE else []
ONCE = ["-X", "enable.idempotence=true"] if LEADERS_DIE else []


def kcat(*words, text=None):
    """What it prints. It must end well."""
    ended = subprocess.run(
        ["kcat", "-b", ADDRESS, *words], input=text, capture_output=True, timeout=PATIENCE_SECONDS, check=False
    )
    if ended.returncode != 0:
        raise AssertionError(f"kcat {' '.join(words)} ended with {ended.returncode}: {ended.stderr.decode()}")
    return ended.stdout.decode()


def ask_kcat(*words):
    """What it prints where it only asks: it ends with an error if it loses a broker meanwhile, and is run again."""
    return insist(lambda: kcat(*words), lambda failure: isinstance(failure, AssertionError))


def produce(topic, lines, *words):
    """Slowly where leaders die, so that one dies meanwhile."""
    command = ["kcat", *PATIENT, "-b", ADDRESS, "-P", "-t", topic, "-p", "0", "-K", "|", "-Z", *words]
    with tempfile.TemporaryFile() as err:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=err)
        for line in lines:
            process.stdin.write(f"{line}\n".encode())
            if LEADERS_DIE:
                process.stdin.flush()
                time.sleep(PACE_SECONDS)
        process.stdin.close()
        code = process.wait(PATIENCE_SECONDS)
        err.seek(0)
        expect(code, 0, f"how kcat ends that sends to {topic}: {err.read().decode()}")


def consume(topic, *words):
    """All records of a topic, as kcat's JSON."""
    printed = ask_kcat("-C", "-t", topic, "-e", "-q", "-J", "-X", "fetch.wait.max.ms=50", *words)
    return [json.loads(line) for line in printed.splitlines()]


def consume_until(topic, is_all, *words):
    """A new leader learns only by and by how far its records are in sync."""
    records = []

    def are_all():
        records[:] = consume(topic, *words)
        return is_all(records)

    if LEADERS_DIE:
        wait_until(are_all, f"all records of {topic}")
    else:
        are_all()
    return records


def texts(records):
    return [f"{record['key'] or ''}|{record['payload'] or ''}" for record in records]


def all_of(lines):
    return lambda records: set(lines) <= set(texts(records))


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
    use(topic)
    lines = sample_lines()
    before = int(time.time() * 1000)
    # -z knows three codecs; librdkafka's own setting knows them all.
    headers = ["-H", "first=1", "-H", "first=again", "-H", "none"]
    produce(topic, lines, *ONCE, "-X", f"compression.codec={codec}", *headers)
    after = int(time.time() * 1000)
    records = consume_until(topic, all_of(lines))
    expect(texts(records), lines, "keys and values")
    expect((records[3]["key"], records[5]["payload"]), (None, None), "a null key and a null value")
    expect({tuple(record["headers"]) for record in records}, {("first", "1", "first", "again", "none", None)}, "headers")
    expect([record["offset"] for record in records], list(range(len(lines))), "offsets")
    expect({record["tstype"] for record in records}, {"create"}, "timestamp type")
    expect(all(before <= record["ts"] <= after for record in records), True, "timestamps lie in the time of sending")
    ok(topic, f"{len(lines)} records came back as they were sent")


def try_acks():
    lines = sample_lines()
    for acks in ("0", "1", "all"):
        topic = f"acks-{acks}"
        use(topic)
        produce(topic, lines, "-X", f"acks={acks}", "-X", "max.in.flight=1")
        if acks == "all":
            expect_records(texts(consume_until(topic, all_of(lines))), lines, "acks=all", once=False)
        elif LEADERS_DIE:
            expect_what_is_left(texts(consume(topic)), lines, f"acks={acks}")
        else:
            # What was sent with acks 0 or 1 may become visible a moment later.
            wait_until(lambda topic=topic: texts(consume(topic)) == lines, f"all records sent with acks={acks}")
    ok("acks", "120 records with each")


def try_idempotence():
    lines = [f"|{number}" for number in range(500)]
    use("idempotence")
    settings = ["enable.idempotence=true", "batch.num.messages=50", "linger.ms=0"]
    produce("idempotence", lines, *[word for setting in settings for word in ("-X", setting)])
    expect(texts(consume_until("idempotence", all_of(lines))), lines, "order")
    ok("idempotence", "500 records in batches of at most 50, in order, sequences without a gap")


def try_old_versions():
    use("old-versions")
    lines = sample_lines()
    old = ["-X", "api.version.request=false", "-X", "broker.version.fallback=1.0.0"]
    produce("old-versions", lines, *old, "-X", "max.in.flight=1")
    found = texts(consume_until("old-versions", all_of(lines), *old))
    expect_records(found, lines, "keys and values", once=False)
    ok("old-versions", "120 records came back as they were sent")


def try_metadata():
    lose("__cluster_metadata")
    expect_soon(lambda: sorted(broker["name"] for broker in metadata()["brokers"]), sorted(BROKERS), "brokers")
    expect_soon(lambda: metadata()["controllerid"] in NODES, True, "whether the controller is one of them")
    ok("describe-cluster", "its brokers and controller")
    names = {topic["topic"] for topic in metadata()["topics"]}
    expect({"codec-none", "codec-gzip", "idempotence"} <= names, True, "topics that were produced to are listed")
    ok("list-topics", "those that were produced to are there")
    lose("codec-none")

    def partitions():
        (topic,) = metadata("-t", "codec-none")["topics"]
        return [has_nodes(each["leader"], ids(each["replicas"]), ids(each["isrs"])) for each in topic["partitions"]]

    expect_soon(partitions, [True], "partitions")
    ok("describe-topics", "partitions, leader, replicas and in-sync replicas")


def metadata(*words):
    return json.loads(ask_kcat("-L", "-J", *words))


def ids(brokers):
    return [each["id"] for each in brokers]


def offset_at(time_ms):
    (found,) = re.findall(r"offsets \[0\] offset (-?\d+)", ask_kcat("-Q", "-t", f"offsets:0:{time_ms}"))
    return int(found)


def try_offsets():
    use("offsets")
    for number in range(3):
        produce("offsets", [f"|{number}"], *ONCE)
        time.sleep(0.005)
    times = [record["ts"] for record in consume_until("offsets", all_of(["|0", "|1", "|2"]))]
    expect_soon(lambda: (offset_at(-2), offset_at(-1)), (0, 3), "earliest and latest")
    expect_soon(lambda: [offset_at(each) for each in times], [0, 1, 2], "the first at a time")
    expect_soon(lambda: offset_at(times[0] + 1), 1, "the first after a time")
    later = lambda: [record["offset"] for record in consume("offsets", "-o", f"s@{times[1]}")]  # noqa: E731
    expect_soon(later, [1, 2], "consumed from a time")
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
            command = ["kcat", *PATIENT, "-b", ADDRESS, "-G", self.group(), "-u", "-f", "%s\\n", *words, TOPIC]
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
        self.assigned = self.assigned - partitions if "revoke" in line else self.assigned | partitions

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
        words = ["-P", *PATIENT, *ONCE, "-t", TOPIC, "-p", str(partition)]
        kcat(*words, text=b"".join(value + b"\n" for value in mine))


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


def committed_values(topic, wanted):
    """What a reader of committed records sees. It waits for these, or else for records."""
    is_all = lambda records: len(records) >= len(wanted)  # noqa: E731
    return [record["payload"] for record in consume_until(topic, is_all, "-X", "isolation.level=read_committed")]


def open_transaction(transactional_id, topic):
    """A kcat that has sent lines and waits for more. It ends its one transaction when it has read all."""
    ask_kcat("-L", "-t", topic)  # Makes it.
    words = ["-P", *PATIENT, "-b", ADDRESS, "-t", topic, "-p", "0", "-X", f"transactional.id={transactional_id}"]
    process = subprocess.Popen(["kcat", *words], stdin=subprocess.PIPE, stderr=subprocess.DEVNULL)
    process.stdin.write(b"of an open transaction\n" * 20_000)  # It reads ahead, and sends what fills its buffer.
    process.stdin.flush()
    wait_until(lambda: consume(topic, "-X", "isolation.level=read_uncommitted"), "its records are in the log")
    return process


def commit(transactional_id, topic, *values):
    """In a kcat of their own. One that fails where leaders die may have committed, or else nothing of it is there."""
    text = "".join(f"{value}\n" for value in values).encode()
    words = ["-P", *PATIENT, "-t", topic, "-p", "0", "-X", f"transactional.id={transactional_id}"]
    kcat(*words, text=text)


def try_transactions():
    use("transactions")
    left_open = open_transaction("left-open", "transactions")
    commit("commits", "transactions", "a", "b")
    left_open.kill()
    left_open.wait()
    commit("left-open", "transactions", "c")
    expect(committed_values("transactions", "abc"), ["a", "b", "c"], "committed records")
    ok("transactions", "one a process; of one that was killed no record was read")

    use("fencing")
    old = open_transaction("fenced", "fencing")
    commit("fenced", "fencing", "new")
    old.stdin.close()
    expect(old.wait(PATIENCE_SECONDS) != 0, True, "whether the old one fails")
    expect(committed_values("fencing", ["new"]), ["new"], "committed records")
    ok("fencing", "the old one cannot commit, and what it left open was aborted")


def continue_from_commit():
    """A new member of the group gets one new record and none of the old."""
    kcat("-P", *PATIENT, *ONCE, "-t", TOPIC, "-p", "3", text=b"after\n")
    member = Member("successor")
    member.open()
    received = []
    wait_until(lambda: received.extend(member.step()[0]) or received, "the record after the broker came back")
    expect(received, [b"after"], "what a member receives after the broker came back")
    member.close()


def create_topic_with_partitions():
    """kcat makes a topic only by asking for it, which gives it the broker's number of partitions."""
    if LEADERS_DIE:
        use(TOPIC, group_run.PARTITIONS)
        return
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
