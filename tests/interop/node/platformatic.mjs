// @platformatic/kafka.

import { readFileSync } from "node:fs";

import { Admin, Consumer, ListOffsetTimestamps, Producer } from "@platformatic/kafka";

import {
  ask,
  expect,
  expectWhatIsLeft,
  insistOn,
  leadersDie,
  ok,
  range,
  runProgram,
  sampleRecords,
  say,
  unsupported,
  use,
  waitUntil,
} from "./conversation.mjs";
import { partitions, runGroup } from "./group_run.mjs";
import { firstAt, tryAdministration, tryGroupAdministration, tryOffsets } from "./platformatic_admin.mjs";
import { closeConsumer, common, mayPass, readMessages, startStream } from "./platformatic_settings.mjs";
import { tryTransactions } from "./platformatic_transactions.mjs";

const group = "platformatic-group";
const topic = "group-topic";
// Only idempotent, it promises each record once where leaders die.
const once = leadersDie ? { acks: -1, idempotent: true } : { acks: -1 };

async function withProducer(settings, use) {
  const producer = new Producer({ ...common, ...settings });
  try {
    return await use(producer);
  } finally {
    await producer.close();
  }
}

// The records of a topic with one partition, so many at least.
async function consumeAll(from, count) {
  const found = await readMessages({ groupId: `reader-of-${from}` }, from, (messages) => messages.length >= count);
  expect(
    found.map((message) => Number(message.offset)),
    range(found.length),
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
  await use(to);
  await withProducer({ ...once, compression }, async (producer) => {
    for (const half of [records.slice(0, 60), records.slice(60)]) {
      const { offsets } = await producer.send({ messages: half.map(toMessage(to)) });
      expect(offsets, [{ topic: to, partition: 0, offset: BigInt(records.indexOf(half[0])) }], "offsets as acknowledged");
    }
  });
  expect(await consumeAll(to, records.length), records, "records as received");
  ok(to, `${records.length} records came back as they were sent`);
}

async function endOf(topic) {
  const admin = new Admin(common);
  const end = await insistOn(() => firstAt(admin, topic, ListOffsetTimestamps.LATEST), mayPass);
  await admin.close();
  return end;
}

async function tryAcks() {
  const records = sampleRecords(20);
  for (const acks of [0, 1, -1]) {
    const to = `acks-${acks < 0 ? "all" : acks}`;
    await use(to);
    const send = (producer) => producer.send({ messages: records.map(toMessage(to)) });
    await withProducer(acks < 0 ? once : { acks }, send);
    if (acks < 0) expect(await consumeAll(to, records.length), records, "records sent with acks=all");
    else if (leadersDie) expectWhatIsLeft(await consumeAll(to, await endOf(to)), records, `acks=${acks}`);
    else expect(await consumeAll(to, records.length), records, `records sent with acks=${acks}`);
  }
  ok("acks", "20 records with each, received in order");
}

async function tryIdempotence() {
  const records = sampleRecords(100);
  await use("idempotence");
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
    // Who leaves while the coordinator is dead is missed only when its session ends.
    const sessionTimeout = leadersDie ? 6000 : 60_000;
    this.settings = { ...common, clientId: name, groupId: group, heartbeatInterval: 100, sessionTimeout, ...settings };
  }

  async join() {
    const consumer = new Consumer(this.settings);
    this.consumer = consumer;
    consumer.on("consumer:group:join", ({ assignments }) => {
      this.owned = new Set((assignments ?? []).flatMap((each) => each.partitions));
    });
    const what = { topics: [topic], mode: "committed", fallbackMode: "earliest" };
    await startStream(consumer, what, (message) => this.take(consumer, message), () => this.joinAgain(consumer));
  }

  // From what is committed: when its stream has ended, or a commit was refused because a rebalance was faster.
  async joinAgain(consumer) {
    if (this.consumer !== consumer) return;
    this.consumer = undefined;
    await closeConsumer(consumer);
    await this.join();
  }

  async take(consumer, message) {
    // A fetch from before a rebalance may end after it, and its stream hands out records of a partition that has moved.
    if (!this.owned.has(message.partition)) return;
    try {
      await insistOn(() => message.commit(), mayPass);
      this.received.push(message.value.toString());
    } catch (failure) {
      if (!leadersDie) throw failure;
      await this.joinAgain(consumer);
    }
  }

  async leave() {
    const consumer = this.consumer;
    this.consumer = undefined;
    await closeConsumer(consumer);
    this.owned = new Set();
  }
}

async function produceToAll(values) {
  const messages = values.map((value, number) => ({
    topic,
    value: Buffer.from(value),
    partition: number % partitions,
  }));
  await withProducer(once, (producer) => producer.send({ messages }));
}

async function committedOffsets() {
  const admin = new Admin(common);
  const [found] = await insistOn(() => admin.listConsumerGroupOffsets({ groups: [group] }), mayPass);
  await admin.close();
  const ofTopic = found.topics.find((each) => each.name === topic);
  const inOrder = ofTopic.partitions.sort((left, right) => left.partitionIndex - right.partitionIndex);
  return inOrder.map((each) => Number(each.committedOffset));
}

// A new member of the group gets one new record and none of the old.
async function continueFromCommit() {
  const messages = [{ topic, partition: 3, value: Buffer.from("after") }];
  await withProducer(once, (producer) => producer.send({ messages }));
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
  if (leadersDie) await use(topic, partitions);
  else await admin.createTopics({ topics: [topic], partitions, replicas: 1 });
  await admin.close();
  ok("group", await runGroup(range(3).map((number) => new Member(`member-${number}`)), produceToAll));
  unsupported("cooperative", "it has no cooperative assignor");
  await tryRestarts();
  await tryGroupAdministration(common, group, topic);
});
