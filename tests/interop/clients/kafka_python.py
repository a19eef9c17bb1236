"""kafka-python, as Debian has it."""

import kafka
from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import NewTopic
from kafka.errors import CommitFailedError
from kafka.structs import OffsetAndMetadata

import group_run
from conversation import (
    LEADERS_DIE,
    PATIENCE_SECONDS,
    ask,
    expect,
    expect_records,
    expect_what_is_left,
    keep_pace,
    ok,
    sample_records,
    say,
    unsupported,
    use,
)
from kafka_python_admin import try_administration, try_group_administration, try_offsets
from kafka_python_errors import COMMON, administer, insist, patient

GROUP = "kafka-python-group"
TOPIC = "group-topic"


def consume_all(topic, is_all, **settings):
    """The records of a topic with one partition, up to an end at which they are all."""
    consumer = KafkaConsumer(auto_offset_reset="earliest", **{**COMMON, **settings})
    partition = TopicPartition(topic, 0)
    consumer.assign([partition])
    found = []
    end = 0
    while len(found) < end or not is_all([contents(record) for record in found]):
        for records in consumer.poll(timeout_ms=1000).values():
            found += records
        end = insist(consumer.end_offsets, [partition])[partition]
    expect(consumer.position(partition), end, "the position after the last record")
    consumer.close()
    expect([record.offset for record in found], list(range(len(found))), "offsets")
    expect({record.timestamp_type for record in found} <= {0}, True, "timestamp type: CreateTime")
    return [contents(record) for record in found]


def send_all(topic, records, acks="all", **settings):
    """Returns once all are acknowledged, and none of them twice as long as no leader dies."""
    producer = KafkaProducer(acks=acks, linger_ms=20, **{**COMMON, **patient(), **settings})
    sent = []
    for key, value, headers, timestamp in records:
        sent.append(producer.send(topic, key=key, value=value, headers=headers, timestamp_ms=timestamp, partition=0))
        keep_pace()
    offsets = [each.get(PATIENCE_SECONDS).offset for each in sent]
    if acks == "all" and not LEADERS_DIE:
        expect(offsets, list(range(len(records))), "offsets as acknowledged")
    producer.close()


def contents(record):
    return record.key, record.value, record.headers, record.timestamp


def all_of(records):
    return lambda found: all(each in found for each in records)


def try_codec(codec):
    records = sample_records()
    topic = f"codec-{codec}"
    use(topic)
    send_all(topic, records, compression_type=None if codec == "none" else codec)
    expect_records(consume_all(topic, all_of(records)), records, "records as received", once=False)
    ok(topic, f"{len(records)} records came back as they were sent")


def try_old_versions():
    records = sample_records()
    use("old-versions")
    send_all("old-versions", records, api_version=(1, 0, 0))
    received = consume_all("old-versions", all_of(records), api_version=(1, 0, 0))
    expect_records(received, records, "records as received", once=False)
    ok("old-versions", f"{len(records)} records came back as they were sent")


def try_acks():
    records = sample_records(20)
    for acks in (0, 1, "all"):
        topic = f"acks-{acks}"
        use(topic)
        send_all(topic, records, acks=acks)
        if acks == "all" or not LEADERS_DIE:
            expect_records(consume_all(topic, all_of(records)), records, f"acks={acks}", once=False)
        else:
            expect_what_is_left(consume_all(topic, lambda found: True), records, f"acks={acks}")
    ok("acks", "20 records with each, received in order")


class Member(group_run.Member):
    def open(self):
        self.consumer = KafkaConsumer(
            TOPIC,
            group_id=GROUP,
            client_id=self.name,
            auto_offset_reset="earliest",
            enable_auto_commit=False,
            heartbeat_interval_ms=100,
            metadata_max_age_ms=1000,
            **COMMON,
        )

    def step(self):
        polled = self.consumer.poll(timeout_ms=100)
        owned = [where.partition for where in self.consumer.assignment()]
        if polled and not self.commit(
            {where: OffsetAndMetadata(records[-1].offset + 1, self.name) for where, records in polled.items()}
        ):
            return [], owned
        values = [record.value for records in polled.values() for record in records]
        return values, owned

    def commit(self, offsets):
        """Whether they are committed."""
        try:
            insist(self.consumer.commit, offsets)
            return True
        except CommitFailedError:
            # A rebalance was faster than a commit that had to be repeated: the next owner gets the records again.
            if not LEADERS_DIE:
                raise
            return False

    def close(self):
        self.consumer.close(autocommit=False)


def produce_to_all(values):
    producer = KafkaProducer(acks="all", **COMMON, **patient())
    for number, value in enumerate(values):
        producer.send(TOPIC, value, partition=number % group_run.PARTITIONS)
        keep_pace()
    producer.flush()
    producer.close()
    describe_running_group()


def describe_running_group():
    (described,) = administer(lambda admin: admin.describe_consumer_groups([GROUP]))
    owned = [partition for member in described.members for partition in member.member_assignment.assignment[0][1]]
    expect((described.state, sorted(owned)), ("Stable", list(range(group_run.PARTITIONS))), "state, assignments")


def try_group():
    if LEADERS_DIE:
        use(TOPIC, group_run.PARTITIONS)
    else:
        administer(lambda admin: admin.create_topics([NewTopic(TOPIC, group_run.PARTITIONS, 1)]))
    text = group_run.run_group([Member(f"member-{number}") for number in range(3)], produce_to_all)
    ok("group", text)
    unsupported("static-members", "it has no group.instance.id")
    unsupported("cooperative", "it has no cooperative assignor")
    committed = committed_offsets()
    offsets = {where.partition: found.offset for where, found in committed.items()}
    wanted = {partition: end_of(partition) for partition in range(group_run.PARTITIONS)}
    expect(offsets, wanted, "committed offsets")
    for way in ("restart broker", "kill broker"):
        ask(way)
        expect(committed_offsets(), committed, f"committed offsets after: {way}")
        continue_from_commit()
        committed = committed_offsets()
    ok("restart", "after each the offsets and metadata were there, and a new member began at the first uncommitted record")
    return committed


def committed_offsets():
    return administer(lambda admin: admin.list_consumer_group_offsets(GROUP))


def end_of(partition):
    """20 records were sent to each, and where leaders die some perhaps twice."""
    consumer = KafkaConsumer(**COMMON)
    where = TopicPartition(TOPIC, partition)
    end = insist(consumer.end_offsets, [where])[where]
    consumer.close()
    expect(end >= 20 if LEADERS_DIE else end == 20, True, f"whether {end} records are right")
    return end


def continue_from_commit():
    """A new member of the group gets one new record and none of the old."""
    producer = KafkaProducer(acks="all", **COMMON, **patient())
    producer.send(TOPIC, b"after", partition=3).get(PATIENCE_SECONDS)
    producer.close()
    member = Member("successor")
    member.open()
    values = []
    while not values:
        values, _ = member.step()
    expect_records(values, [b"after"], "what a member receives after the broker came back", once=False)
    member.close()


def main():
    say(f"version {kafka.__version__}")
    for codec in ("none", "gzip", "snappy", "lz4", "zstd"):
        try_codec(codec)
    for feature in ("keys", "headers", "timestamps"):
        ok(feature, "compared in every record of every codec")
    for feature in ("idempotence", "transactions", "fencing", "transactional-offsets"):
        unsupported(feature, "its producer has none")
    try_acks()
    try_old_versions()
    try_administration()
    try_offsets()
    try_group_administration(GROUP, TOPIC, try_group())


main()
