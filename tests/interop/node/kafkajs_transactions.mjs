// Transactions with kafkajs: what a reader of committed records sees, fencing, and offsets.

import { expect, insistOn, leadersDie, ok, range, use, waitUntil } from "./conversation.mjs";
import { runTransactions, valuesOf } from "./failover_run.mjs";
import { mayPass, readCommitted, readUntil } from "./kafkajs_reader.mjs";

const transactions = 20;
const records = 10;

async function withTransactions(kafka, transactionalId, use) {
  const producer = kafka.producer({ transactionalId, idempotent: true, maxInFlightRequests: 1 });
  await insistOn(() => producer.connect(), mayPass);
  try {
    return await use(producer);
  } finally {
    await producer.disconnect();
  }
}

// The committed values of the topic's one partition are those wanted, and no other comes.
async function expectCommitted(kafka, topic, wanted) {
  const isEnough = (messages) => messages.length >= wanted.length;
  const what = `${wanted.length} records of ${topic}`;
  const found = await readUntil(isEnough, { by: kafka, topic, what, longerMs: 500 });
  expect(
    found.map((message) => message.value.toString()),
    wanted,
    `committed records of ${topic}`,
  );
}

async function write(transaction, topic, name) {
  const values = range(records).map((number) => `${name}-${number}`);
  await transaction.send({ topic, messages: values.map((value) => ({ value, partition: 0 })) });
  return values;
}

// It repeats none of its requests about transactions when a coordinator is lost.
async function tryWhileLeadersDie(kafka) {
  const settings = { transactionalId: "commits-and-aborts", idempotent: true, maxInFlightRequests: 1 };
  const { text } = await runTransactions(range(transactions), {
    open: async () => {
      const producer = kafka.producer(settings);
      await insistOn(() => producer.connect(), mayPass);
      return producer;
    },
    close: (producer) => producer.disconnect(),
    act: async (producer, number, aborts, isAsked) => {
      const transaction = await producer.transaction();
      const messages = valuesOf(number).map((value) => ({ value, partition: 0 }));
      await transaction.send({ topic: "transactions", messages });
      if (aborts) return transaction.abort();
      isAsked();
      return transaction.commit();
    },
    read: (last) => readCommitted("transactions", last),
  });
  ok("transactions", text);
}

async function tryCommitsAndAborts(kafka) {
  const wanted = [];
  await withTransactions(kafka, "commits-and-aborts", async (producer) => {
    for (const number of range(transactions)) {
      const transaction = await producer.transaction();
      const values = await write(transaction, "transactions", number);
      if (number % 3 === 1) {
        await transaction.abort();
      } else {
        await transaction.commit();
        wanted.push(...values);
      }
    }
    const open = await producer.transaction();
    await write(open, "transactions", "open");
    await expectCommitted(kafka, "transactions", wanted);
    await open.abort();
  });
  ok("transactions", `${transactions} in turn; of those aborted and the one left open no record was read`);
}

async function tryFencing(kafka, attempt) {
  const id = `fenced-${attempt}`;
  const topic = `fencing-${attempt}`;
  await withTransactions(kafka, id, async (old) => {
    const left = await old.transaction();
    await write(left, topic, "old");
    await withTransactions(kafka, id, async (successor) => {
      const transaction = await successor.transaction();
      const error = await left.commit().then(
        () => undefined,
        (failure) => failure,
      );
      if (error && mayPass(error)) throw error;
      expect(error?.type, "INVALID_PRODUCER_EPOCH", "why the old one cannot commit");
      const values = await write(transaction, topic, "new");
      await transaction.commit();
      await expectCommitted(kafka, topic, values);
    });
  });
  ok("fencing", "the old one cannot commit, and what it left open was aborted");
}

async function tryOffsets(kafka, admin, attempt) {
  const groupId = `transactional-reader-${attempt}`;
  const topic = `doubled-${attempt}`;
  const committed = async () => {
    const [found] = await admin.fetchOffsets({ groupId, topics: ["transactions"] });
    return found?.partitions[0]?.offset;
  };
  await withTransactions(kafka, `offsets-${attempt}`, async (producer) => {
    for (const [offset, commits] of [["7", true], ["9", false]]) {
      const transaction = await producer.transaction();
      await transaction.send({ topic, messages: [{ value: offset, partition: 0 }] });
      const partitions = [{ partition: 0, offset }];
      await transaction.sendOffsets({ consumerGroupId: groupId, topics: [{ topic: "transactions", partitions }] });
      await (commits ? transaction.commit() : transaction.abort());
      await waitUntil(async () => (await committed()) === "7", "the offset that was committed");
    }
  });
  await expectCommitted(kafka, topic, ["7"]);
  ok("transactional-offsets", "an offset counts with the records of its transaction, or not at all");
}

// What a lost coordinator cuts short cannot be gone on with, since kafkajs repeats no request of a transaction: it is tried
// anew, by other names.
async function tryAnew(attempt) {
  let attempts = 0;
  await insistOn(() => attempt(++attempts), mayPass);
}

export async function tryTransactions(kafka, admin) {
  await use("transactions");
  await (leadersDie ? tryWhileLeadersDie(kafka) : tryCommitsAndAborts(kafka));
  await tryAnew((attempt) => tryFencing(kafka, attempt));
  await tryAnew((attempt) => tryOffsets(kafka, admin, attempt));
}
