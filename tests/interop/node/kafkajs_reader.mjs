// Reads a topic's one partition with kafkajs, which filters aborted records as it must: @platformatic/kafka does not.

import { setTimeout as sleep } from "node:timers/promises";

import kafkajs from "kafkajs";

import { brokers, insistOn, leadersDie, waitUntil } from "./conversation.mjs";

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

const patienceWithConsumerMs = 20_000;
const livesOfReader = 3;

// The messages of a topic's one partition from its beginning, until there are enough, and `longerMs` more. Where leaders
// die, a consumer that has long been silent is given up for a new one, as its user would have to: when the broker that
// coordinates its group dies in the moment in which it has joined, kafkajs 2.2.4 at times tells nothing more, neither
// record nor error.
export async function readUntil(isEnough, { by, topic, what, longerMs = 0 }) {
  for (let life = 1; ; ++life) {
    const consumer = by.consumer({ groupId: `reader-of-${topic}-${life}-${Date.now()}`, maxWaitTimeInMs: 50 });
    await insistOn(() => consumer.connect(), mayPass);
    await insistOn(() => consumer.subscribe({ topic, fromBeginning: true }), mayPass);
    const found = [];
    let heard = Date.now();
    await consumer.run({
      autoCommit: false,
      eachMessage: async ({ message }) => {
        found.push(message);
        heard = Date.now();
      },
    });
    const isGivenUp = () => leadersDie && life < livesOfReader && Date.now() - heard > patienceWithConsumerMs;
    await waitUntil(() => isEnough(found) || isGivenUp(), what);
    if (isEnough(found)) {
      await sleep(longerMs);
      await consumer.disconnect();
      return found;
    }
    consumer.disconnect().catch(() => {});
  }
}

// Its committed values, up to this last one.
export async function readCommitted(topic, last) {
  const isLast = (messages) => messages.at(-1)?.value.toString() === last;
  const found = await readUntil(isLast, { by: kafka, topic, what: `${last} in ${topic}` });
  return found.map((message) => message.value.toString());
}
