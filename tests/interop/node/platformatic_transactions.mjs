// Transactions with @platformatic/kafka: what a reader of committed records sees, fencing, and offsets.

import { Admin, Consumer, FetchIsolationLevels, Producer } from "@platformatic/kafka";

import { address, expect, ok, range, waitUntil } from "./conversation.mjs";

const transactions = 8;
const records = 10;
const common = { clientId: "platformatic", bootstrapBrokers: [address], autocreateTopics: true };

// Without an identity of its own choosing it claims to be producer 0 of epoch 0, which is fenced wherever the id is known.
const nobody = { producerId: -1n, producerEpoch: -1 };

async function withTransactions(transactionalId, use) {
  const producer = new Producer({ ...common, ...nobody, transactionalId, idempotent: true });
  try {
    return await use(producer);
  } finally {
    await producer.close();
  }
}

function newConsumer(groupId) {
  return new Consumer({ ...common, groupId, isolationLevel: FetchIsolationLevels.READ_COMMITTED });
}

async function readCommitted(topic, wanted) {
  const consumer = newConsumer(`reader-of-${topic}-${wanted.length}`);
  const found = [];
  const stream = await consumer.consume({ topics: [topic], mode: "earliest", maxWaitTime: 50, autocommit: false });
  stream.on("data", (message) => found.push(message.value.toString()));
  await waitUntil(() => found.length >= wanted.length, `${wanted.length} records of ${topic}`);
  await new Promise((done) => setTimeout(done, 500));
  await consumer.close(true);
  expect(found, wanted, `committed records of ${topic}`);
}

async function write(transaction, topic, name) {
  const values = range(records).map((number) => `${name}-${number}`);
  await transaction.send({ messages: values.map((value) => ({ topic, partition: 0, value: Buffer.from(value) })) });
  return values;
}

async function tryCommitsAndAborts() {
  const wanted = [];
  await withTransactions("commits-and-aborts", async (producer) => {
    for (const number of range(transactions)) {
      const transaction = await producer.beginTransaction();
      const values = await write(transaction, "transactions", number);
      // Its consumer takes the last aborted transaction of a producer in an answer for the only one, and lets the
      // records of the others through: here each producer has one.
      if (number === 1) {
        await transaction.abort();
      } else {
        await transaction.commit();
        wanted.push(...values);
      }
    }
  });
  await withTransactions("left-open", async (producer) => {
    const open = await producer.beginTransaction();
    await write(open, "transactions", "open");
    await readCommitted("transactions", wanted);
    await open.abort();
  });
  ok("transactions", `${transactions} in turn; of those aborted and the one left open no record was read`);
}

async function tryFencing() {
  await withTransactions("fenced", async (old) => {
    const left = await old.beginTransaction();
    await write(left, "fencing", "old");
    await withTransactions("fenced", async (successor) => {
      const transaction = await successor.beginTransaction();
      const failed = await left.commit().then(
        () => false,
        () => true,
      );
      expect(failed, true, "whether the old one fails to commit");
      const values = await write(transaction, "fencing", "new");
      await transaction.commit();
      await readCommitted("fencing", values);
    });
  });
  ok("fencing", "the old one cannot commit, and what it left open was aborted");
}

async function tryOffsets() {
  const groupId = "transactional-reader";
  const admin = new Admin(common);
  const committed = async () => {
    const [group] = await admin.listConsumerGroupOffsets({ groups: [groupId] });
    return group?.topics[0]?.partitions[0]?.committedOffset;
  };
  const consumer = newConsumer(groupId);
  const stream = await consumer.consume({ topics: ["transactions"], mode: "earliest", maxWaitTime: 50, autocommit: false });
  const seen = [];
  stream.on("data", (message) => seen.push(message));
  await waitUntil(() => seen.length >= 2, "two records");
  await withTransactions("offsets", async (producer) => {
    for (const [message, commits] of [[seen[0], true], [seen[1], false]]) {
      const transaction = await producer.beginTransaction();
      await transaction.send({ messages: [{ topic: "doubled", partition: 0, value: message.value }] });
      await transaction.addConsumer(consumer);
      await transaction.addOffset(message);
      await (commits ? transaction.commit() : transaction.abort());
    }
  });
  await waitUntil(async () => (await committed()) === seen[0].offset + 1n, "the offset that was committed");
  await consumer.close(true);
  await admin.close();
  await readCommitted("doubled", [seen[0].value.toString()]);
  ok("transactional-offsets", "an offset counts with the records of its transaction, or not at all");
}

export async function tryTransactions() {
  await tryCommitsAndAborts();
  await tryFencing();
  await tryOffsets();
}
