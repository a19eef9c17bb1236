// @platformatic/kafka: topics, configurations and groups.

import {
  Admin,
  ConfigResourceTypes,
  Consumer,
  IncrementalAlterConfigOperationTypes,
  ListOffsetTimestamps,
  Producer,
} from "@platformatic/kafka";

import { address, expect, ok, range } from "./conversation.mjs";

export async function tryAdministration(admin) {
  await tryTopics(admin);
  await tryConfigs(admin);
  await tryLogDirectories(admin);
  await admin.deleteTopics({ topics: ["admin", "admin-other"] });
  const left = await admin.listTopics();
  expect([left.includes("admin"), left.includes("admin-other")], [false, false], "topics after their deletion");
  ok("delete-topics", "2 topics, gone from the list");
}

async function tryTopics(admin) {
  const configs = [{ name: "retention.ms", value: "123456" }];
  const [created] = await admin.createTopics({ topics: ["admin"], partitions: 3, replicas: 1, configs });
  expect([created.partitions, created.replicas, created.configuration["retention.ms"]], [3, 1, "123456"], "the answer");
  const assignments = [
    { partition: 0, brokers: [1] },
    { partition: 1, brokers: [1] },
  ];
  await admin.createTopics({ topics: ["admin-other"], partitions: -1, replicas: -1, assignments });
  const refusal = await admin.createTopics({ topics: ["admin"] }).catch((failure) => failure);
  expect(refusal.errors?.[0].errors?.[0].apiId, "TOPIC_ALREADY_EXISTS", "the error of a second creation");
  ok("create-topics", "with configs, with an assignment, refused the second time");
  const listed = await admin.listTopics();
  expect([listed.includes("admin"), listed.includes("admin-other")], [true, true], "both topics are listed");
  ok("list-topics", "the created ones are there");

  await admin.createPartitions({ topics: [{ name: "admin", count: 5 }] });
  const cluster = await admin.metadata({ topics: ["admin", "admin-other"], forceUpdate: true });
  expect(cluster.topics.get("admin").partitions.length, 5, "partitions after the increase");
  expect(cluster.topics.get("admin-other").partitions.length, 2, "partitions as assigned");
  for (const { leader, replicas, isr } of cluster.topics.get("admin").partitions) {
    expect({ leader, replicas, isr }, { leader: 1, replicas: [1], isr: [1] }, "leader, replicas, ISR");
  }
  ok("create-partitions", "from 3 to 5");
  ok("describe-topics", "partitions, leaders, replicas and in-sync replicas of 2 topics");
  const [[id, broker]] = cluster.brokers;
  expect([`${broker.host}:${broker.port}`, cluster.controllerId], [address, id], "the only broker, the controller");
  ok("describe-cluster", `cluster ${cluster.id}, its broker and controller`);
}

async function configsOf(admin, resourceType, resourceName) {
  const [found] = await admin.describeConfigs({ resources: [{ resourceType, resourceName }], includeSynonyms: true });
  return Object.fromEntries(found.configs.map((entry) => [entry.name, entry.value]));
}

async function tryConfigs(admin) {
  const { BROKER, TOPIC } = ConfigResourceTypes;
  const before = await configsOf(admin, TOPIC, "admin");
  expect(before["retention.ms"], "123456", "retention.ms as created");
  expect(before["cleanup.policy"], "delete", "cleanup.policy by default");
  const broker = await configsOf(admin, BROKER, "1");
  expect(broker["group.initial.rebalance.delay.ms"], "200", "a setting of the broker");
  ok("describe-configs", `${Object.keys(before).length} of a topic, ${Object.keys(broker).length} of the broker`);

  const { SET, APPEND } = IncrementalAlterConfigOperationTypes;
  const changes = [
    { name: "max.message.bytes", configOperation: SET, value: "54321" },
    { name: "cleanup.policy", configOperation: APPEND, value: "compact" },
  ];
  const resource = { resourceType: TOPIC, resourceName: "admin" };
  await admin.incrementalAlterConfigs({ resources: [{ ...resource, configs: changes }] });
  const incremented = await configsOf(admin, TOPIC, "admin");
  expect(incremented["max.message.bytes"], "54321", "max.message.bytes as set");
  expect(incremented["cleanup.policy"], "delete,compact", "cleanup.policy as appended to");
  expect(incremented["retention.ms"], "123456", "IncrementalAlterConfigs leaves what it does not name");
  await admin.alterConfigs({ resources: [{ ...resource, configs: [{ name: "retention.ms", value: "65432" }] }] });
  const altered = await configsOf(admin, TOPIC, "admin");
  expect([altered["retention.ms"], altered["cleanup.policy"]], ["65432", "delete"], "AlterConfigs resets the rest");
  ok("alter-configs", "incrementally, and all at once with a reset of the rest");
}

async function tryLogDirectories(admin) {
  const [described] = await admin.describeLogDirs({ topics: [{ name: "codec-none", partitions: [0] }] });
  const [directory] = described.results;
  const [held] = directory.topics;
  expect([described.results.length, held.name, held.partitions[0].partitionIndex], [1, "codec-none", 0], "what is held");
  expect(held.partitions[0].partitionSize > 1000n, true, "the size of a partition that was written");
  ok("describe-log-dirs", `codec-none holds ${held.partitions[0].partitionSize} bytes in ${directory.logDir}`);
}

async function earliestAndLatest(admin) {
  const offsets = [];
  for (const timestamp of [ListOffsetTimestamps.EARLIEST, ListOffsetTimestamps.LATEST]) {
    const [topic] = await admin.listOffsets({ topics: [{ name: "offsets", partitions: [{ partitionIndex: 0, timestamp }] }] });
    offsets.push(Number(topic.partitions[0].offset));
  }
  return offsets;
}

async function firstAt(admin, timestamp) {
  const [topic] = await admin.listOffsets({ topics: [{ name: "offsets", partitions: [{ partitionIndex: 0, timestamp }] }] });
  return Number(topic.partitions[0].offset);
}

export async function tryOffsets(common, admin) {
  const producer = new Producer(common);
  const messages = range(10).map((number) => ({
    topic: "offsets",
    value: Buffer.from(`${number}`),
    timestamp: 1_700_000_000_000n + BigInt(number) * 1000n,
  }));
  await producer.send({ acks: -1, messages });
  await producer.close();
  expect(await earliestAndLatest(admin), [0, 10], "earliest and latest");
  expect(await firstAt(admin, 1_700_000_003_500n), 4, "the first at or after a time");
  expect(await firstAt(admin, 18_000_000_000_000n), -1, "none after the last");
  expect(await firstAt(admin, ListOffsetTimestamps.MAX), 9, "the one with the latest time");
  ok("list-offsets", "0, 10, 9 for the latest time, and 4 for a time between the 4th and the 5th record");
  const [cut] = await admin.deleteRecords({ topics: [{ name: "offsets", partitions: [{ partition: 0, offset: 3n }] }] });
  expect(cut.partitions[0].lowWatermark, 3n, "the low watermark");
  expect(await earliestAndLatest(admin), [3, 10], "earliest and latest after the deletion");
  ok("delete-records", "the earliest offset moved from 0 to 3");
}

export async function tryGroupAdministration(common, group, topic) {
  const admin = new Admin(common);
  const listed = (await admin.listGroups()).get(group);
  expect([listed?.state, listed?.protocolType], ["Empty", "consumer"], "the group as listed");
  ok("list-groups", "with state and protocol type");
  await describeStaticMember(common, admin, topic);
  const described = (await admin.describeGroups({ groups: [group] })).get(group);
  expect([described.state, described.members.size], ["Empty", 0], "state and members");
  ok("describe-groups", "with members and assignments while one ran, then empty");

  const offsetOf = async (partition) => {
    const [found] = await admin.listConsumerGroupOffsets({ groups: [group] });
    const inTopic = found.topics.find((each) => each.name === topic);
    return inTopic.partitions.find((each) => each.partitionIndex === partition)?.committedOffset;
  };
  ok("list-group-offsets", "of all partitions");
  await admin.alterConsumerGroupOffsets({
    groupId: group,
    topics: [{ name: topic, partitionOffsets: [{ partition: 0, offset: 1n }] }],
  });
  expect(await offsetOf(0), 1n, "the offset as altered");
  ok("alter-group-offsets", "set to 1");
  await admin.deleteConsumerGroupOffsets({ groupId: group, topics: [{ name: topic, partitionIndexes: [0] }] });
  expect([await offsetOf(0), await offsetOf(1)], [undefined, 20n], "offsets after one was deleted");
  ok("delete-group-offsets", "one partition's, the others stay");

  await admin.deleteGroups({ groups: [group] });
  expect((await admin.listGroups()).has(group), false, "the group after its deletion");
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
    await consumer.joinGroup({});
    const described = (await admin.describeGroups({ groups: [groupId] })).get(groupId);
    expect([described.state, described.members.size], ["Stable", 1], "state and members of the static group");
    const [member] = described.members.values();
    expect([member.groupInstanceId, member.assignments.get(topic).partitions.length], ["static-1", 6], "the member");
    members.push({ consumer, id: member.id });
  }
  expect(members[0].id === members[1].id, false, "the second process got the member id of the first");
  for (const { consumer } of members) await consumer.close(true);
  ok("static-members", "a second process under the same name took over, without a rebalance");
}
