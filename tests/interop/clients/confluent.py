"""confluent-kafka for Python, as Debian has it: librdkafka 2.0.2 underneath."""

import confluent_kafka
from confluent_kafka import Consumer, KafkaError, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

import group_run
from confluent_admin import try_administration, try_group_administration, try_offsets
from confluent_transactions import try_transactions
from confluent_errors import OF_ANOTHER_GENERATION, insist, may_pass
from conversation import (
    ADDRESS,
    LEADERS_DIE,
    PATIENCE_SECONDS,
    ask,
    expect,
    expect_records,
    expect_soon,
    expect_what_is_left,
    keep_pace,
    ok,
    sample_records,
    say,
    use,
    wait_until,
)

GROUP = "confluent-group"
TOPIC = "group-topic"


def consume_all(topic, is_all, settings=None):
    """The records of a topic with one partition, up to an end at which they are all."""
    common = {"bootstrap.servers": ADDRESS, "group.id": "unused", "enable.partition.eof": True, "fetch.wait.max.ms": 50}
    consumer = Consumer({**common, **(settings or {})})
    consumer.assign([TopicPartition(topic, 0, confluent_kafka.OFFSET_BEGINNING)])
    found = []
    while True:
        record = consumer.poll(PATIENCE_SECONDS)
        if record is None:
            raise AssertionError(f"nothing within {PATIENCE_SECONDS} s after {len(found)} records")
        if record.error() and record.error().code() == KafkaError._PARTITION_EOF:
            # A new leader learns only by and by how far its records are in sync.
            if not LEADERS_DIE or is_all([contents(record) for record in found]):
                break
        elif not record.error() or not may_pass(record.error()):
            expect(record.error(), None, "the error of a record")
            found.append(record)
    consumer.close()
    expect([record.offset() for record in found], list(range(len(found))), "offsets")
    return [contents(record) for record in found]


def produce(records, settings, topic):
    """Offsets as acknowledged, in the order of the records."""
    offsets = {}

    def delivered(number):
        def note(error, record):
            expect(error, None, f"delivery of record {number}")
            offsets[number] = record.offset()

        return note

    producer = Producer({"bootstrap.servers": ADDRESS, "linger.ms": 20, **settings})
    for number, (key, value, headers, timestamp) in enumerate(records):
        producer.produce(
            topic, value, key, 0, timestamp=timestamp, headers=headers, on_delivery=delivered(number)
        )
        keep_pace()
    expect(producer.flush(PATIENCE_SECONDS), 0, "records left after flush")
    return [offsets[number] for number in range(len(records))]


def contents(record):
    kind, timestamp = record.timestamp()
    expect(kind, confluent_kafka.TIMESTAMP_CREATE_TIME, "timestamp type")
    return record.key(), record.value(), record.headers() or [], timestamp


def all_of(records):
    return lambda found: all(each in found for each in records)


def try_codec(codec):
    records = sample_records()
    topic = f"codec-{codec}"
    use(topic)
    # Only idempotent, it promises each record once where leaders die.
    settings = {"compression.type": codec, "enable.idempotence": LEADERS_DIE}
    acknowledged = produce(records, settings, topic)
    expect(acknowledged, list(range(len(records))), "offsets as acknowledged")
    expect(consume_all(topic, all_of(records)), records, "records as received")
    ok(topic, f"{len(records)} records came back as they were sent")


def try_acks():
    records = sample_records(20)
    for acks in ("0", "1", "all"):
        topic = f"acks-{acks}"
        use(topic)
        produce(records, {"acks": acks, "max.in.flight": 1}, topic)
        if acks == "all":
            expect_records(consume_all(topic, all_of(records)), records, "acks=all", once=False)
        else:
            expect_what_is_left(consume_all(topic, lambda found: True), records, f"acks={acks}")
    ok("acks", "20 records with each, received in order")


def try_idempotence():
    records = sample_records(500)
    use("idempotence")
    settings = {"enable.idempotence": True, "batch.num.messages": 50, "linger.ms": 0}
    expect(produce(records, settings, "idempotence"), list(range(500)), "offsets as acknowledged")
    expect(consume_all("idempotence", all_of(records)), records, "records as received")
    ok("idempotence", "500 records in batches of at most 50, in order, sequences without a gap")


def try_old_versions():
    records = sample_records()
    use("old-versions")
    old = {"api.version.request": False, "broker.version.fallback": "1.0.0"}
    produce(records, {**old, "max.in.flight": 1}, "old-versions")
    expect_records(consume_all("old-versions", all_of(records), old), records, "records", once=False)
    ok("old-versions", f"{len(records)} records came back as they were sent")


class Member(group_run.Member):
    settings = {}

    def open(self):
        settings = {
            "bootstrap.servers": ADDRESS,
            "group.id": GROUP,
            "client.id": self.name,
            "auto.offset.reset": "earliest",
            "enable.auto.commit": False,
            "heartbeat.interval.ms": 100,
            "topic.metadata.refresh.interval.ms": 1000,
        }
        if LEADERS_DIE:  # Who leaves while the coordinator is dead is missed only then.
            settings["session.timeout.ms"] = 6000
        self.consumer = Consumer({**settings, **self.settings})
        self.consumer.subscribe([TOPIC])

    def step(self):
        record = self.consumer.poll(0.1)
        values = []
        if record is not None:
            if record.error() and may_pass(record.error()):
                return [], self.owned
            expect(record.error(), None, "the error of a record")
            # A cooperative member that keeps its partition does not get it again.
            if self.commit(record) or "partition.assignment.strategy" in self.settings:
                values.append(record.value())
        return values, [where.partition for where in self.consumer.assignment()]

    def commit(self, record):
        """Whether it is committed."""
        try:
            insist(self.consumer.commit, record, asynchronous=False)
            return True
        except KafkaException as failure:
            # A rebalance was faster than a commit that had to be repeated: the next owner gets the record again.
            if not LEADERS_DIE or failure.args[0].code() not in OF_ANOTHER_GENERATION:
                raise
            return False

    def close(self):
        """Gives its partitions up before it closes: a cooperative member of librdkafka 2.0.2 that only closes does not
        tell the group that it leaves."""
        if "group.instance.id" not in self.settings:  # A static member would leave as well.
            self.consumer.unsubscribe()
            while self.consumer.assignment():
                expect(self.consumer.poll(0.1), None, "a record after unsubscribing")
        self.consumer.close()


def produce_to_all(values):
    producer = Producer({"bootstrap.servers": ADDRESS, "enable.idempotence": LEADERS_DIE})
    for number, value in enumerate(values):
        producer.produce(TOPIC, value, partition=number % group_run.PARTITIONS)
        keep_pace()
    expect(producer.flush(PATIENCE_SECONDS), 0, "records left after flush")
    group = Member.settings.get("group.id", GROUP)
    admin = AdminClient({"bootstrap.servers": ADDRESS})

    def described():
        return insist(admin.list_groups, group, 10)[0]

    expect_soon(lambda: (described().state, described().protocol_type), ("Stable", "consumer"), "state and type")
    names = {f"member-{number}" for number in range(3)}
    expect({member.client_id for member in described().members} <= names, True, "client ids of the members")


def committed_offsets():
    consumer = Consumer({"bootstrap.servers": ADDRESS, "group.id": GROUP})
    partitions = [TopicPartition(TOPIC, each) for each in range(group_run.PARTITIONS)]
    found = insist(consumer.committed, partitions, 10)
    consumer.close()
    return {where.partition: where.offset for where in found}


def three_members():
    return [Member(f"member-{number}") for number in range(3)]


def try_group():
    ok("group", group_run.run_group(three_members(), produce_to_all))
    expect(committed_offsets(), {partition: 20 for partition in range(group_run.PARTITIONS)}, "committed offsets")


def try_cooperative():
    Member.settings = {"group.id": GROUP + "-cooperative", "partition.assignment.strategy": "cooperative-sticky"}
    # A partition that a cooperative member of librdkafka 2.0.2 keeps may start again where the member once began with
    # it, whatever it committed since.
    text = group_run.run_group(three_members(), produce_to_all, once=False)
    ok("cooperative", text + ", with cooperative-sticky")


def try_static_member():
    """Leaving and coming back within the session keeps the partitions, and the group takes no notice."""
    group = GROUP + "-static"
    Member.settings = {"group.id": group, "group.instance.id": "static-1", "session.timeout.ms": 20000}

    def own_all(member):
        _, owned = member.step()
        return len(owned) == group_run.PARTITIONS

    def members_of_stable_group():
        (described,) = insist(AdminClient({"bootstrap.servers": ADDRESS}).list_groups, group, 10)
        expect(described.state, "Stable", "state of the group while its static member is away or back")
        return len(described.members)

    for _ in range(2):
        member = Member("static")
        member.open()
        wait_until(lambda: own_all(member), "the static member owns all partitions")
        expect(members_of_stable_group(), 1, "members")
        member.close()
        expect(members_of_stable_group(), 1, "members while the static one is away")
    ok("static-members", "away and back without a rebalance")


def continue_from_commit():
    """A new member of the group gets one new record and none of the old."""
    producer = Producer({"bootstrap.servers": ADDRESS, "enable.idempotence": LEADERS_DIE})
    producer.produce(TOPIC, b"after", partition=3)
    expect(producer.flush(PATIENCE_SECONDS), 0, "records left after flush")
    member = Member("successor")
    member.open()
    values = []
    while not values:
        values, _ = member.step()
    expect(values, [b"after"], "what a member receives after the broker came back")
    member.close()


def try_restarts():
    committed = committed_offsets()
    for way in ("restart broker", "kill broker"):
        ask(way)
        expect(committed_offsets(), committed, f"committed offsets after: {way}")
        continue_from_commit()
        committed = committed_offsets()
    ok("restart", "after each the offsets were there, and a new member began at the first uncommitted record")


def create_group_topic():
    if LEADERS_DIE:
        use(TOPIC, group_run.PARTITIONS)
        return
    admin = AdminClient({"bootstrap.servers": ADDRESS})
    for created in admin.create_topics([NewTopic(TOPIC, group_run.PARTITIONS, 1)]).values():
        created.result()


def main():
    say(f"version {confluent_kafka.version()[0]} (librdkafka {confluent_kafka.libversion()[0]})")
    for codec in ("none", "gzip", "snappy", "lz4", "zstd"):
        try_codec(codec)
    for feature in ("keys", "headers", "timestamps"):
        ok(feature, "compared in every record of every codec")
    try_acks()
    try_idempotence()
    try_old_versions()
    try_transactions()
    try_administration()
    try_offsets()
    create_group_topic()
    try_group()
    try_restarts()
    try_cooperative()
    try_static_member()
    try_group_administration(GROUP, TOPIC)


main()
