"""confluent-kafka: topics, configurations and groups."""

from confluent_kafka import Consumer, KafkaError, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, ConfigResource, NewPartitions, NewTopic

from confluent_errors import insist
from conversation import (
    ADDRESS,
    BROKERS,
    LEADERS_DIE,
    NODES,
    expect,
    expect_soon,
    has_nodes,
    keep_pace,
    ok,
    unsupported,
    lose,
    use,
)


def finish(call, *words, done=None, **named):
    """What became of each."""

    def ask():
        return {what: future.result(20) for what, future in call(*words, **named).items()}

    return insist(ask, done=done)


def topics_of(admin):
    # Never by name: librdkafka keeps asking for a topic that was once asked for by name, and so creates it again.
    return insist(admin.list_topics, timeout=10).topics


def try_administration():
    admin = AdminClient({"bootstrap.servers": ADDRESS})
    lose("__cluster_metadata")
    try_topics(admin)
    try_configs(admin)
    lose("__cluster_metadata")
    finish(admin.delete_topics, ["admin", "admin-other"], done=KafkaError.UNKNOWN_TOPIC_OR_PART)
    expect_soon(lambda: {"admin", "admin-other"} & set(topics_of(admin)), set(), "topics after their deletion")
    ok("delete-topics", "2 topics, gone from the list")
    describe_cluster(admin)
    unsupported("delete-records", "its admin has no such call")
    unsupported("describe-log-dirs", "its admin has no such call")


def describe_cluster(admin):
    def brokers():
        return sorted(f"{each.host}:{each.port}" for each in insist(admin.list_topics, timeout=10).brokers.values())

    expect_soon(brokers, sorted(BROKERS), "the brokers")

    def is_controller_known():
        return insist(admin.list_topics, timeout=10).controller_id in NODES

    expect_soon(is_controller_known, True, "whether the controller is one of them")
    ok("describe-cluster", f"cluster {insist(admin.list_topics, timeout=10).cluster_id}, its brokers and controller")


def try_topics(admin):
    replicas = len(NODES)
    wanted = NewTopic("admin", 3, replicas, config={"retention.ms": "123456"})
    finish(admin.create_topics, [wanted], validate_only=True)
    expect("admin" in topics_of(admin), False, "a topic that was only validated exists")
    assigned = NewTopic("admin-other", 2, replica_assignment=[NODES, NODES])
    for each in (wanted, assigned):
        finish(admin.create_topics, [each], done=KafkaError.TOPIC_ALREADY_EXISTS)
    try:
        finish(admin.create_topics, [wanted])
        raise AssertionError("a topic was created twice")
    except KafkaException as refusal:
        expect(refusal.args[0].code(), KafkaError.TOPIC_ALREADY_EXISTS, "the error of a second creation")
    ok("create-topics", "with configs, with an assignment, validated only, refused the second time")

    finish(admin.create_partitions, [NewPartitions("admin", 5)], done=KafkaError.INVALID_PARTITIONS)
    expect_soon(lambda: sorted(topics_of(admin)["admin"].partitions), [0, 1, 2, 3, 4], "partitions after the increase")
    ok("create-partitions", "from 3 to 5")
    expect({"admin", "admin-other"} <= set(topics_of(admin)), True, "both topics are listed")
    ok("list-topics", "the created ones are there")
    lose("admin")
    expect_soon(lambda: describe_topics(admin), {"admin": [True] * 5, "admin-other": [True] * 2}, "partitions")
    ok("describe-topics", "partitions, leaders, replicas and in-sync replicas of 2 topics")


def describe_topics(admin):
    """Whether each partition is where it should be."""
    return {
        name: [has_nodes(each.leader, each.replicas, each.isrs) for each in topic.partitions.values()]
        for name, topic in topics_of(admin).items()
        if name.startswith("admin")
    }


def configs_of(admin, kind, name):
    (found,) = finish(admin.describe_configs, [ConfigResource(kind, name)]).values()
    return {key: entry.value for key, entry in found.items()}


def try_configs(admin):
    expect_soon(lambda: configs_of(admin, "topic", "admin")["retention.ms"], "123456", "retention.ms as created")
    before = configs_of(admin, "topic", "admin")
    expect(before["cleanup.policy"], "delete", "cleanup.policy by default")
    broker = configs_of(admin, "broker", "1")
    expect(broker["group.initial.rebalance.delay.ms"], "200", "a setting of the broker")
    ok("describe-configs", f"{len(before)} of a topic, {len(broker)} of the broker")
    altered = ConfigResource("topic", "admin", set_config={"max.message.bytes": "54321"})
    finish(admin.alter_configs, [altered])

    def is_altered():
        after = configs_of(admin, "topic", "admin")
        return after["max.message.bytes"], after["retention.ms"] == "123456"

    expect_soon(is_altered, ("54321", False), "max.message.bytes as altered, and whether the rest is left as it was")
    ok("alter-configs", "sets what it names and resets the rest")


def try_offsets():
    use("offsets")
    producer = Producer({"bootstrap.servers": ADDRESS, "enable.idempotence": LEADERS_DIE})
    for number in range(10):
        producer.produce("offsets", b"%d" % number, partition=0, timestamp=1_700_000_000_000 + number * 1000)
        keep_pace()
    expect(producer.flush(30), 0, "records left after flush")
    consumer = Consumer({"bootstrap.servers": ADDRESS, "group.id": "unused"})
    partition = TopicPartition("offsets", 0)
    expect_soon(lambda: insist(consumer.get_watermark_offsets, partition, 10), (0, 10), "earliest and latest")
    (found,) = insist(consumer.offsets_for_times, [TopicPartition("offsets", 0, 1_700_000_003_500)], 10)
    expect((found.error, found.offset), (None, 4), "the first at or after a time")
    (none,) = insist(consumer.offsets_for_times, [TopicPartition("offsets", 0, 18_000_000_000_000)], 10)
    expect((none.error, none.offset), (None, -1), "after the last: the end")
    ok("list-offsets", "0, 10, and 4 for a time between the 4th and the 5th record")
    consumer.close()


def try_group_administration(group, topic):
    lose("__consumer_offsets")
    admin = AdminClient({"bootstrap.servers": ADDRESS})
    expect_soon(lambda: group in [each.id for each in insist(admin.list_groups, timeout=10)], True, "the group is listed")
    ok("list-groups", "the group is there")
    (described,) = insist(admin.list_groups, group, 10)
    expect((described.state, described.members), ("Empty", []), "state and members")
    ok("describe-groups", "with its members while it ran, then empty")

    outside = Consumer({"bootstrap.servers": ADDRESS, "group.id": group})
    moved = TopicPartition(topic, 0, 1)
    insist(outside.commit, offsets=[moved], asynchronous=False)
    (found,) = insist(outside.committed, [TopicPartition(topic, 0)], 10)
    outside.close()
    expect(found.offset, 1, "the offset as moved")
    ok("list-group-offsets", "as the group's own consumer asks for them")
    ok("alter-group-offsets", "moved back by a commit from outside the group")
    unsupported("delete-group-offsets", "its admin has no such call")
    unsupported("delete-groups", "its admin has no such call")
