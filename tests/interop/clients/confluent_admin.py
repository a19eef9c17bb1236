"""confluent-kafka: topics, configurations and groups."""

from confluent_kafka import Consumer, KafkaError, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, ConfigResource, NewPartitions, NewTopic

from conversation import ADDRESS, expect, ok, unsupported


def finish(futures):
    return {what: future.result(20) for what, future in futures.items()}


def try_administration():
    admin = AdminClient({"bootstrap.servers": ADDRESS})
    try_topics(admin)
    try_configs(admin)
    finish(admin.delete_topics(["admin", "admin-other"]))
    expect({"admin", "admin-other"} & set(admin.list_topics(timeout=10).topics), set(), "topics after their deletion")
    ok("delete-topics", "2 topics, gone from the list")
    cluster = admin.list_topics(timeout=10)
    (broker,) = cluster.brokers.values()
    expect((f"{broker.host}:{broker.port}", broker.id), (ADDRESS, cluster.controller_id), "the broker, the controller")
    ok("describe-cluster", f"cluster {cluster.cluster_id}, its broker and controller")
    unsupported("delete-records", "its admin has no such call")
    unsupported("describe-log-dirs", "its admin has no such call")


def try_topics(admin):
    wanted = NewTopic("admin", 3, 1, config={"retention.ms": "123456"})
    finish(admin.create_topics([wanted], validate_only=True))
    expect("admin" in admin.list_topics(timeout=10).topics, False, "a topic that was only validated exists")
    finish(admin.create_topics([wanted, NewTopic("admin-other", 2, replica_assignment=[[1], [1]])]))
    try:
        finish(admin.create_topics([wanted]))
        raise AssertionError("a topic was created twice")
    except KafkaException as refusal:
        expect(refusal.args[0].code(), KafkaError.TOPIC_ALREADY_EXISTS, "the error of a second creation")
    ok("create-topics", "with configs, with an assignment, validated only, refused the second time")

    finish(admin.create_partitions([NewPartitions("admin", 5)]))
    # Never by name: librdkafka keeps asking for a topic that was once asked for by name, and so creates it again.
    topics = admin.list_topics(timeout=10).topics
    expect(sorted(topics["admin"].partitions), [0, 1, 2, 3, 4], "partitions after the increase")
    ok("create-partitions", "from 3 to 5")
    expect({"admin", "admin-other"} <= set(topics), True, "both topics are listed")
    ok("list-topics", "the created ones are there")
    expect(sorted(topics["admin-other"].partitions), [0, 1], "partitions as assigned")
    for partition in topics["admin"].partitions.values():
        expect((partition.leader, partition.replicas, partition.isrs), (1, [1], [1]), "leader, replicas, ISR")
    ok("describe-topics", "partitions, leaders, replicas and in-sync replicas of 2 topics")


def configs_of(admin, kind, name):
    (found,) = finish(admin.describe_configs([ConfigResource(kind, name)])).values()
    return {key: entry.value for key, entry in found.items()}


def try_configs(admin):
    before = configs_of(admin, "topic", "admin")
    expect(before["retention.ms"], "123456", "retention.ms as created")
    expect(before["cleanup.policy"], "delete", "cleanup.policy by default")
    broker = configs_of(admin, "broker", "1")
    expect(broker["group.initial.rebalance.delay.ms"], "200", "a setting of the broker")
    ok("describe-configs", f"{len(before)} of a topic, {len(broker)} of the broker")
    altered = ConfigResource("topic", "admin", set_config={"max.message.bytes": "54321"})
    finish(admin.alter_configs([altered]))
    after = configs_of(admin, "topic", "admin")
    expect(after["max.message.bytes"], "54321", "max.message.bytes as altered")
    expect(after["retention.ms"] != "123456", True, "AlterConfigs resets what it does not name")
    ok("alter-configs", "sets what it names and resets the rest")


def try_offsets():
    producer = Producer({"bootstrap.servers": ADDRESS})
    for number in range(10):
        producer.produce("offsets", b"%d" % number, partition=0, timestamp=1_700_000_000_000 + number * 1000)
    expect(producer.flush(30), 0, "records left after flush")
    consumer = Consumer({"bootstrap.servers": ADDRESS, "group.id": "unused"})
    expect(consumer.get_watermark_offsets(TopicPartition("offsets", 0), 10), (0, 10), "earliest and latest")
    (found,) = consumer.offsets_for_times([TopicPartition("offsets", 0, 1_700_000_003_500)], 10)
    expect((found.error, found.offset), (None, 4), "the first at or after a time")
    (none,) = consumer.offsets_for_times([TopicPartition("offsets", 0, 18_000_000_000_000)], 10)
    expect((none.error, none.offset), (None, -1), "after the last: the end")
    ok("list-offsets", "0, 10, and 4 for a time between the 4th and the 5th record")
    consumer.close()


def try_group_administration(group, topic):
    admin = AdminClient({"bootstrap.servers": ADDRESS})
    expect(group in [each.id for each in admin.list_groups(timeout=10)], True, "the group is listed")
    ok("list-groups", "the group is there")
    (described,) = admin.list_groups(group, 10)
    expect((described.state, described.members), ("Empty", []), "state and members")
    ok("describe-groups", "with its members while it ran, then empty")

    outside = Consumer({"bootstrap.servers": ADDRESS, "group.id": group})
    moved = TopicPartition(topic, 0, 1)
    outside.commit(offsets=[moved], asynchronous=False)
    (found,) = outside.committed([TopicPartition(topic, 0)], 10)
    outside.close()
    expect(found.offset, 1, "the offset as moved")
    ok("list-group-offsets", "as the group's own consumer asks for them")
    ok("alter-group-offsets", "moved back by a commit from outside the group")
    unsupported("delete-group-offsets", "its admin has no such call")
    unsupported("delete-groups", "its admin has no such call")
