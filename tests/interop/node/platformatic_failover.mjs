// @platformatic/kafka while leaders are killed.

import { readFileSync } from "node:fs";

import { Admin, Consumer, Producer } from "@platformatic/kafka";

import { address, expect, givesUp, ok, range, runProgram, say, waitUntil } from "./conversation.mjs";
import { groupName, insist, transactions, untilTimeIsUp, written } from "./failover_run.mjs";
import { readCommitted } from "./kafkajs_reader.mjs";

const recordsEach = 5;
const common = {
  clientId: "platformatic",
  bootstrapBrokers: address.split(","),
  retries: 100,
  retryDelay: 100,
  timeout: 5000,
};
// Without an identity of its own choosing it claims to be producer 0 of epoch 0, which is fenced wherever the id is known.
const nobody = { producerId: -1n, producerEpoch: -1 };

class Member {
  received = new Set();
  highestCommitted = -1n;

  constructor() {
    const patient = { heartbeatInterval: 500, sessionTimeout: 6000 };
    this.consumer = new Consumer({ ...common, ...patient, groupId: groupName });
  }

  async join() {
    const from = { topics: [written], mode: "committed", fallbackMode: "earliest" };
    const stream = await this.consumer.consume({ ...from, maxWaitTime: 50, autocommit: false });
    stream.on("error", (failure) => (this.failure = failure));
    stream.on("data", async (message) => {
      this.received.add(message.value.toString());
      try {
        await message.commit();
        if (message.offset + 1n > this.highestCommitted) this.highestCommitted = message.offset + 1n;
      } catch {
        // A rebalance, or no coordinator just now: the next commit says more.
      }
    });
  }
}

async function committedOffset(group, topic) {
  const admin = new Admin(common);
  let found;
  await insist(async () => ([found] = await admin.listConsumerGroupOffsets({ groups: [group] })));
  await admin.close();
  return found.topics.find((each) => each.name === topic).partitions[0].committedOffset;
}

async function write() {
  const producer = new Producer({ ...common, idempotent: true });
  const acknowledged = [];
  for await (const number of untilTimeIsUp()) {
    const { offsets } = await producer.send({ messages: [{ topic: written, partition: 0, value: Buffer.from(`${number}`) }] });
    acknowledged.push({ offset: Number(offsets[0].offset), value: `${number}` });
  }
  await producer.close();
  return acknowledged.sort((left, right) => left.offset - right.offset).map(({ value }) => value);
}

async function tryWritesAndGroup() {
  say(`use ${written}`);
  const members = [new Member(), new Member()];
  await Promise.all(members.map((member) => member.join()));
  const acknowledged = await write();
  expect(await readCommitted(written, acknowledged.at(-1)), acknowledged, "values as read");
  ok("write", `${acknowledged.length} of an idempotent producer, all acknowledged`);
  ok("write-again", "more than that: see above");
  const received = () => acknowledged.every((value) => members.some((member) => member.received.has(value)));
  await waitUntil(received, "the group receives what was acknowledged");
  await Promise.all(members.map((member) => member.consumer.close(true)));
  const least = members.reduce((most, each) => (each.highestCommitted > most ? each.highestCommitted : most), -1n);
  expect((await committedOffset(groupName, written)) >= least, true, "whether the group's offset stayed");
  ok("group", "all of them were received; the group's offset is what was committed last");
}

function valuesOf(number) {
  return range(recordsEach).map((each) => `${number}-${each}`);
}

async function transact(producer, number, aborts = number % 3 === 1) {
  let isAsked = false;
  try {
    const transaction = await producer.beginTransaction();
    const messages = valuesOf(number).map((value) => ({ topic: transactions, partition: 0, value: Buffer.from(value) }));
    await transaction.send({ messages });
    if (aborts) {
      await transaction.abort();
      return "aborted";
    }
    isAsked = true;
    await transaction.commit();
    return "committed";
  } catch (failure) {
    say(`transaction ${number}: ${failure.errors?.at(-1)?.message ?? failure.message}`);
    return isAsked ? "unknown" : "given up";
  }
}

function newTransactor() {
  return new Producer({ ...common, ...nobody, transactionalId: "failover", idempotent: true, retries: 20 });
}

async function tryTransactions() {
  say(`use ${transactions}`);
  let producer = newTransactor();
  const fates = [];
  for await (const number of untilTimeIsUp()) {
    const fate = await transact(producer, number);
    fates.push(fate);
    if (fate === "unknown" || fate === "given up") {
      producer.close(true).catch(() => {});
      producer = newTransactor();
    }
  }
  // Its first transaction waits until the last of those before has ended.
  fates.push("committed");
  await insist(async () => expect(await transact(newTransactor(), fates.length - 1, false), "committed", "the last"));
  const found = await readCommitted(transactions, valuesOf(fates.length - 1).at(-1));
  const isThere = fates.map((fate, number) => fate === "committed" || (fate === "unknown" && found.includes(`${number}-0`)));
  const wanted = range(fates.length).flatMap((number) => (isThere[number] ? valuesOf(number) : []));
  expect(found, wanted, "committed records");
  const count = (fate) => fates.filter((each) => each === fate).length;
  ok("transactions", `${count("committed")} committed, ${count("given up")} given up, ${count("unknown")} of unknown fate`);
  // Each message carries the coordinator and the generation of its group from when it was read, and its offset is sent
  // there, again and again: what was read before the coordinator moved cannot be committed any more.
  givesUp("transactional-offsets", "TxnOffsetCommit is sent to the coordinator that the message was read under");
}

runProgram(async () => {
  const packageFile = new URL("../package.json", import.meta.resolve("@platformatic/kafka"));
  say(`version ${JSON.parse(readFileSync(packageFile)).version}`);
  await tryWritesAndGroup();
  await tryTransactions();
});
