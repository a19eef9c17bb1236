"""kafka-python, as Debian has it."""

import kafka
from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import KafkaAdminClient, NewTopic
from kafka.structs import OffsetAndMetadata

import group_run
from conversation import ADDRESS, ask, expect, ok, sample_records, say, unsupported
from kafka_python_admin import try_administration, try_group_administration, try_offsets

GROUP = "kafka-python-group"
TOPIC = "group-topic"


def consume_all(topic, count, **settings):
    """The first records of a topic with one partition, and no more than those."""
    consumer = KafkaConsumer(bootstrap_servers=ADDRESS, auto_offset_reset="earliest", **settings)
    consumer.assign([TopicPartition(topic, 0)])
    found = []
    while len(found) < count:
        for records in consumer.poll(timeout_ms=1000).values():
            found += records
    expect(consumer.position(TopicPartition(topic, 0)), count, "the position after the last record")
    consumer.close()
    return found


def send_all(topic, records, **settings):
    """Returns once all are acknowledged, with the offsets they should have."""
    producer = KafkaProducer(bootstrap_servers=ADDRESS, acks="all", linger_ms=20, **settings)
    sent = [
        producer.send(topic, key=key, value=value, headers=headers, timestamp_ms=timestamp, partition=0)
        for key, value, headers, timestamp in records
    ]
    expect([each.get(30).offset for each in sent], list(range(len(records))), "offsets as acknowledged")
    producer.close()


def contents(record):
    return record.key, record.value, record.headers, record.timestamp


def try_codec(codec):
    records = sample_records()
    topic = f"codec-{codec}"
    send_all(topic, records, compression_type=None if codec == "none" else codec)
    received = consume_all(topic, len(records))
    expect([contents(record) for record in received], records, "records as received")
    expect({each.timestamp_type for each in received}, {0}, "timestamp type: CreateTime")
    ok(topic, f"{len(records)} records came back as they were sent")


def try_old_versions():
    records = sample_records()
    send_all("old-versions", records, api_version=(1, 0, 0))
    received = consume_all("old-versions", len(records), api_version=(1, 0, 0))
    expect([contents(record) for record in received], records, "records as received")
    ok("old-versions", f"{len(records)} records came back as they were sent")


def try_acks():
    for acks in (0, 1, "all"):
        producer = KafkaProducer(bootstrap_servers=ADDRESS, acks=acks)
        for number in range(20):
            producer.send(f"acks-{acks}", b"%d" % number)
        producer.flush()
        producer.close()
        expect([each.value for each in consume_all(f"acks-{acks}", 20)], [b"%d" % n for n in range(20)], f"acks={acks}")
    ok("acks", "20 records with each, received in order")


class Member(group_run.Member):
    def open(self):
        self.consumer = KafkaConsumer(
            TOPIC,
            bootstrap_servers=ADDRESS,
            group_id=GROUP,
            client_id=self.name,
            auto_offset_reset="earliest",
            enable_auto_commit=False,
            heartbeat_interval_ms=100,
            metadata_max_age_ms=1000,
        )

    def step(self):
        polled = self.consumer.poll(timeout_ms=100)
        if polled:
            self.consumer.commit(
                {where: OffsetAndMetadata(records[-1].offset + 1, self.name) for where, records in polled.items()}
            )
        values = [record.value for records in polled.values() for record in records]
        return values, [where.partition for where in self.consumer.assignment()]

    def close(self):
        self.consumer.close(autocommit=False)


def produce_to_all(values):
    producer = KafkaProducer(bootstrap_servers=ADDRESS)
    for number, value in enumerate(values):
        producer.send(TOPIC, value, partition=number % group_run.PARTITIONS)
    producer.flush()
    producer.close()
    describe_running_group()


def describe_running_group():
    admin = KafkaAdminClient(bootstrap_servers=ADDRESS)
    (described,) = admin.describe_consumer_groups([GROUP])
    owned = [partition for member in described.members for partition in member.member_assignment.assignment[0][1]]
    expect((described.state, sorted(owned)), ("Stable", list(range(group_run.PARTITIONS))), "state, assignments")
    admin.close()


def try_group():
    admin = KafkaAdminClient(bootstrap_servers=ADDRESS)
    admin.create_topics([NewTopic(TOPIC, group_run.PARTITIONS, 1)])
    admin.close()
    text = group_run.run_group([Member(f"member-{number}") for number in range(3)], produce_to_all)
    ok("group", text)
    unsupported("static-members", "it has no group.instance.id")
    unsupported("cooperative", "it has no cooperative assignor")
    committed = committed_offsets()
    expect({where.partition: found.offset for where, found in committed.items()},
           {partition: 20 for partition in range(group_run.PARTITIONS)}, "committed offsets")
    for way in ("restart broker", "kill broker"):
        ask(way)
        expect(committed_offsets(), committed, f"committed offsets after: {way}")
        continue_from_commit()
        committed = committed_offsets()
    ok("restart", "after each the offsets and metadata were there, and a new member began at the first uncommitted record")
    return committed


def committed_offsets():
    # Its admin tells of a connection that broke instead of making another: a new one after each restart.
    admin = KafkaAdminClient(bootstrap_servers=ADDRESS)
    found = admin.list_consumer_group_offsets(GROUP)
    admin.close()
    return found


def continue_from_commit():
    """A new member of the group gets one new record and none of the old."""
    producer = KafkaProducer(bootstrap_servers=ADDRESS)
    producer.send(TOPIC, b"after", partition=3).get(30)
    producer.close()
    member = Member("successor")
    member.open()
    values = []
    while not values:
        values, _ = member.step()
    expect(values, [b"after"], "what a member receives after the broker came back")
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
