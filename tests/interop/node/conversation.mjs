// How a client's program talks to try_client.py, and what the node programs send.

import assert from "node:assert/strict";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";

export const address = process.argv.at(-1);
const patienceMs = 30_000;

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
    console.error(failure);
    process.exit(1);
  }
}
