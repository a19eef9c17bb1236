// Reads a topic's one partition with kafkajs, which filters aborted records as it must: @platformatic/kafka does not.

import kafkajs from "kafkajs";

import { address, waitUntil } from "./conversation.mjs";

export const patient = { initialRetryTime: 50, maxRetryTime: 500, retries: 60 };
export const kafka = new kafkajs.Kafka({
  clientId: "kafkajs",
  brokers: address.split(","),
  logLevel: kafkajs.logLevel.NOTHING,
  retry: patient,
});

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
