// kafkajs: topics, configurations and groups.

import kafkajs from "kafkajs";

import {
  brokers,
  expect,
  expectSoon,
  hasNodes,
  insistOn,
  leadersDie,
  lose,
  nodes,
  ok,
  range,
  unsupported,
  use,
} from "./conversation.mjs";
import { mayPass } from "./kafkajs_reader.mjs";

const { ConfigResourceTypes } = kafkajs;

const hasType = (type) => (failure) => [failure, ...(failure.errors ?? [])].some((each) => each.type === type);

export async function tryAdministration(admin) {
  await lose("__cluster_metadata");
  await tryTopics(admin);
  await tryConfigs(admin);
  await lose("__cluster_metadata");
  const isGone = hasType("UNKNOWN_TOPIC_OR_PARTITION");
  await insistOn(() => admin.deleteTopics({ topics: ["admin", "admin-other"] }), mayPass, isGone);
  await expectSoon(() => listed(admin), [], "topics after their deletion");
  ok("delete-topics", "2 topics, gone from the list");
  await describeCluster(admin);
  unsupported("describe-log-dirs", "its admin has no such call");
}

async function describeCluster(admin) {
  const addresses = async () => {
    const found = await insistOn(() => admin.describeCluster(), mayPass);
    return found.brokers.map((each) => `${each.host}:${each.port}`).sort();
  };
  await expectSoon(addresses, [...brokers].sort(), "the brokers");
  const knowsController = async () => {
    const { controller } = await insistOn(() => admin.describeCluster(), mayPass);
    return nodes.includes(controller);
  };
  await expectSoon(knowsController, true, "whether the controller is one of them");
  const { clusterId } = await insistOn(() => admin.describeCluster(), mayPass);
  ok("describe-cluster", `cluster ${clusterId}, its brokers and controller`);
}

async function listed(admin) {
  const topics = await insistOn(() => admin.listTopics(), mayPass);
  return topics.filter((each) => each.startsWith("admin")).sort();
}

async function tryTopics(admin) {
  const wanted = {
    topic: "admin",
    numPartitions: 3,
    replicationFactor: nodes.length,
    configEntries: [{ name: "retention.ms", value: "123456" }],
  };
  const create = (topic, more) => insistOn(() => admin.createTopics({ topics: [topic], ...more }), mayPass);
  await create(wanted, { validateOnly: true, waitForLeaders: false });
  expect(await listed(admin), [], "topics of which one was only validated");
  const assigned = {
    topic: "admin-other",
    replicaAssignment: [
      { partition: 0, replicas: nodes },
      { partition: 1, replicas: nodes },
    ],
  };
  for (const each of [wanted, assigned]) {
    const isNew = await create(each);
    expect(isNew || leadersDie, true, "creation");  // If its answer was lost it was repeated.
  }
  expect(await create(wanted), false, "a second creation");
  ok("create-topics", "with configs, with an assignment, validated only, refused the second time");
  await expectSoon(() => listed(admin), ["admin", "admin-other"], "the topics as listed");
  ok("list-topics", "the created ones are there");

  const more = { topicPartitions: [{ topic: "admin", count: 5 }] };
  await insistOn(() => admin.createPartitions(more), mayPass, hasType("INVALID_PARTITIONS"));
  await lose("admin");
  const whole = { admin: Array(5).fill(true), "admin-other": [true, true] };
  await expectSoon(() => describeTopics(admin), whole, "whether each partition is where it should be");
  ok("create-partitions", "from 3 to 5");
  ok("describe-topics", "partitions, leaders, replicas and in-sync replicas of 2 topics");
}

async function describeTopics(admin) {
  const { topics } = await insistOn(() => admin.fetchTopicMetadata({ topics: ["admin", "admin-other"] }), mayPass);
  return Object.fromEntries(topics.map((each) => [each.name, each.partitions.map(hasNodes)]));
}

async function configsOf(admin, type, name) {
  const what = { includeSynonyms: true, resources: [{ type, name }] };
  const { resources } = await insistOn(() => admin.describeConfigs(what), mayPass);
  expect([resources.length, resources[0].errorCode], [1, 0], "answers and the error of describing");
  return Object.fromEntries(resources[0].configEntries.map((entry) => [entry.configName, entry.configValue]));
}

async function tryConfigs(admin) {
  const { BROKER, TOPIC } = ConfigResourceTypes;
  const topicHas = async (key) => (await configsOf(admin, TOPIC, "admin"))[key];
  await expectSoon(() => topicHas("retention.ms"), "123456", "retention.ms as created");
  const before = await configsOf(admin, TOPIC, "admin");
  expect(before["cleanup.policy"], "delete", "cleanup.policy by default");
  const broker = await configsOf(admin, BROKER, "1");
  expect(broker["group.initial.rebalance.delay.ms"], "200", "a setting of the broker");
  ok("describe-configs", `${Object.keys(before).length} of a topic, ${Object.keys(broker).length} of the broker`);
  const configEntries = [{ name: "max.message.bytes", value: "54321" }];
  await insistOn(() => admin.alterConfigs({ resources: [{ type: TOPIC, name: "admin", configEntries }] }), mayPass);
  await expectSoon(() => topicHas("max.message.bytes"), "54321", "max.message.bytes as altered");
  expect((await topicHas("retention.ms")) !== "123456", true, "AlterConfigs resets what it does not name");
  ok("alter-configs", "sets what it names and resets the rest");
}

export async function tryOffsets(kafka, admin) {
  await use("offsets");
  const producer = kafka.producer(leadersDie ? { idempotent: true, maxInFlightRequests: 1 } : {});
  await insistOn(() => producer.connect(), mayPass);
  const messages = range(10).map((number) => ({ value: `${number}`, timestamp: `${1_700_000_000_000 + number * 1000}` }));
  await producer.send({ topic: "offsets", messages });
  await producer.disconnect();
  const ends = async () => {
    const [{ low, high }] = await insistOn(() => admin.fetchTopicOffsets("offsets"), mayPass);
    return [low, high];
  };
  const firstAt = async (time) => {
    const [{ offset }] = await insistOn(() => admin.fetchTopicOffsetsByTimestamp("offsets", time), mayPass);
    return offset;
  };
  await expectSoon(ends, ["0", "10"], "earliest and latest");
  await expectSoon(() => firstAt(1_700_000_003_500), "4", "the first at or after a time");
  await expectSoon(() => firstAt(18_000_000_000_000), "10", "after the last: the end");
  ok("list-offsets", "0, 10, and 4 for a time between the 4th and the 5th record");
  await lose("offsets");
  const cut = { topic: "offsets", partitions: [{ partition: 0, offset: "3" }] };
  // Where a connection breaks it looks for the error of a partition, of which there is none (src/admin/index.js).
  const isItsSlip = (failure) => failure.cause instanceof TypeError;
  // A new leader, like Kafka's, takes what it does not yet know to be in sync for out of range.
  const isTooSoon = (failure) => failure.cause?.partitions?.some(({ error }) => error.type === "OFFSET_OUT_OF_RANGE");
  const may = (failure) => mayPass(failure) || isItsSlip(failure) || isTooSoon(failure);
  await insistOn(() => admin.deleteTopicRecords(cut), may);
  await expectSoon(ends, ["3", "10"], "earliest and latest after the deletion");
  ok("delete-records", "the earliest offset moved from 0 to 3");
}

export async function tryGroupAdministration(admin, group, topic) {
  await lose("__consumer_offsets");
  const listing = async () => {
    const { groups } = await insistOn(() => admin.listGroups(), mayPass);
    return groups.filter((each) => each.groupId === group);
  };
  await expectSoon(listing, [{ groupId: group, protocolType: "consumer" }], "the group as listed");
  ok("list-groups", "with its protocol type");
  const described = await insistOn(() => admin.describeGroups([group]), mayPass);
  expect([described.groups[0].state, described.groups[0].members], ["Empty", []], "state and members");
  ok("describe-groups", "with members while it ran, then empty");

  // -2 is what its resetOffsets commits to mean the earliest.
  const moved = [
    { partition: 0, offset: "1" },
    { partition: 1, offset: "-2" },
  ];
  await insistOn(() => admin.setOffsets({ groupId: group, topic, partitions: moved }), mayPass);
  const [set] = await insistOn(() => admin.fetchOffsets({ groupId: group, topics: [topic] }), mayPass);
  const offsets = Object.fromEntries(set.partitions.map((each) => [each.partition, each.offset]));
  expect([offsets[0], offsets[1]], ["1", "-2"], "offsets as set");
  ok("list-group-offsets", "with metadata");
  ok("alter-group-offsets", "one set to 1, one to kafkajs's mark for the earliest");
  unsupported("delete-group-offsets", "its admin has no such call");

  const saysOfGroup = (failure, type) => failure.groups?.[0]?.error?.type === type;
  // setOffsets is a member for a moment. Where its leaving got lost, the group has it for a session more.
  const mayPassSoon = (failure) => mayPass(failure) || saysOfGroup(failure, "NON_EMPTY_GROUP");
  const isGone = (failure) => saysOfGroup(failure, "GROUP_ID_NOT_FOUND");
  const deleted = await insistOn(() => admin.deleteGroups([group]), mayPassSoon, isGone);
  expect(deleted?.map((each) => [each.groupId, each.errorCode]) ?? [[group, 0]], [[group, 0]], "the deletion");
  await expectSoon(listing, [], "the group after its deletion");
  ok("delete-groups", "gone from the list");
}
