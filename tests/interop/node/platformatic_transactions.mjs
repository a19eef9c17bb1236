// Transactions with @platformatic/kafka: what a reader of committed records sees, fencing, and offsets.

import { Admin, Consumer, FetchIsolationLevels, Producer } from "@platformatic/kafka";

import { expect, givesUp, leadersDie, ok, range, use, waitUntil } from "./conversation.mjs";
import { runTransactions, valuesOf } from "./failover_run.mjs";
import { readCommitted as readWithKafkajs } from "./kafkajs_reader.mjs";
import { common, nobody, readMessages, startStream } from "./platformatic_settings.mjs";

const transactions = 8;
const records = 10;

async function withTransactions(transactionalId, use) {
  const producer = new Producer({ ...common, ...nobody, transactionalId, idempotent: true });
  try {
    return await use(producer);
  } finally {
    await producer.close();
  }
}

const committed = { isolationLevel: FetchIsolationLevels.READ_COMMITTED };

async function readCommitted(topic, wanted) {
  const settings = { ...committed, groupId: `reader-of-${topic}-${wanted.length}` };
  const found = await readMessages(settings, topic, (messages) => messages.length >= wanted.length, 500);
  expect(
    found.map((message) => message.value.toString()),
    wanted,
    `committed records of ${topic}`,
  );
}

async function write(transaction, topic, name) {
  const values = range(records).map((number) => `${name}-${number}`);
  await transaction.send({ messages: values.map((value) => ({ topic, partition: 0, value: Buffer.from(value) })) });
  return values;
}

// Its own consumer lets aborted records through, as said below.
async function tryWhileLeadersDie() {
  const settings = { ...common, ...nobody, transactionalId: "commits-and-aborts", idempotent: true, retries: 20 };
  const { text } = await runTransactions(range(transactions), {
    open: async () => new Producer(settings),
    close: (producer) => producer.close(true).catch(() => {}),
    act: async (producer, number, aborts, isAsked) => {
      const transaction = await producer.beginTransaction();
      const messages = valuesOf(number).map((value) => ({ topic: "transactions", partition: 0, value: Buffer.from(value) }));
      await transaction.send({ messages });
      if (aborts) return transaction.abort();
      isAsked();
      return transaction.commit();
    },
    read: (last) => readWithKafkajs("transactions", last),
  });
  ok("transactions", text);
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
  const committedOffset = async () => {
    const [group] = await admin.listConsumerGroupOffsets({ groups: [groupId] });
    return group?.topics[0]?.partitions[0]?.committedOffset;
  };
  const consumer = new Consumer({ ...common, ...committed, groupId });
  const seen = [];
  const what = { topics: ["transactions"], mode: "earliest" };
  await startStream(consumer, what, (message) => seen.push(message), () => expect(false, true, "whether it goes on"));
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
  await waitUntil(async () => (await committedOffset()) === seen[0].offset + 1n, "the offset that was committed");
  await consumer.close(true);
  await admin.close();
  await readCommitted("doubled", [seen[0].value.toString()]);
  ok("transactional-offsets", "an offset counts with the records of its transaction, or not at all");
}

export async function tryTransactions() {
  await use("transactions");
  await (leadersDie ? tryWhileLeadersDie() : tryCommitsAndAborts());
  await use("fencing");
  await tryFencing();
  if (!leadersDie) return tryOffsets();
  // Each message carries the coordinator and the generation of its group from when it was read, and its offset is sent
  // there, again and again: what was read before the coordinator moved cannot be committed any more.
  givesUp("transactional-offsets", "TxnOffsetCommit is sent to the coordinator that the message was read under");
}
