// Transactions with kafkajs: what a reader of committed records sees, fencing, and offsets.

import { expect, insistOn, leadersDie, ok, range, use, waitUntil } from "./conversation.mjs";
import { runTransactions, valuesOf } from "./failover_run.mjs";
import { mayPass, readCommitted as readUpTo } from "./kafkajs_reader.mjs";

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

// The values of the topic's one partition, up to the last of those wanted, and a while longer.
async function readCommitted(kafka, topic, wanted) {
  const consumer = kafka.consumer({ groupId: `reader-of-${topic}-${wanted.length}`, maxWaitTimeInMs: 50 });
  await insistOn(() => consumer.connect(), mayPass);
  await insistOn(() => consumer.subscribe({ topic, fromBeginning: true }), mayPass);
  const found = [];
  await consumer.run({ autoCommit: false, eachMessage: async ({ message }) => void found.push(message.value.toString()) });
  await waitUntil(() => found.length >= wanted.length, `${wanted.length} records of ${topic}`);
  await new Promise((done) => setTimeout(done, 500));
  await consumer.disconnect();
  expect(found, wanted, `committed records of ${topic}`);
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
    read: (last) => readUpTo("transactions", last),
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
    await readCommitted(kafka, "transactions", wanted);
    await open.abort();
  });
  ok("transactions", `${transactions} in turn; of those aborted and the one left open no record was read`);
}

async function tryFencing(kafka) {
  await withTransactions(kafka, "fenced", async (old) => {
    const left = await old.transaction();
    await write(left, "fencing", "old");
    await withTransactions(kafka, "fenced", async (successor) => {
      const transaction = await successor.transaction();
      const error = await left.commit().then(
        () => undefined,
        (failure) => failure,
      );
      expect(error?.type, "INVALID_PRODUCER_EPOCH", "why the old one cannot commit");
      const values = await write(transaction, "fencing", "new");
      await transaction.commit();
      await readCommitted(kafka, "fencing", values);
    });
  });
  ok("fencing", "the old one cannot commit, and what it left open was aborted");
}

async function tryOffsets(kafka, admin) {
  const groupId = "transactional-reader";
  const committed = async () => {
    const [found] = await admin.fetchOffsets({ groupId, topics: ["transactions"] });
    return found?.partitions[0]?.offset;
  };
  await withTransactions(kafka, "offsets", async (producer) => {
    for (const [offset, commits] of [["7", true], ["9", false]]) {
      const transaction = await producer.transaction();
      await transaction.send({ topic: "doubled", messages: [{ value: offset, partition: 0 }] });
      const partitions = [{ partition: 0, offset }];
      await transaction.sendOffsets({ consumerGroupId: groupId, topics: [{ topic: "transactions", partitions }] });
      await (commits ? transaction.commit() : transaction.abort());
      await waitUntil(async () => (await committed()) === "7", "the offset that was committed");
    }
  });
  await readCommitted(kafka, "doubled", ["7"]);
  ok("transactional-offsets", "an offset counts with the records of its transaction, or not at all");
}

export async function tryTransactions(kafka, admin) {
  await use("transactions");
  await (leadersDie ? tryWhileLeadersDie(kafka) : tryCommitsAndAborts(kafka));
  await tryFencing(kafka);
  await tryOffsets(kafka, admin);
}
