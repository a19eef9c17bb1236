// What the node programs share that run while leaders are killed: how long, and how often.

import { setTimeout as sleep } from "node:timers/promises";

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
