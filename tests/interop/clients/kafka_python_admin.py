"""kafka-python: topics, configurations and groups."""

from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient, NewPartitions, NewTopic
from kafka.errors import TopicAlreadyExistsError
from kafka.structs import OffsetAndMetadata

from conversation import ADDRESS, expect, ok, unsupported, wait_until


def try_administration():
    admin = KafkaAdminClient(bootstrap_servers=ADDRESS)
    try_topics(admin)
    try_configs(admin)
    admin.delete_topics(["admin", "admin-other"])
    expect({"admin", "admin-other"} & set(admin.list_topics()), set(), "topics after their deletion")
    ok("delete-topics", "2 topics, gone from the list")
    cluster = admin.describe_cluster()
    expect(f"{cluster['brokers'][0]['host']}:{cluster['brokers'][0]['port']}", ADDRESS, "the only broker")
    expect(cluster["controller_id"], cluster["brokers"][0]["node_id"], "the controller")
    ok("describe-cluster", f"cluster {cluster['cluster_id']}, its broker and controller")
    unsupported("delete-records", "its admin has no such call")
    unsupported("describe-log-dirs", "its admin has no such call")
    admin.close()


def try_topics(admin):
    wanted = NewTopic("admin", 3, 1, topic_configs={"retention.ms": "123456"})
    admin.create_topics([wanted], validate_only=True)
    expect("admin" in admin.list_topics(), False, "a topic that was only validated exists")
    admin.create_topics([wanted, NewTopic("admin-other", -1, -1, replica_assignments={0: [1], 1: [1]})])
    try:
        admin.create_topics([wanted])
        raise AssertionError("a topic was created twice")
    except TopicAlreadyExistsError:
        pass
    ok("create-topics", "with configs, with an assignment, validated only, refused the second time")
    expect({"admin", "admin-other"} <= set(admin.list_topics()), True, "both topics are listed")
    ok("list-topics", "the created ones are there")

    admin.create_partitions({"admin": NewPartitions(5)})
    described = {each["topic"]: each for each in admin.describe_topics(["admin", "admin-other"])}
    expect(len(described["admin"]["partitions"]), 5, "partitions after the increase")
    expect(len(described["admin-other"]["partitions"]), 2, "partitions as assigned")
    for partition in described["admin"]["partitions"]:
        expect((partition["leader"], partition["replicas"], partition["isr"]), (1, [1], [1]), "leader, replicas, ISR")
    ok("create-partitions", "from 3 to 5")
    ok("describe-topics", "partitions, leaders, replicas and in-sync replicas of 2 topics")


def configs_of(admin, resource):
    (response,) = admin.describe_configs([resource])
    (found,) = response.resources
    expect(found[:2], (0, None if found[1] is None else ""), "the error of describing")
    return {entry[0]: entry[1] for entry in found[4]}


def try_configs(admin):
    topic = ConfigResourceType.TOPIC
    before = configs_of(admin, ConfigResource(topic, "admin"))
    expect(before["retention.ms"], "123456", "retention.ms as created")
    expect(before["cleanup.policy"], "delete", "cleanup.policy by default")
    broker = configs_of(admin, ConfigResource(ConfigResourceType.BROKER, "1"))
    expect(broker["group.initial.rebalance.delay.ms"], "200", "a setting of the broker")
    ok("describe-configs", f"{len(before)} of a topic, {len(broker)} of the broker")
    admin.alter_configs([ConfigResource(topic, "admin", {"max.message.bytes": "54321"})])
    after = configs_of(admin, ConfigResource(topic, "admin"))
    expect(after["max.message.bytes"], "54321", "max.message.bytes as altered")
    expect(after["retention.ms"] != "123456", True, "AlterConfigs resets what it does not name")
    ok("alter-configs", "sets what it names and resets the rest")


def try_offsets():
    producer = KafkaProducer(bootstrap_servers=ADDRESS, acks="all")
    for number in range(10):
        producer.send("offsets", b"%d" % number, partition=0, timestamp_ms=1_700_000_000_000 + number * 1000)
    producer.flush()
    producer.close()
    partition = TopicPartition("offsets", 0)
    consumer = KafkaConsumer(bootstrap_servers=ADDRESS)
    expect(consumer.beginning_offsets([partition]), {partition: 0}, "earliest")
    expect(consumer.end_offsets([partition]), {partition: 10}, "latest")
    found = consumer.offsets_for_times({partition: 1_700_000_003_500})[partition]
    expect((found.offset, found.timestamp), (4, 1_700_000_004_000), "the first at or after a time")
    expect(consumer.offsets_for_times({partition: 1_800_000_000_000_0})[partition], None, "after the last")
    ok("list-offsets", "0, 10, and 4 for a time between the 4th and the 5th record")
    consumer.close()


def try_group_administration(group, topic, committed):
    """`group` is empty and has committed these offsets."""
    admin = KafkaAdminClient(bootstrap_servers=ADDRESS)
    expect((group, "consumer") in admin.list_consumer_groups(), True, "the group is listed")
    ok("list-groups", "with its protocol type")
    (described,) = admin.describe_consumer_groups([group])
    expect((described.state, described.members), ("Empty", []), "state and members")
    ok("describe-groups", "with members and assignments while it ran, then empty")
    expect(admin.list_consumer_group_offsets(group), committed, "the offsets of the group")
    ok("list-group-offsets", f"of {len(committed)} partitions, with metadata")

    outside = KafkaConsumer(bootstrap_servers=ADDRESS, group_id=group, enable_auto_commit=False)
    moved = TopicPartition(topic, 0)
    outside.assign([moved])
    outside.commit({moved: OffsetAndMetadata(1, "moved")})
    outside.close()
    expect(admin.list_consumer_group_offsets(group)[moved], OffsetAndMetadata(1, "moved"), "the offset as moved")
    ok("alter-group-offsets", "moved back by a commit from outside the group")
    unsupported("delete-group-offsets", "its admin has no such call")

    (deleted,) = admin.delete_consumer_groups([group])
    expect(deleted[0], group, "the group that was deleted")
    expect(deleted[1].errno, 0, "the error of its deletion")
    wait_until(lambda: (group, "consumer") not in admin.list_consumer_groups(), "the group is gone from the list")
    expect(admin.list_consumer_group_offsets(group), {}, "the offsets of a deleted group")
    ok("delete-groups", "gone from the list, and so are its offsets")
    admin.close()
