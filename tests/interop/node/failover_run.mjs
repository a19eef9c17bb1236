// What the node programs share that run while leaders are killed: how long, and how often.

import { setTimeout as sleep } from "node:timers/promises";

import { expect, range } from "./conversation.mjs";

export const seconds = Number(process.env.VERDIKT_FAILOVER_SECONDS ?? 6);
export const written = "written";
export const transactions = "transactions";
export const groupName = "failover-group";
export const transactionalGroup = "transactional-reader";
const paceMs = 10;

// Counts from 0 on, at a steady pace, until the time is up.
export async function* untilTimeIsUp() {
  const end = Date.now() + seconds * 1000;
  for (let number = 0; Date.now() < end; ++number) {
    yield number;
    await sleep(paceMs);
  }
}

// Calls until it succeeds, for what a client leaves to its user to repeat. Tells how often it did not.
export async function insist(call, patienceMs = 60_000) {
  const end = Date.now() + patienceMs;
  for (let failures = 0; ; ++failures) {
    try {
      await call();
      return failures;
    } catch (failure) {
      if (Date.now() > end) throw failure;
      await sleep(100);
    }
  }
}

const recordsEach = 5;

export function valuesOf(number) {
  return range(recordsEach).map((each) => `${number}-${each}`);
}

// Numbered transactions, each with its `valuesOf`, of a client that lets its user repeat nothing: one that failed can only
// be given up, its fate unknown if its commit was asked for, and a new producer of the same id goes on. The broker ends
// what the one before left open.
//   `numbers`: those of the transactions, to be iterated over
//   `open()`: a new producer                  `close(producer)`
//   `act(producer, number, isAsked)`: writes, calls isAsked, and commits, or else aborts and returns "aborted"
//   `read(last)`: the committed values up to this last one
// Each must be there whole or not at all, in order; those that are committed must be there.
export async function runTransactions(numbers, { open, close, act, read }) {
  let producer = await open();
  const fates = [];
  const transact = async (number, aborts) => {
    let fate = "given up";
    try {
      await act(producer, number, aborts, () => (fate = "unknown"));
      return aborts ? "aborted" : "committed";
    } catch {
      await close(producer);
      producer = await open();
      return fate;
    }
  };
  for await (const number of numbers) fates.push(await transact(number, number % 3 === 1));
  // Its first record waits until the last of those before has ended.
  let last = fates.length;
  while ((fates[last] = await transact(last, false)) !== "committed") ++last;
  await close(producer);
  const found = await read(valuesOf(last).at(-1));
  const isThere = (number) => fates[number] === "committed" || (fates[number] === "unknown" && found.includes(`${number}-0`));
  const wanted = range(last + 1).filter(isThere).flatMap(valuesOf);
  expect(found, wanted, "committed records");
  const count = (fate) => fates.filter((each) => each === fate).length;
  return {
    last,
    text: `${count("committed")} committed, ${count("given up")} given up, ${count("unknown")} of unknown fate`,
  };
}
