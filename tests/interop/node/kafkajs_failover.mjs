// kafkajs while leaders are killed.

import { createRequire } from "node:module";
import { setTimeout as sleep } from "node:timers/promises";

import { expect, ok, range, runProgram, say, waitUntil } from "./conversation.mjs";
import { groupName, insist, transactionalGroup, transactions, untilTimeIsUp, written } from "./failover_run.mjs";
import { kafka, patient, readCommitted } from "./kafkajs_reader.mjs";

const recordsEach = 5;
const patienceOfMemberMs = 10_000;
const single = { idempotent: true, maxInFlightRequests: 1, retry: patient };

async function committedOffset(groupId, topic) {
  const admin = kafka.admin({ retry: patient });
  await insist(() => admin.connect());
  let found;
  await insist(async () => ([found] = await admin.fetchOffsets({ groupId, topics: [topic] })));
  await admin.disconnect();
  return BigInt(found.partitions[0].offset);
}

let highestCommitted = -1n;
let givenUp = 0;

// Its consumer stops for good at errors that it does not think worth a retry, and at times without a word: a member that
// has not committed for a while is given up for a new one.
class Member {
  received = new Set();
  seen = Date.now();
  isOver = false;

  async live() {
    while (!this.isOver) {
      const consumer = kafka.consumer({
        groupId: groupName,
        heartbeatInterval: 500,
        sessionTimeout: 6000,
        maxWaitTimeInMs: 50,
        retry: patient,
      });
      this.seen = Date.now();
      this.join(consumer).catch(() => {});
      while (!this.isOver && Date.now() - this.seen < patienceOfMemberMs) await sleep(50);
      if (!this.isOver) ++givenUp;
      consumer.disconnect().catch(() => {});
    }
  }

  async join(consumer) {
    await consumer.connect();
    await consumer.subscribe({ topic: written, fromBeginning: true });
    // Also who owns nothing is in the group.
    consumer.on(consumer.events.HEARTBEAT, () => (this.seen = Date.now()));
    await consumer.run({
      autoCommit: false,
      eachMessage: async ({ partition, message }) => {
        this.received.add(message.value.toString());
        const next = BigInt(message.offset) + 1n;
        await consumer.commitOffsets([{ topic: written, partition, offset: `${next}` }]);
        if (next > highestCommitted) highestCommitted = next;
      },
    });
  }
}

async function write() {
  const producer = kafka.producer(single);
  await insist(() => producer.connect());
  const acknowledged = [];
  for await (const number of untilTimeIsUp()) {
    const [answer] = await producer.send({ topic: written, acks: -1, messages: [{ value: `${number}`, partition: 0 }] });
    acknowledged.push({ offset: Number(answer.baseOffset), value: `${number}` });
  }
  await producer.disconnect();
  return acknowledged.sort((left, right) => left.offset - right.offset).map(({ value }) => value);
}

async function tryWritesAndGroup() {
  say(`use ${written}`);
  const members = [new Member(), new Member()];
  const lives = members.map((member) => member.live());
  const acknowledged = await write();
  const received = () => acknowledged.every((value) => members.some((member) => member.received.has(value)));
  await waitUntil(received, "the group receives what was acknowledged");
  for (const member of members) member.isOver = true;
  await Promise.all(lives);
  expect(await readCommitted(written, acknowledged.at(-1)), acknowledged, "values as read");
  expect(acknowledged, range(acknowledged.length).map(String), "values in the order of their offsets");
  ok("write", `${acknowledged.length} of an idempotent producer, all acknowledged`);
  ok("write-again", "more than that: see above");
  expect((await committedOffset(groupName, written)) >= highestCommitted, true, "whether the group's offset stayed");
  ok("group", `all of them were received; the group's offset is what was committed last; ${givenUp} members given up`);
}

// One transaction with offsets. kafkajs repeats none of its requests when their coordinator is lost, and neither can its
// user: a transaction whose end was asked for can only be given up, its fate unknown.
async function transact(producer, number, aborts = number % 3 === 1) {
  let isAsked = false;
  try {
    const transaction = await producer.transaction();
    const messages = valuesOf(number).map((value) => ({ value, partition: 0 }));
    await transaction.send({ topic: transactions, messages });
    const partitions = [{ partition: 0, offset: `${number + 1}` }];
    await transaction.sendOffsets({ consumerGroupId: transactionalGroup, topics: [{ topic: transactions, partitions }] });
    if (aborts) {
      await transaction.abort();
      return "aborted";
    }
    isAsked = true;
    await transaction.commit();
    return "committed";
  } catch {
    return isAsked ? "unknown" : "given up";
  }
}

function valuesOf(number) {
  return range(recordsEach).map((each) => `${number}-${each}`);
}

// A new producer of the same id: the broker ends what the one before left open. InitProducerId is not repeated either.
async function newTransactor() {
  const producer = kafka.producer({ ...single, transactionalId: "failover" });
  await insist(() => producer.connect());
  return producer;
}

async function tryTransactions() {
  say(`use ${transactions}`);
  let producer = await newTransactor();
  const fates = [];
  for await (const number of untilTimeIsUp()) {
    const fate = await transact(producer, number);
    fates.push(fate);
    if (fate === "unknown" || fate === "given up") {
      await producer.disconnect();
      producer = await newTransactor();
    }
  }
  // Its first transaction waits until the last of those before has ended.
  fates.push("committed");
  await insist(async () => expect(await transact(await newTransactor(), fates.length - 1, false), "committed", "the last"));
  await producer.disconnect();
  const found = await readCommitted(transactions, valuesOf(fates.length - 1).at(-1));
  const isThere = fates.map((fate, number) => fate === "committed" || (fate === "unknown" && found.includes(`${number}-0`)));
  const wanted = range(fates.length).flatMap((number) => (isThere[number] ? valuesOf(number) : []));
  expect(found, wanted, "committed records");
  const count = (fate) => fates.filter((each) => each === fate).length;
  ok("transactions", `${count("committed")} committed, ${count("given up")} given up, ${count("unknown")} of unknown fate`);
  expect(await committedOffset(transactionalGroup, transactions), BigInt(fates.length), "the offset of the group");
  ok("transactional-offsets", `${fates.length}, of the last that was committed`);
}

runProgram(async () => {
  say(`version ${createRequire(import.meta.url)("kafkajs/package.json").version}`);
  await tryWritesAndGroup();
  await tryTransactions();
});
