"""confluent-kafka (librdkafka) while leaders are killed."""

import confluent_kafka
from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition

import failover
from conversation import ADDRESS, PATIENCE_SECONDS, expect, ok, say
from failover import TRANSACTIONS, WRITTEN

GROUP = "failover-group"
TRANSACTIONAL_GROUP = "transactional-reader"
RECORDS = 5


def read_all(topic, isolation):
    """The values of the topic's one partition."""
    consumer = Consumer(
        {
            "bootstrap.servers": ADDRESS,
            "group.id": "unused",
            "enable.partition.eof": True,
            "isolation.level": isolation,
        }
    )
    consumer.assign([TopicPartition(topic, 0, confluent_kafka.OFFSET_BEGINNING)])
    values = []
    while True:
        record = consumer.poll(PATIENCE_SECONDS)
        if record is None:
            raise AssertionError(f"nothing came of {topic}")
        if not record.error():
            values.append(record.value().decode())
        elif record.error().code() == confluent_kafka.KafkaError._PARTITION_EOF:
            consumer.close()
            return values


class Member(failover.Member):
    def open(self):
        self.consumer = Consumer(
            {
                "bootstrap.servers": ADDRESS,
                "group.id": GROUP,
                "auto.offset.reset": "earliest",
                "enable.auto.commit": False,
                "session.timeout.ms": 6000,
                "heartbeat.interval.ms": 500,
                "reconnect.backoff.max.ms": failover.RECONNECT_MS_MAX,
            }
        )
        self.consumer.subscribe([WRITTEN])

    def step(self):
        values = []
        for record in self.consumer.consume(100, 0.1):
            if not record.error():  # Those of connections pass by themselves.
                values.append(record.value().decode())
        self.commit()
        return values

    def commit(self):
        try:
            for where in self.consumer.commit(asynchronous=False):
                if not where.error:
                    self.offset.note(where.offset)
        except KafkaException:
            pass  # Nothing new, or a rebalance, or no coordinator just now: the next commit says more.

    def close(self):
        self.consumer.close()


def write():
    """Returns what was acknowledged, in the order of its offsets."""
    acknowledged = []

    def delivered(error, record):
        expect(error, None, f"delivery of {record.value()}")
        acknowledged.append((record.offset(), record.value().decode()))

    producer = Producer({"bootstrap.servers": ADDRESS, "enable.idempotence": True})
    for number in failover.until_time_is_up():
        producer.produce(WRITTEN, b"%d" % number, partition=0, on_delivery=delivered)
        producer.poll(0)
    expect(producer.flush(PATIENCE_SECONDS), 0, "records left after flush")
    return [value for _, value in sorted(acknowledged)]


def insist(call, *words):
    """Calls again for as long as librdkafka says that it may be called again."""
    while True:
        try:
            return call(*words)
        except KafkaException as failure:
            if not failure.args[0].retriable():
                raise


def committed_offset(group, topic):
    consumer = Consumer({"bootstrap.servers": ADDRESS, "group.id": group})
    (found,) = insist(consumer.committed, [TopicPartition(topic, 0)], PATIENCE_SECONDS)
    consumer.close()
    return found.offset


def try_writes_and_group():
    say(f"use {WRITTEN}")
    acknowledged = failover.group_receives(Member, write, lambda: committed_offset(GROUP, WRITTEN))
    expect(acknowledged, [str(number) for number in range(len(acknowledged))], "values in the order of their offsets")
    failover.expect_values(read_all(WRITTEN, "read_committed"), acknowledged, "values")
    ok("write", f"{len(acknowledged)} of an idempotent producer, all acknowledged")
    ok("write-again", "more than that: see above")
    ok("group", "all of them were received; the group's offset is what was committed last")


class Transactor:
    """Commits two of three transactions and aborts the third, whatever the brokers do.

    An abort drops what is queued, also what is queued again because its answer was lost, and gives the sequence numbers
    to the next transaction (rd_kafka_toppar_purge_queues): if the broker has the first of the two, it takes the second
    for its repetition, and a committed transaction has no records. So nothing may be queued when a transaction is
    aborted, and where it must be aborted, a new producer with a new epoch goes on."""

    def __init__(self):
        self.committed = []
        self.count = 0
        self.aborted_by_need = 0
        self.last_offset = None
        self.reader = Consumer({"bootstrap.servers": ADDRESS, "group.id": TRANSACTIONAL_GROUP})
        self.start_over()

    def start_over(self):
        self.producer = Producer({"bootstrap.servers": ADDRESS, "transactional.id": "failover"})
        insist(self.producer.init_transactions, PATIENCE_SECONDS)

    def run(self, number):
        values = [f"{number}-{each}" for each in range(RECORDS)]
        offset = number + 1
        self.producer.begin_transaction()
        try:
            for value in values:
                self.producer.produce(TRANSACTIONS, value, partition=0)
            position = [TopicPartition(TRANSACTIONS, 0, offset)]
            insist(
                self.producer.send_offsets_to_transaction,
                position, self.reader.consumer_group_metadata(), PATIENCE_SECONDS,
            )  # fmt: skip
            if number % 3 == 1:
                expect(self.producer.flush(PATIENCE_SECONDS), 0, "records left after flush")
                insist(self.producer.abort_transaction, PATIENCE_SECONDS)
                return
            insist(self.producer.commit_transaction, PATIENCE_SECONDS)
            self.committed += values
            self.count += 1
            self.last_offset = offset
        except KafkaException as failure:
            if not failure.args[0].txn_requires_abort():
                raise
            self.aborted_by_need += 1
            self.start_over()


def try_transactions():
    say(f"use {TRANSACTIONS}")
    transactor = Transactor()
    for number in failover.until_time_is_up():
        transactor.run(number)
    failover.expect_values(read_all(TRANSACTIONS, "read_committed"), transactor.committed, "committed records")
    ok("transactions", f"{transactor.count} committed, {transactor.aborted_by_need} had to be aborted")
    offset = committed_offset(TRANSACTIONAL_GROUP, TRANSACTIONS)
    expect(offset, transactor.last_offset, "the offset of the group")
    ok("transactional-offsets", f"{offset}, of the last that was committed")


def main():
    say(f"version {confluent_kafka.version()[0]} (librdkafka {confluent_kafka.libversion()[0]})")
    try_writes_and_group()
    try_transactions()


main()
