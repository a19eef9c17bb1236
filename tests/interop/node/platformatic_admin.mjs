// @platformatic/kafka: topics, configurations and groups.

import {
  Admin,
  ConfigResourceTypes,
  Consumer,
  IncrementalAlterConfigOperationTypes,
  ListOffsetTimestamps,
  Producer,
} from "@platformatic/kafka";

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
  use,
} from "./conversation.mjs";
import { hasCode, mayPass } from "./platformatic_settings.mjs";

export async function tryAdministration(admin) {
  await lose("__cluster_metadata");
  await tryTopics(admin);
  await tryConfigs(admin);
  await tryLogDirectories(admin);
  await lose("__cluster_metadata");
  const isGone = hasCode("UNKNOWN_TOPIC_OR_PARTITION");
  await insistOn(() => admin.deleteTopics({ topics: ["admin", "admin-other"] }), mayPass, isGone);
  await expectSoon(() => listed(admin), [], "topics after their deletion");
  ok("delete-topics", "2 topics, gone from the list");
}

async function listed(admin) {
  const topics = await insistOn(() => admin.listTopics(), mayPass);
  return topics.filter((each) => each.startsWith("admin")).sort();
}

async function create(admin, what) {
  return insistOn(() => admin.createTopics(what), mayPass, leadersDie ? hasCode("TOPIC_ALREADY_EXISTS") : undefined);
}

async function tryTopics(admin) {
  const configs = [{ name: "retention.ms", value: "123456" }];
  const answer = await create(admin, { topics: ["admin"], partitions: 3, replicas: nodes.length, configs });
  if (answer) {  // Not where it came too late.
    const [{ partitions, replicas, configuration }] = answer;
    expect([partitions, replicas, configuration["retention.ms"]], [3, nodes.length, "123456"], "the answer");
  }
  const assignments = range(2).map((partition) => ({ partition, brokers: nodes }));
  await create(admin, { topics: ["admin-other"], partitions: -1, replicas: -1, assignments });
  const refusal = await insistOn(() => admin.createTopics({ topics: ["admin"] }), mayPass).catch((failure) => failure);
  expect(hasCode("TOPIC_ALREADY_EXISTS")(refusal), true, "the error of a second creation");
  ok("create-topics", "with configs, with an assignment, refused the second time");
  await expectSoon(() => listed(admin), ["admin", "admin-other"], "the topics as listed");
  ok("list-topics", "the created ones are there");

  const isMore = hasCode("INVALID_PARTITIONS");
  await insistOn(() => admin.createPartitions({ topics: [{ name: "admin", count: 5 }] }), mayPass, isMore);
  await lose("admin");
  const whole = [Array(5).fill(true), [true, true]];
  await expectSoon(() => describeTopics(admin), whole, "whether each partition is where it should be");
  ok("create-partitions", "from 3 to 5");
  ok("describe-topics", "partitions, leaders, replicas and in-sync replicas of 2 topics");
  const addresses = async () => [...(await metadata(admin)).brokers.values()].map(({ host, port }) => `${host}:${port}`);
  await expectSoon(async () => (await addresses()).sort(), [...brokers].sort(), "the brokers");
  const knowsController = async () => nodes.includes((await metadata(admin)).controllerId);
  await expectSoon(knowsController, true, "whether the controller is one of them");
  ok("describe-cluster", `cluster ${(await metadata(admin)).id}, its brokers and controller`);
}

function metadata(admin) {
  return insistOn(() => admin.metadata({ topics: ["admin", "admin-other"], forceUpdate: true }), mayPass);
}

async function describeTopics(admin) {
  const { topics } = await metadata(admin);
  return ["admin", "admin-other"].map((name) => topics.get(name).partitions.map(hasNodes));
}

async function configsOf(admin, resourceType, resourceName) {
  const what = { resources: [{ resourceType, resourceName }], includeSynonyms: true };
  const [found] = await insistOn(() => admin.describeConfigs(what), mayPass);
  return Object.fromEntries(found.configs.map((entry) => [entry.name, entry.value]));
}

async function tryConfigs(admin) {
  const { BROKER, TOPIC } = ConfigResourceTypes;
  const topicHas = async (...keys) => {
    const found = await configsOf(admin, TOPIC, "admin");
    return keys.map((key) => found[key]);
  };
  await expectSoon(() => topicHas("retention.ms"), ["123456"], "retention.ms as created");
  const before = await configsOf(admin, TOPIC, "admin");
  expect(before["cleanup.policy"], "delete", "cleanup.policy by default");
  const broker = await configsOf(admin, BROKER, "1");
  expect(broker["group.initial.rebalance.delay.ms"], "200", "a setting of the broker");
  ok("describe-configs", `${Object.keys(before).length} of a topic, ${Object.keys(broker).length} of the broker`);

  const { SET, APPEND } = IncrementalAlterConfigOperationTypes;
  const resource = { resourceType: TOPIC, resourceName: "admin" };
  const change = (name, configOperation, value) => {
    const resources = [{ ...resource, configs: [{ name, configOperation, value }] }];
    return insistOn(() => admin.incrementalAlterConfigs({ resources }), mayPass);
  };
  await change("max.message.bytes", SET, "54321");
  await change("cleanup.policy", APPEND, "compact");
  // IncrementalAlterConfigs leaves what it does not name, AlterConfigs does not.
  const keys = ["max.message.bytes", "cleanup.policy", "retention.ms"];
  await expectSoon(() => topicHas(...keys), ["54321", "delete,compact", "123456"], "as altered incrementally");
  const resources = [{ ...resource, configs: [{ name: "retention.ms", value: "65432" }] }];
  await insistOn(() => admin.alterConfigs({ resources }), mayPass);
  await expectSoon(() => topicHas("retention.ms", "cleanup.policy"), ["65432", "delete"], "as altered at once");
  ok("alter-configs", "incrementally, and all at once with a reset of the rest");
}

async function tryLogDirectories(admin) {
  const what = { topics: [{ name: "codec-none", partitions: [0] }] };
  const [described] = await insistOn(() => admin.describeLogDirs(what), mayPass);
  const [directory] = described.results;
  const [held] = directory.topics;
  expect([described.results.length, held.name, held.partitions[0].partitionIndex], [1, "codec-none", 0], "what is held");
  expect(held.partitions[0].partitionSize > 1000n, true, "the size of a partition that was written");
  ok("describe-log-dirs", `codec-none holds ${held.partitions[0].partitionSize} bytes in ${directory.logDir}`);
}

export async function firstAt(admin, name, timestamp) {
  const what = { topics: [{ name, partitions: [{ partitionIndex: 0, timestamp }] }] };
  const [topic] = await insistOn(() => admin.listOffsets(what), mayPass);
  return Number(topic.partitions[0].offset);
}

export async function tryOffsets(common, admin) {
  await use("offsets");
  const producer = new Producer({ ...common, idempotent: leadersDie });
  const messages = range(10).map((number) => ({
    topic: "offsets",
    value: Buffer.from(`${number}`),
    timestamp: 1_700_000_000_000n + BigInt(number) * 1000n,
  }));
  await producer.send({ acks: -1, messages });
  await producer.close();
  const { EARLIEST, LATEST, MAX } = ListOffsetTimestamps;
  const ends = async () => [await firstAt(admin, "offsets", EARLIEST), await firstAt(admin, "offsets", LATEST)];
  await expectSoon(ends, [0, 10], "earliest and latest");
  for (const [time, wanted, what] of [
    [1_700_000_003_500n, 4, "the first at or after a time"],
    [18_000_000_000_000n, -1, "none after the last"],
    [MAX, 9, "the one with the latest time"],
  ]) {
    await expectSoon(() => firstAt(admin, "offsets", time), wanted, what);
  }
  ok("list-offsets", "0, 10, 9 for the latest time, and 4 for a time between the 4th and the 5th record");
  await lose("offsets");
  const cut = { topics: [{ name: "offsets", partitions: [{ partition: 0, offset: 3n }] }] };
  // A new leader, like Kafka's, takes what it does not yet know to be in sync for out of range.
  const isTooSoon = hasCode("OFFSET_OUT_OF_RANGE");
  const [{ partitions }] = await insistOn(() => admin.deleteRecords(cut), (failure) => mayPass(failure) || isTooSoon(failure));
  expect(partitions[0].lowWatermark, 3n, "the low watermark");
  await expectSoon(ends, [3, 10], "earliest and latest after the deletion");
  ok("delete-records", "the earliest offset moved from 0 to 3");
}

export async function tryGroupAdministration(common, group, topic) {
  await lose("__consumer_offsets");
  const admin = new Admin(common);
  const listing = async () => {
    const found = (await insistOn(() => admin.listGroups(), mayPass)).get(group);
    return found && [found.state, found.protocolType];
  };
  await expectSoon(listing, ["Empty", "consumer"], "the group as listed");
  ok("list-groups", "with state and protocol type");
  await describeStaticMember(common, admin, topic);
  const described = (await insistOn(() => admin.describeGroups({ groups: [group] }), mayPass)).get(group);
  expect([described.state, described.members.size], ["Empty", 0], "state and members");
  ok("describe-groups", "with members and assignments while one ran, then empty");

  const offsetOf = async (partition) => {
    const [found] = await insistOn(() => admin.listConsumerGroupOffsets({ groups: [group] }), mayPass);
    const inTopic = found.topics.find((each) => each.name === topic);
    return inTopic.partitions.find((each) => each.partitionIndex === partition)?.committedOffset;
  };
  ok("list-group-offsets", "of all partitions");
  const moved = { groupId: group, topics: [{ name: topic, partitionOffsets: [{ partition: 0, offset: 1n }] }] };
  await insistOn(() => admin.alterConsumerGroupOffsets(moved), mayPass);
  expect(await offsetOf(0), 1n, "the offset as altered");
  ok("alter-group-offsets", "set to 1");
  const dropped = { groupId: group, topics: [{ name: topic, partitionIndexes: [0] }] };
  await insistOn(() => admin.deleteConsumerGroupOffsets(dropped), mayPass);
  expect([await offsetOf(0), await offsetOf(1)], [undefined, 20n], "offsets after one was deleted");
  ok("delete-group-offsets", "one partition's, the others stay");

  await insistOn(() => admin.deleteGroups({ groups: [group] }), mayPass, hasCode("GROUP_ID_NOT_FOUND"));
  await expectSoon(listing, undefined, "the group after its deletion");
  ok("delete-groups", "gone from the list");
  await admin.close();
}

// A static member is described by its instance's name, and another process under that name takes its place at once.
async function describeStaticMember(common, admin, topic) {
  const groupId = "platformatic-static";
  const settings = { ...common, groupId, groupInstanceId: "static-1", sessionTimeout: 20_000 };
  const members = [];
  for (const process of ["first", "second"]) {
    const consumer = new Consumer({ ...settings, clientId: process });
    consumer.topics.track(topic);
    await insistOn(() => consumer.joinGroup({}), mayPass);
    const described = (await insistOn(() => admin.describeGroups({ groups: [groupId] }), mayPass)).get(groupId);
    expect([described.state, described.members.size], ["Stable", 1], "state and members of the static group");
    const [member] = described.members.values();
    expect([member.groupInstanceId, member.assignments.get(topic).partitions.length], ["static-1", 6], "the member");
    members.push({ consumer, id: member.id });
  }
  expect(members[0].id === members[1].id, false, "the second process got the member id of the first");
  for (const { consumer } of members) await consumer.close(true);
  ok("static-members", "a second process under the same name took over, without a rebalance");
}
