// What the programs of @platformatic/kafka share.

import { Consumer } from "@platformatic/kafka";

import { brokers, insistOn, leadersDie, waitUntil } from "./conversation.mjs";

const patient = { retries: 400, retryDelay: 50, timeout: 5000, metadataMaxAge: 300 };
export const common = {
  clientId: "platformatic",
  bootstrapBrokers: brokers,
  autocreateTopics: true,
  ...(leadersDie ? patient : {}),
};
// Without an identity of its own choosing it claims to be producer 0 of epoch 0, which is fenced wherever the id is known.
export const nobody = { producerId: -1n, producerEpoch: -1 };

// Whether an error passes by itself: as the client judges it for its own retries.
export function mayPass(failure) {
  return failure.findBy?.("canRetry", false) === null;
}

// Whether an error is, or was caused by, this one of Kafka's.
export function hasCode(apiId) {
  return (failure) => Boolean(failure.findBy?.("apiId", apiId));
}

// The stream of a consumer. It asks for offsets again and again, but asks the leader that it knows, and where that is gone
// ends with an error that its user must take: then `tellEnd` is called with it.
export async function startStream(consumer, what, take, tellEnd) {
  const stream = await insistOn(() => consumer.consume({ ...what, maxWaitTime: 50, autocommit: false }), mayPass);
  stream.on("data", take);
  stream.on("error", (failure) => {
    if (!leadersDie || !mayPass(failure)) throw failure;
    tellEnd();
  });
}

// All messages of a topic, from its beginning, until `areAll`, and as much longer as it takes to see one too many.
export async function readMessages(settings, topic, areAll, longerMs = 0) {
  for (;;) {
    const consumer = new Consumer({ ...common, ...settings });
    const found = [];
    let isEnded = false;
    const what = { topics: [topic], mode: "earliest" };
    await startStream(consumer, what, (message) => found.push(message), () => (isEnded = true));
    await waitUntil(() => isEnded || areAll(found), `all records of ${topic}`);
    await new Promise((done) => setTimeout(done, longerMs));
    await closeConsumer(consumer);
    if (!isEnded) return found;
  }
}

// Also where its coordinator is gone, and cannot be told that it leaves.
export async function closeConsumer(consumer) {
  try {
    await consumer.close(true);
  } catch (failure) {
    if (!leadersDie || !mayPass(failure)) throw failure;
  }
}
