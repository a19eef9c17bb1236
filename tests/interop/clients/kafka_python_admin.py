"""kafka-python: topics, configurations and groups."""

from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import ConfigResource, ConfigResourceType, NewPartitions, NewTopic
from kafka.errors import (
    GroupIdNotFoundError,
    InvalidPartitionsError,
    TopicAlreadyExistsError,
    UnknownTopicOrPartitionError,
)
from kafka.structs import OffsetAndMetadata

from conversation import BROKERS, LEADERS_DIE, NODES, expect, expect_soon, has_nodes, lose, ok, unsupported, use
from kafka_python_errors import COMMON, administer, insist, patient


def try_administration():
    lose("__cluster_metadata")
    try_topics()
    try_configs()
    lose("__cluster_metadata")
    administer(lambda admin: admin.delete_topics(["admin", "admin-other"]), done=UnknownTopicOrPartitionError)
    expect_soon(listed, [], "topics after their deletion")
    ok("delete-topics", "2 topics, gone from the list")
    expect_soon(lambda: sorted(f"{each['host']}:{each['port']}" for each in cluster()["brokers"]), sorted(BROKERS), "brokers")
    expect_soon(lambda: cluster()["controller_id"] in NODES, True, "whether the controller is one of them")
    ok("describe-cluster", f"cluster {cluster()['cluster_id']}, its brokers and controller")
    unsupported("delete-records", "its admin has no such call")
    unsupported("describe-log-dirs", "its admin has no such call")


def cluster():
    return administer(lambda admin: admin.describe_cluster())


def listed():
    return sorted(each for each in administer(lambda admin: admin.list_topics()) if each.startswith("admin"))


def try_topics():
    wanted = NewTopic("admin", 3, len(NODES), topic_configs={"retention.ms": "123456"})
    administer(lambda admin: admin.create_topics([wanted], validate_only=True))
    expect(listed(), [], "topics of which one was only validated")
    assigned = NewTopic("admin-other", -1, -1, replica_assignments={0: NODES, 1: NODES})
    for each in (wanted, assigned):
        administer(lambda admin, each=each: admin.create_topics([each]), done=TopicAlreadyExistsError)
    try:
        administer(lambda admin: admin.create_topics([wanted]))
        raise AssertionError("a topic was created twice")
    except TopicAlreadyExistsError:
        pass
    ok("create-topics", "with configs, with an assignment, validated only, refused the second time")
    expect_soon(listed, ["admin", "admin-other"], "the topics as listed")
    ok("list-topics", "the created ones are there")

    administer(lambda admin: admin.create_partitions({"admin": NewPartitions(5)}), done=InvalidPartitionsError)
    lose("admin")
    expect_soon(describe_topics, {"admin": [True] * 5, "admin-other": [True] * 2}, "partitions")
    ok("create-partitions", "from 3 to 5")
    ok("describe-topics", "partitions, leaders, replicas and in-sync replicas of 2 topics")


def describe_topics():
    """Whether each partition is where it should be."""
    described = administer(lambda admin: admin.describe_topics(["admin", "admin-other"]))
    return {
        topic["topic"]: [has_nodes(each["leader"], each["replicas"], each["isr"]) for each in topic["partitions"]]
        for topic in described
    }


def configs_of(resource=None):
    """Of this resource, or else of a broker that the client knows: it waits for ever for one that it does not."""

    def ask(admin):
        broker = ConfigResource(ConfigResourceType.BROKER, str(admin.describe_cluster()["brokers"][0]["node_id"]))
        return admin.describe_configs([resource or broker])

    (response,) = administer(ask)
    (found,) = response.resources
    expect(found[:2], (0, None if found[1] is None else ""), "the error of describing")
    return {entry[0]: entry[1] for entry in found[4]}


def try_configs():
    topic = ConfigResource(ConfigResourceType.TOPIC, "admin")
    expect_soon(lambda: configs_of(topic)["retention.ms"], "123456", "retention.ms as created")
    before = configs_of(topic)
    expect(before["cleanup.policy"], "delete", "cleanup.policy by default")
    broker = configs_of()
    expect(broker["group.initial.rebalance.delay.ms"], "200", "a setting of the broker")
    ok("describe-configs", f"{len(before)} of a topic, {len(broker)} of the broker")
    altered = ConfigResource(ConfigResourceType.TOPIC, "admin", {"max.message.bytes": "54321"})
    administer(lambda admin: admin.alter_configs([altered]))
    expect_soon(lambda: configs_of(topic)["max.message.bytes"], "54321", "max.message.bytes as altered")
    expect(configs_of(topic)["retention.ms"] != "123456", True, "AlterConfigs resets what it does not name")
    ok("alter-configs", "sets what it names and resets the rest")


def try_offsets():
    use("offsets")
    # The times of records that are sent again are the same, so that only their number tells.
    producer = KafkaProducer(acks="all", **COMMON, **patient())
    sent = [
        producer.send("offsets", b"%d" % number, partition=0, timestamp_ms=1_700_000_000_000 + number * 1000)
        for number in range(10)
    ]
    offsets = [each.get(30).offset for each in sent]
    producer.close()
    partition = TopicPartition("offsets", 0)
    consumer = KafkaConsumer(**COMMON)
    end = offsets[-1] + 1
    expect(end == 10 or LEADERS_DIE, True, f"whether {end} is the end")
    expect_soon(lambda: insist(consumer.beginning_offsets, [partition]), {partition: 0}, "earliest")
    expect_soon(lambda: insist(consumer.end_offsets, [partition]), {partition: end}, "latest")

    def first_at(time):
        found = insist(consumer.offsets_for_times, {partition: time})[partition]
        return found and found.timestamp

    expect_soon(lambda: first_at(1_700_000_003_500), 1_700_000_004_000, "the time of the first at or after a time")
    expect_soon(lambda: first_at(18_000_000_000_000), None, "after the last")
    ok("list-offsets", f"0, {end}, and the 5th record for a time between the 4th and the 5th")
    consumer.close()


def try_group_administration(group, topic, committed):
    """`group` is empty and has committed these offsets."""
    lose("__consumer_offsets")

    def is_listed():
        return (group, "consumer") in administer(lambda admin: admin.list_consumer_groups())

    def offsets():
        return administer(lambda admin: admin.list_consumer_group_offsets(group))

    expect_soon(is_listed, True, "the group is listed")
    ok("list-groups", "with its protocol type")
    (described,) = administer(lambda admin: admin.describe_consumer_groups([group]))
    expect((described.state, described.members), ("Empty", []), "state and members")
    ok("describe-groups", "with members and assignments while it ran, then empty")
    expect(offsets(), committed, "the offsets of the group")
    ok("list-group-offsets", f"of {len(committed)} partitions, with metadata")

    outside = KafkaConsumer(group_id=group, enable_auto_commit=False, **COMMON)
    moved = TopicPartition(topic, 0)
    outside.assign([moved])
    insist(outside.commit, {moved: OffsetAndMetadata(1, "moved")})
    outside.close()
    expect(offsets()[moved], OffsetAndMetadata(1, "moved"), "the offset as moved")
    ok("alter-group-offsets", "moved back by a commit from outside the group")
    unsupported("delete-group-offsets", "its admin has no such call")

    delete(group)
    expect_soon(is_listed, False, "the group after its deletion")
    expect(offsets(), {}, "the offsets of a deleted group")
    ok("delete-groups", "gone from the list, and so are its offsets")


def delete(group):
    """It answers with errors instead of raising them."""

    def ask(admin):
        (deleted,) = admin.delete_consumer_groups([group])
        expect(deleted[0], group, "the group that was deleted")
        if deleted[1].errno != 0:
            raise deleted[1]()

    administer(ask, done=GroupIdNotFoundError)
