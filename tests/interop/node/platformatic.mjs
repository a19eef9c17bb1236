// @platformatic/kafka.

import { readFileSync } from "node:fs";

import { Admin, Consumer, Producer } from "@platformatic/kafka";

import { address, ask, expect, ok, range, runProgram, sampleRecords, say, unsupported, waitUntil } from "./conversation.mjs";
import { partitions, runGroup } from "./group_run.mjs";
import { tryAdministration, tryGroupAdministration, tryOffsets } from "./platformatic_admin.mjs";
import { tryTransactions } from "./platformatic_transactions.mjs";

const group = "platformatic-group";
const topic = "group-topic";
const common = { clientId: "platformatic", bootstrapBrokers: [address], autocreateTopics: true };

async function withProducer(settings, use) {
  const producer = new Producer({ ...common, ...settings });
  try {
    return await use(producer);
  } finally {
    await producer.close();
  }
}

// The first records of a topic with one partition.
async function consumeAll(from, count) {
  const consumer = new Consumer({ ...common, groupId: `reader-of-${from}` });
  const found = [];
  const stream = await consumer.consume({ topics: [from], mode: "earliest", maxWaitTime: 50, autocommit: false });
  stream.on("data", (message) => found.push(message));
  await waitUntil(() => found.length >= count, `${count} records of ${from}`);
  await consumer.close(true);
  expect(
    found.map((message) => Number(message.offset)),
    range(count),
    "offsets",
  );
  return found.map(({ key, value, headerEntries, timestamp }) => ({
    key: key ?? null,
    value: value ?? null,
    headers: headerEntries.map(([name, content]) => [name.toString(), content]),
    timestamp: Number(timestamp),
  }));
}

function toMessage(to) {
  return ({ key, value, headers, timestamp }) => ({
    topic: to,
    partition: 0,
    key,
    value,
    headers: new Map(headers.map(([name, content]) => [Buffer.from(name), content])),
    timestamp: BigInt(timestamp),
  });
}

async function tryCodec(compression) {
  const records = sampleRecords();
  const to = `codec-${compression}`;
  await withProducer({ acks: -1, compression }, async (producer) => {
    for (const half of [records.slice(0, 60), records.slice(60)]) {
      const { offsets } = await producer.send({ messages: half.map(toMessage(to)) });
      expect(offsets, [{ topic: to, partition: 0, offset: BigInt(records.indexOf(half[0])) }], "offsets as acknowledged");
    }
  });
  expect(await consumeAll(to, records.length), records, "records as received");
  ok(to, `${records.length} records came back as they were sent`);
}

async function tryAcks() {
  const records = sampleRecords(20);
  for (const acks of [0, 1, -1]) {
    const to = `acks-${acks < 0 ? "all" : acks}`;
    await withProducer({ acks }, (producer) => producer.send({ messages: records.map(toMessage(to)) }));
    expect(await consumeAll(to, records.length), records, `records sent with acks=${acks}`);
  }
  ok("acks", "20 records with each, received in order");
}

async function tryIdempotence() {
  const records = sampleRecords(100);
  await withProducer({ idempotent: true }, async (producer) => {
    for (const at of range(10)) {
      await producer.send({ messages: records.slice(at * 10, at * 10 + 10).map(toMessage("idempotence")) });
    }
  });
  expect(await consumeAll("idempotence", records.length), records, "records as received");
  ok("idempotence", "100 records in 10 batches, in order, sequences without a gap");
}

class Member {
  received = [];
  owned = new Set();

  constructor(name, settings = {}) {
    this.consumer = new Consumer({ ...common, clientId: name, groupId: group, heartbeatInterval: 100, ...settings });
    this.consumer.on("consumer:group:join", ({ assignments }) => {
      this.owned = new Set((assignments ?? []).flatMap((each) => each.partitions));
    });
  }

  async join() {
    const stream = await this.consumer.consume({
      topics: [topic],
      mode: "committed",
      fallbackMode: "earliest",
      maxWaitTime: 50,
      autocommit: false,
    });
    stream.on("data", async (message) => {
      await message.commit();
      this.received.push(message.value.toString());
    });
  }

  async leave() {
    await this.consumer.close(true);
    this.owned = new Set();
  }
}

async function produceToAll(values) {
  const messages = values.map((value, number) => ({
    topic,
    value: Buffer.from(value),
    partition: number % partitions,
  }));
  await withProducer({ acks: -1 }, (producer) => producer.send({ messages }));
}

async function committedOffsets() {
  const admin = new Admin(common);
  const [found] = await admin.listConsumerGroupOffsets({ groups: [group] });
  await admin.close();
  const ofTopic = found.topics.find((each) => each.name === topic);
  const inOrder = ofTopic.partitions.sort((left, right) => left.partitionIndex - right.partitionIndex);
  return inOrder.map((each) => Number(each.committedOffset));
}

// A new member of the group gets one new record and none of the old.
async function continueFromCommit() {
  const messages = [{ topic, partition: 3, value: Buffer.from("after") }];
  await withProducer({ acks: -1 }, (producer) => producer.send({ messages }));
  const member = new Member("successor");
  await member.join();
  await waitUntil(() => member.received.length > 0, "the record after the broker came back");
  await member.leave();
  expect(member.received, ["after"], "what a member receives after the broker came back");
}

async function tryRestarts() {
  let committed = await committedOffsets();
  expect(committed, Array(partitions).fill(20), "committed offsets");
  for (const way of ["restart broker", "kill broker"]) {
    await ask(way);
    expect(await committedOffsets(), committed, `committed offsets after: ${way}`);
    await continueFromCommit();
    committed = await committedOffsets();
  }
  ok("restart", "after each the offsets were there, and a new member began at the first uncommitted record");
}

runProgram(async () => {
  const packageFile = new URL("../package.json", import.meta.resolve("@platformatic/kafka"));
  say(`version ${JSON.parse(readFileSync(packageFile)).version}`);
  for (const compression of ["none", "gzip", "snappy", "lz4", "zstd"]) await tryCodec(compression);
  for (const feature of ["keys", "headers", "timestamps"]) ok(feature, "compared in every record of every codec");
  await tryAcks();
  await tryIdempotence();
  unsupported("old-versions", "it always asks for the broker's versions");
  const admin = new Admin(common);
  await tryAdministration(admin);
  await tryOffsets(common, admin);
  await tryTransactions();
  await admin.createTopics({ topics: [topic], partitions, replicas: 1 });
  await admin.close();
  ok("group", await runGroup(range(3).map((number) => new Member(`member-${number}`)), produceToAll));
  unsupported("cooperative", "it has no cooperative assignor");
  await tryRestarts();
  await tryGroupAdministration(common, group, topic);
});
