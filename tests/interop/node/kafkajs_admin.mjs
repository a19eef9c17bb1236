// kafkajs: topics, configurations and groups.

import kafkajs from "kafkajs";

import { address, expect, ok, range, unsupported } from "./conversation.mjs";

const { ConfigResourceTypes } = kafkajs;

export async function tryAdministration(admin) {
  await tryTopics(admin);
  await tryConfigs(admin);
  await admin.deleteTopics({ topics: ["admin", "admin-other"] });
  const left = await admin.listTopics();
  expect([left.includes("admin"), left.includes("admin-other")], [false, false], "topics after their deletion");
  ok("delete-topics", "2 topics, gone from the list");
  const cluster = await admin.describeCluster();
  const [broker] = cluster.brokers;
  expect([`${broker.host}:${broker.port}`, cluster.controller], [address, broker.nodeId], "the broker, the controller");
  ok("describe-cluster", `cluster ${cluster.clusterId}, its broker and controller`);
  unsupported("describe-log-dirs", "its admin has no such call");
}

async function tryTopics(admin) {
  const wanted = {
    topic: "admin",
    numPartitions: 3,
    replicationFactor: 1,
    configEntries: [{ name: "retention.ms", value: "123456" }],
  };
  await admin.createTopics({ topics: [wanted], validateOnly: true, waitForLeaders: false });
  expect((await admin.listTopics()).includes("admin"), false, "a topic that was only validated exists");
  const assigned = {
    topic: "admin-other",
    replicaAssignment: [
      { partition: 0, replicas: [1] },
      { partition: 1, replicas: [1] },
    ],
  };
  expect(await admin.createTopics({ topics: [wanted, assigned] }), true, "creation");
  expect(await admin.createTopics({ topics: [wanted] }), false, "a second creation");
  ok("create-topics", "with configs, with an assignment, validated only, refused the second time");
  const listed = await admin.listTopics();
  expect([listed.includes("admin"), listed.includes("admin-other")], [true, true], "both topics are listed");
  ok("list-topics", "the created ones are there");

  await admin.createPartitions({ topicPartitions: [{ topic: "admin", count: 5 }] });
  const { topics } = await admin.fetchTopicMetadata({ topics: ["admin", "admin-other"] });
  const described = Object.fromEntries(topics.map((each) => [each.name, each.partitions]));
  expect(described.admin.length, 5, "partitions after the increase");
  expect(described["admin-other"].length, 2, "partitions as assigned");
  for (const { leader, replicas, isr } of described.admin) {
    expect({ leader, replicas, isr }, { leader: 1, replicas: [1], isr: [1] }, "leader, replicas, ISR");
  }
  ok("create-partitions", "from 3 to 5");
  ok("describe-topics", "partitions, leaders, replicas and in-sync replicas of 2 topics");
}

async function configsOf(admin, type, name) {
  const { resources } = await admin.describeConfigs({ includeSynonyms: true, resources: [{ type, name }] });
  expect([resources.length, resources[0].errorCode], [1, 0], "answers and the error of describing");
  return Object.fromEntries(resources[0].configEntries.map((entry) => [entry.configName, entry.configValue]));
}

async function tryConfigs(admin) {
  const before = await configsOf(admin, ConfigResourceTypes.TOPIC, "admin");
  expect(before["retention.ms"], "123456", "retention.ms as created");
  expect(before["cleanup.policy"], "delete", "cleanup.policy by default");
  const broker = await configsOf(admin, ConfigResourceTypes.BROKER, "1");
  expect(broker["group.initial.rebalance.delay.ms"], "200", "a setting of the broker");
  ok("describe-configs", `${Object.keys(before).length} of a topic, ${Object.keys(broker).length} of the broker`);
  const configEntries = [{ name: "max.message.bytes", value: "54321" }];
  await admin.alterConfigs({ resources: [{ type: ConfigResourceTypes.TOPIC, name: "admin", configEntries }] });
  const after = await configsOf(admin, ConfigResourceTypes.TOPIC, "admin");
  expect(after["max.message.bytes"], "54321", "max.message.bytes as altered");
  expect(after["retention.ms"] !== "123456", true, "AlterConfigs resets what it does not name");
  ok("alter-configs", "sets what it names and resets the rest");
}

export async function tryOffsets(kafka, admin) {
  const producer = kafka.producer();
  await producer.connect();
  const messages = range(10).map((number) => ({ value: `${number}`, timestamp: `${1_700_000_000_000 + number * 1000}` }));
  await producer.send({ topic: "offsets", messages });
  await producer.disconnect();
  const [ends] = await admin.fetchTopicOffsets("offsets");
  expect([ends.low, ends.high], ["0", "10"], "earliest and latest");
  const [found] = await admin.fetchTopicOffsetsByTimestamp("offsets", 1_700_000_003_500);
  expect(found.offset, "4", "the first at or after a time");
  const [none] = await admin.fetchTopicOffsetsByTimestamp("offsets", 18_000_000_000_000);
  expect(none.offset, "10", "after the last: the end");
  ok("list-offsets", "0, 10, and 4 for a time between the 4th and the 5th record");
  await admin.deleteTopicRecords({ topic: "offsets", partitions: [{ partition: 0, offset: "3" }] });
  const [cut] = await admin.fetchTopicOffsets("offsets");
  expect([cut.low, cut.high], ["3", "10"], "earliest and latest after the deletion");
  ok("delete-records", "the earliest offset moved from 0 to 3");
}

export async function tryGroupAdministration(admin, group, topic) {
  const { groups } = await admin.listGroups();
  expect(
    groups.find((each) => each.groupId === group),
    { groupId: group, protocolType: "consumer" },
    "the group as listed",
  );
  ok("list-groups", "with its protocol type");
  const described = await admin.describeGroups([group]);
  expect([described.groups[0].state, described.groups[0].members], ["Empty", []], "state and members");
  ok("describe-groups", "with members while it ran, then empty");

  // -2 is what its resetOffsets commits to mean the earliest.
  const moved = [
    { partition: 0, offset: "1" },
    { partition: 1, offset: "-2" },
  ];
  await admin.setOffsets({ groupId: group, topic, partitions: moved });
  const [set] = await admin.fetchOffsets({ groupId: group, topics: [topic] });
  const offsets = Object.fromEntries(set.partitions.map((each) => [each.partition, each.offset]));
  expect([offsets[0], offsets[1]], ["1", "-2"], "offsets as set");
  ok("list-group-offsets", "with metadata");
  ok("alter-group-offsets", "one set to 1, one to kafkajs's mark for the earliest");
  unsupported("delete-group-offsets", "its admin has no such call");

  const [deleted] = await admin.deleteGroups([group]);
  expect([deleted.groupId, deleted.errorCode], [group, 0], "the deletion");
  const left = await admin.listGroups();
  expect(left.groups.filter((each) => each.groupId === group), [], "the group after its deletion");
  ok("delete-groups", "gone from the list");
}
