// How a client's program talks to the test (client_program.py), and what the node programs send.

import assert from "node:assert/strict";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { inspect, isDeepStrictEqual } from "node:util";

export const address = process.argv.at(-1);
export const brokers = address.split(",");
export const nodes = brokers.map((_, index) => index + 1);
// There is one broker, which only goes where `ask` says so, or there are three and whoever leads is killed.
export const leadersDie = brokers.length > 1;
// Whoever leaves while its coordinator is dead is waited for, a whole session again at each new coordinator.
const patienceMs = leadersDie ? 90_000 : 30_000;

export function say(line) {
  console.log(line);
}

export function ok(feature, text) {
  say(`ok ${feature}: ${text}`);
}

export function unsupported(feature, text) {
  say(`unsupported ${feature}: ${text}`);
}

// It has it, but not where leaders are lost.
export function givesUp(feature, text) {
  say(`gives-up ${feature}: ${text}`);
}

const answers = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

export async function ask(request) {
  say(request);
  const answer = await answers.next();
  assert.equal(answer.value, "done");
}

// The topic whose leader may be killed from now on. There, it is made; at a single broker the client makes it.
export async function use(topic, partitions = 1) {
  await ask(`use ${topic} ${partitions}`);
}

// Where leaders die, the leader of this topic is dead now.
export async function lose(topic) {
  await ask(`lose ${topic}`);
}

// Where leaders die, calls again as long as the client tells of what may pass; everywhere else, just once. A call whose
// answer was lost may have had its effect: `isDone` knows the error of asking for that again.
export async function insistOn(call, mayPass, isDone = () => false) {
  const deadline = Date.now() + patienceMs;
  for (let isInDoubt = false; ; isInDoubt = true) {
    try {
      return await call();
    } catch (failure) {
      if (isInDoubt && isDone(failure)) return undefined;
      if (!leadersDie || !mayPass(failure) || Date.now() > deadline) throw failure;
      await sleep(100);
    }
  }
}

// At once of one broker; of three, each follows what the controller did in its own time.
export async function expectSoon(probe, wanted, what) {
  const deadline = Date.now() + (leadersDie ? patienceMs : 0);
  let found = await probe();
  while (!isDeepStrictEqual(found, wanted) && Date.now() < deadline) {
    await sleep(50);
    found = await probe();
  }
  expect(found, wanted, what);
}

// Whether a partition is on all nodes: at one broker led by it, at three by one that is in sync, whoever that is.
export function hasNodes({ leader, replicas, isr }) {
  const isOnAll = isDeepStrictEqual([...replicas].sort(), nodes);
  return isOnAll && isr.includes(leader) && isr.every((each) => nodes.includes(each));
}

// Of what was sent with acks 0 or 1: all, as long as no leader dies, or else what the leaders did not take with them,
// some of it twice.
export function expectWhatIsLeft(received, sent, what) {
  if (!leadersDie) expect(received, sent, what);
  const foreign = received.filter((each) => !sent.some((one) => isDeepStrictEqual(one, each)));
  expect(foreign, [], `${what}: what was never sent`);
}

export function expect(actual, wanted, what) {
  try {
    assert.deepStrictEqual(actual, wanted);
  } catch (difference) {
    throw new Error(`${what}: ${difference.message}`);
  }
}

// Waits for what the cluster does in its own time; never repeats a request that failed.
export async function waitUntil(condition, what) {
  const deadline = Date.now() + patienceMs;
  while (!(await condition())) {
    assert.ok(Date.now() < deadline, `not within ${patienceMs} ms: ${what}`);
    await sleep(20);
  }
}

export function range(count) {
  return [...Array(count).keys()];
}

function sampleHeaders(number) {
  if (number % 3 === 0) return [];
  if (number % 3 === 1) return [["trace", Buffer.from(`${number}`)]];
  return [
    ["empty", Buffer.alloc(0)],
    ["\u00fcber", Buffer.from(range(256))],
  ];
}

function sampleKey(number) {
  if (number % 10 === 3) return null;
  return number % 10 === 4 ? Buffer.alloc(0) : Buffer.from(`key-${number}`);
}

function sampleValue(number) {
  if (number % 10 === 5) return null;
  return number % 10 === 6 ? Buffer.alloc(0) : Buffer.from(`value ${number} `.repeat(1 + (number % 50)));
}

// Every kind of key, value and header there is, some values long and compressible. The times lie an hour back, so
// that they are not the broker's own.
export function sampleRecords(count = 120) {
  const hourAgo = Math.floor(Date.now() / 1000 - 3600) * 1000;
  return range(count).map((number) => ({
    key: sampleKey(number),
    value: sampleValue(number),
    headers: sampleHeaders(number),
    timestamp: hourAgo + number * 7,
  }));
}

// The end of every program: what is still open must not keep it from ending.
export async function runProgram(main) {
  try {
    await main();
    process.exit(0);
  } catch (failure) {
    console.error(inspect(failure, { depth: 6 }));
    process.exit(1);
  }
}
