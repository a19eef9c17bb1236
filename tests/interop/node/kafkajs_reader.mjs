// Reads a topic's one partition with kafkajs, which filters aborted records as it must: @platformatic/kafka does not.

import kafkajs from "kafkajs";

import { brokers, waitUntil } from "./conversation.mjs";

export const patient = { initialRetryTime: 50, maxRetryTime: 500, retries: 60 };
export const kafka = new kafkajs.Kafka({
  clientId: "kafkajs",
  brokers,
  logLevel: kafkajs.logLevel.NOTHING,
  retry: patient,
});

// Whether an error passes by itself, as kafkajs marks it, at its root.
export function mayPass(failure) {
  return failure.cause ? mayPass(failure.cause) : failure.retriable === true;
}

// Its committed values, up to this last one.
export async function readCommitted(topic, last) {
  const consumer = kafka.consumer({ groupId: `reader-of-${topic}`, maxWaitTimeInMs: 50, retry: patient });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  const found = [];
  await consumer.run({ autoCommit: false, eachMessage: async ({ message }) => void found.push(message.value.toString()) });
  await waitUntil(() => found.at(-1) === last, `${last} in ${topic}, of which ${found.length} records were read`);
  await consumer.disconnect();
  return found;
}
