"""Transactions with confluent-kafka: what a reader of committed records sees, fencing, and offsets."""

from confluent_kafka import Consumer, KafkaError, KafkaException, Producer, TopicPartition

from confluent_errors import insist, may_pass
from conversation import ADDRESS, expect, keep_pace, ok, use

TRANSACTIONS = 20
RECORDS = 10


def transactional_producer(transactional_id):
    producer = Producer({"bootstrap.servers": ADDRESS, "transactional.id": transactional_id})
    insist(producer.init_transactions, 30)
    return producer


def new_consumer(group, **settings):
    return Consumer(
        {
            "bootstrap.servers": ADDRESS,
            "group.id": group,
            "auto.offset.reset": "earliest",
            "enable.auto.commit": False,
            "isolation.level": "read_committed",
            "enable.partition.eof": True,
            **settings,
        }
    )


def read_to_end(topic, count):
    """The values of the topic's one partition, as far as they are committed: up to an end, and so many at least, since a
    new leader learns only by and by how far its records are in sync."""
    consumer = new_consumer(f"reader-of-{topic}")
    consumer.assign([TopicPartition(topic, 0, 0)])
    values = []
    while True:
        record = consumer.poll(30)
        if record is None:
            raise AssertionError(f"nothing came of {topic}")
        if not record.error():
            values.append(record.value().decode())
        elif record.error().code() == KafkaError._PARTITION_EOF and len(values) >= count:
            consumer.close()
            return values
        elif not may_pass(record.error()):
            expect(record.error().code(), KafkaError._PARTITION_EOF, "the error of a record")


def write(producer, topic, transaction):
    values = [f"{transaction}-{number}" for number in range(RECORDS)]
    for value in values:
        producer.produce(topic, value, partition=0)
        keep_pace()
    return values


def try_commits_and_aborts():
    use("transactions")
    producer = transactional_producer("commits-and-aborts")
    wanted = []
    for transaction in range(TRANSACTIONS):
        producer.begin_transaction()
        values = write(producer, "transactions", transaction)
        producer.flush(30)
        if transaction % 3 == 1:
            insist(producer.abort_transaction, 30)
        else:
            insist(producer.commit_transaction, 30)
            wanted += values
    producer.begin_transaction()
    write(producer, "transactions", "open")
    producer.flush(30)
    expect(read_to_end("transactions", len(wanted)), wanted, "committed records")
    insist(producer.abort_transaction, 30)
    expect(read_to_end("transactions", len(wanted)), wanted, "committed records after the last abort")
    ok("transactions", f"{TRANSACTIONS} in turn; of those aborted and the one left open no record was read")


def try_fencing():
    use("fencing")
    old = transactional_producer("fenced")
    old.begin_transaction()
    write(old, "fencing", "old")
    old.flush(30)
    new = transactional_producer("fenced")
    try:
        insist(old.commit_transaction, 30)
        raise AssertionError("a producer that was fenced has committed")
    except KafkaException as failure:
        expect(failure.args[0].fatal(), True, "whether the error is fatal")
    new.begin_transaction()
    values = write(new, "fencing", "new")
    insist(new.commit_transaction, 30)
    expect(read_to_end("fencing", len(values)), values, "records")
    ok("fencing", "the old one cannot commit, and what it left open was aborted")


def committed_offset(group):
    consumer = new_consumer(group)
    (found,) = insist(consumer.committed, [TopicPartition("transactions", 0)], 30)
    consumer.close()
    return found.offset


def next_record(consumer):
    while True:
        record = consumer.poll(30)
        expect(record is None, False, "whether nothing came")
        if not record.error():
            return record
        expect(may_pass(record.error()), True, f"whether this may pass: {record.error()}")


def send_offsets(producer, consumer, commit):
    """Reads a record and writes its value doubled, with the position, in one transaction."""
    record = next_record(consumer)
    producer.begin_transaction()
    producer.produce("doubled", record.value() * 2, partition=0)
    position = [TopicPartition(record.topic(), record.partition(), record.offset() + 1)]
    insist(producer.send_offsets_to_transaction, position, consumer.consumer_group_metadata(), 30)
    insist(producer.commit_transaction if commit else producer.abort_transaction, 30)
    return record.value().decode() * 2, record.offset() + 1


def begin_at_start(consumer, assigned):
    consumer.assign([TopicPartition(each.topic, each.partition, 0) for each in assigned])


def try_offsets():
    use("doubled")
    group = "transactional-reader"
    producer = transactional_producer("offsets")
    consumer = new_consumer(group)
    # Where to begin is said with the assignment: librdkafka refuses to seek before it has begun to fetch.
    consumer.subscribe(["transactions"], on_assign=begin_at_start)
    first, position = send_offsets(producer, consumer, True)
    expect(committed_offset(group), position, "offset after a commit")
    send_offsets(producer, consumer, False)
    expect(committed_offset(group), position, "offset after an abort")
    consumer.close()
    expect(read_to_end("doubled", 1), [first], "records")
    ok("transactional-offsets", "an offset counts with the records of its transaction, or not at all")


def try_transactions():
    try_commits_and_aborts()
    try_fencing()
    try_offsets()
