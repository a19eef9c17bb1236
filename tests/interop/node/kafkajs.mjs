// kafkajs. It has no codecs but gzip of its own; snappy, lz4 and zstd are plugged in the way its documentation says.

import { createRequire } from "node:module";
import zlib from "node:zlib";

import kafkajs from "kafkajs";
import snappyCodec from "kafkajs-snappy";
import * as lz4 from "lz4-napi";

import {
  ask,
  brokers,
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
import { tryAdministration, tryGroupAdministration, tryOffsets } from "./kafkajs_admin.mjs";
import { mayPass, patient, readUntil } from "./kafkajs_reader.mjs";
import { tryTransactions } from "./kafkajs_transactions.mjs";

const { CompressionCodecs, CompressionTypes, Kafka, logLevel } = kafkajs;
const group = "kafkajs-group";
const topic = "group-topic";
const kafka = new Kafka({
  clientId: "kafkajs",
  brokers,
  logLevel: leadersDie ? logLevel.NOTHING : logLevel.ERROR,
  retry: leadersDie ? patient : undefined,
});
// Only idempotent, it promises each record once where leaders die.
const once = leadersDie ? { idempotent: true, maxInFlightRequests: 1 } : {};

CompressionCodecs[CompressionTypes.Snappy] = snappyCodec;
CompressionCodecs[CompressionTypes.LZ4] = () => ({
  compress: (encoder) => lz4.compressFrame(encoder.buffer),
  decompress: (bytes) => lz4.decompressFrame(bytes),
});
CompressionCodecs[CompressionTypes.ZSTD] = () => ({
  compress: async (encoder) => zlib.zstdCompressSync(encoder.buffer),
  decompress: async (bytes) => zlib.zstdDecompressSync(bytes),
});

async function withProducer(settings, use) {
  const producer = kafka.producer(settings);
  await insistOn(() => producer.connect(), mayPass);
  try {
    return await use(producer);
  } finally {
    await producer.disconnect();
  }
}

// The records of a topic with one partition, so many at least.
async function consumeAll(from, count) {
  const isEnough = (messages) => messages.length >= count;
  const found = await readUntil(isEnough, { by: kafka, topic: from, what: `${count} records of ${from}` });
  expect(
    found.map((message) => Number(message.offset)),
    range(found.length),
    "offsets",
  );
  return found.map(({ key, value, headers, timestamp }) => ({
    key,
    value,
    headers: Object.entries(headers),
    timestamp: Number(timestamp),
  }));
}

function toMessage({ key, value, headers, timestamp }) {
  return { key, value, headers: Object.fromEntries(headers), timestamp: `${timestamp}`, partition: 0 };
}

async function tryCodec(name, compression) {
  const records = sampleRecords();
  const to = `codec-${name}`;
  await use(to);
  await withProducer(once, async (producer) => {
    for (const half of [records.slice(0, 60), records.slice(60)]) {
      const [answer] = await producer.send({ topic: to, acks: -1, compression, messages: half.map(toMessage) });
      expect([answer.errorCode, answer.baseOffset], [0, `${records.indexOf(half[0])}`], "error and base offset");
    }
  });
  expect(await consumeAll(to, records.length), records, "records as received");
  ok(to, `${records.length} records came back as they were sent`);
}

async function highWatermark(topic) {
  const admin = kafka.admin();
  await insistOn(() => admin.connect(), mayPass);
  const [{ high }] = await insistOn(() => admin.fetchTopicOffsets(topic), mayPass);
  await admin.disconnect();
  return Number(high);
}

async function tryAcks() {
  const records = sampleRecords(20);
  for (const acks of [0, 1, -1]) {
    const to = `acks-${acks < 0 ? "all" : acks}`;
    await use(to);
    const send = (producer) => producer.send({ topic: to, acks, messages: records.map(toMessage) });
    await withProducer(acks < 0 ? once : {}, send);
    if (acks < 0) expect(await consumeAll(to, records.length), records, "records sent with acks=all");
    else if (leadersDie) expectWhatIsLeft(await consumeAll(to, await highWatermark(to)), records, `acks=${acks}`);
    else expect(await consumeAll(to, records.length), records, `records sent with acks=${acks}`);
  }
  ok("acks", "20 records with each, received in order");
}

async function tryIdempotence() {
  const records = sampleRecords(100);
  await use("idempotence");
  await withProducer({ idempotent: true, maxInFlightRequests: 1 }, async (producer) => {
    for (const at of range(10)) {
      const messages = records.slice(at * 10, at * 10 + 10).map(toMessage);
      await producer.send({ topic: "idempotence", messages });
    }
  });
  expect(await consumeAll("idempotence", records.length), records, "records as received");
  ok("idempotence", "100 records in 10 batches, in order, sequences without a gap");
}

class Member {
  received = [];
  owned = new Set();

  constructor(name) {
    this.consumer = kafka.consumer({ groupId: group, heartbeatInterval: 100, maxWaitTimeInMs: 50, metadataMaxAge: 1000 });
    this.consumer.on(this.consumer.events.GROUP_JOIN, ({ payload }) => {
      this.owned = new Set(payload.memberAssignment[topic] ?? []);
    });
    this.name = name;
  }

  async join() {
    await insistOn(() => this.consumer.connect(), mayPass);
    await insistOn(() => this.consumer.subscribe({ topic, fromBeginning: true }), mayPass);
    await this.consumer.run({
      autoCommit: false,
      eachMessage: async ({ partition, message }) => {
        const offset = `${BigInt(message.offset) + 1n}`;
        await this.consumer.commitOffsets([{ topic, partition, offset, metadata: this.name }]);
        this.received.push(message.value.toString());
      },
    });
  }

  async leave() {
    await this.consumer.disconnect();
    this.owned = new Set();
  }
}

async function produceToAll(values) {
  const messages = values.map((value, number) => ({ value, partition: number % partitions }));
  await withProducer(once, (producer) => producer.send({ topic, messages }));
}

async function committedOffsets(admin) {
  const [found] = await insistOn(() => admin.fetchOffsets({ groupId: group, topics: [topic] }), mayPass);
  const inOrder = found.partitions.sort((left, right) => left.partition - right.partition);
  return inOrder.map((each) => [Number(each.offset), each.metadata]);
}

// A new member of the group gets one new record and none of the old.
async function continueFromCommit() {
  await withProducer(once, (producer) => producer.send({ topic, messages: [{ value: "after", partition: 3 }] }));
  const member = new Member("successor");
  await member.join();
  await waitUntil(() => member.received.length > 0, "the record after the broker came back");
  await member.leave();
  expect(member.received, ["after"], "what a member receives after the broker came back");
}

async function tryRestarts(admin) {
  let committed = await committedOffsets(admin);
  expect(
    committed.map(([offset]) => offset),
    Array(partitions).fill(20),
    "committed offsets",
  );
  for (const way of ["restart broker", "kill broker"]) {
    await ask(way);
    expect(await committedOffsets(admin), committed, `committed offsets after: ${way}`);
    await continueFromCommit();
    committed = await committedOffsets(admin);
  }
  ok("restart", "after each the offsets and metadata were there, and a new member began at the first uncommitted record");
}

runProgram(async () => {
  say(`version ${createRequire(import.meta.url)("kafkajs/package.json").version}`);
  await tryCodec("none", CompressionTypes.None);
  await tryCodec("gzip", CompressionTypes.GZIP);
  await tryCodec("snappy", CompressionTypes.Snappy);
  await tryCodec("lz4", CompressionTypes.LZ4);
  await tryCodec("zstd", CompressionTypes.ZSTD);
  for (const feature of ["keys", "headers", "timestamps"]) ok(feature, "compared in every record of every codec");
  await tryAcks();
  await tryIdempotence();
  unsupported("old-versions", "it always asks for the broker's versions");
  const admin = kafka.admin();
  await insistOn(() => admin.connect(), mayPass);
  await tryAdministration(admin);
  await tryOffsets(kafka, admin);
  await tryTransactions(kafka, admin);
  if (leadersDie) await use(topic, partitions);
  else await admin.createTopics({ topics: [{ topic, numPartitions: partitions }] });
  const members = range(3).map((number) => new Member(`member-${number}`));
  ok("group", await runGroup(members, produceToAll));
  unsupported("static-members", "it has no group.instance.id");
  unsupported("cooperative", "it has no cooperative assignor");
  await tryRestarts(admin);
  await tryGroupAdministration(admin, group, topic);
  await admin.disconnect();
});
