"""kafka-python while leaders are killed. Its producer has no idempotence: what it sends again may be there twice."""

import kafka
from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.errors import KafkaError
from kafka.structs import OffsetAndMetadata

import failover
from conversation import ADDRESS, PATIENCE_SECONDS, expect, ok, say, unsupported, wait_until
from failover import WRITTEN

GROUP = "failover-group"
BROKERS = ADDRESS.split(",")


def read_until(topic, last):
    """The values of the topic's one partition, up to the last of its records."""
    consumer = KafkaConsumer(bootstrap_servers=BROKERS, auto_offset_reset="earliest")
    consumer.assign([TopicPartition(topic, 0)])
    values = []

    def arrived():
        for records in consumer.poll(timeout_ms=500).values():
            values.extend(record.value.decode() for record in records)
        return last in values

    wait_until(arrived, f"{last} in {topic}", PATIENCE_SECONDS)
    consumer.close()
    return values


class Member(failover.Member):
    def open(self):
        self.consumer = KafkaConsumer(
            WRITTEN,
            bootstrap_servers=BROKERS,
            group_id=GROUP,
            auto_offset_reset="earliest",
            enable_auto_commit=False,
            session_timeout_ms=6000,
            heartbeat_interval_ms=500,
        )

    def step(self):
        polled = self.consumer.poll(timeout_ms=100)
        for where, records in polled.items():
            self.commit(where, records[-1].offset + 1)
        return [record.value.decode() for records in polled.values() for record in records]

    def commit(self, where, offset):
        try:
            self.consumer.commit({where: OffsetAndMetadata(offset, "")})
            self.offset.note(offset)
        except KafkaError:
            pass  # A rebalance, or no coordinator just now: the next commit says more.

    def close(self):
        self.consumer.close(autocommit=False)


def write():
    """Returns what was acknowledged, in the order of sending."""
    producer = KafkaProducer(
        bootstrap_servers=BROKERS, acks="all", retries=1000, retry_backoff_ms=50, max_in_flight_requests_per_connection=1
    )
    sent = [(number, producer.send(WRITTEN, b"%d" % number, partition=0)) for number in failover.until_time_is_up()]
    acknowledged = []
    for number, future in sent:
        future.get(PATIENCE_SECONDS)
        acknowledged.append(str(number))
    producer.close()
    return acknowledged


def committed_offset():
    consumer = KafkaConsumer(bootstrap_servers=BROKERS, group_id=GROUP)
    found = consumer.committed(TopicPartition(WRITTEN, 0))
    consumer.close()
    return found


def try_writes_and_group():
    say(f"use {WRITTEN}")
    acknowledged = failover.group_receives(Member, write, committed_offset)
    values = read_until(WRITTEN, acknowledged[-1])
    expect(sorted(set(values), key=int), acknowledged, "values, each once, as read")
    twice = len(values) - len(acknowledged)
    ok("write-again", f"{len(acknowledged)}, all acknowledged and there; {twice} are there again")
    ok("group", "all of them were received; the group's offset is what was committed last")


def main():
    say(f"version {kafka.__version__}")
    try_writes_and_group()
    for feature in ("write", "transactions", "transactional-offsets"):
        unsupported(feature, "its producer has no idempotence and no transactions")


main()
