// A group of three members: they share six partitions, one leaves, the other two take over, and nobody is given a
// record twice or never; where leaders die, a record whose commit was lost comes again. A member has `received` (values as text), `owned` (a Set of partitions), `join` and `leave`.

import { expect, leadersDie, range, waitUntil } from "./conversation.mjs";

export const partitions = 6;
const round = 60;

function ownAll(members, each) {
  const all = new Set(members.flatMap((member) => [...member.owned]));
  return all.size === partitions && members.every((member) => member.owned.size === each);
}

function allReceived(members) {
  const all = members.flatMap((member) => member.received);
  return leadersDie ? [...new Set(all)] : all;
}

// `produce(values)` spreads the values over all partitions. Returns with all members gone.
export async function runGroup(members, produce) {
  await Promise.all(members.map((member) => member.join()));
  await waitUntil(() => ownAll(members, 2), "three members own two partitions each");
  const first = range(round).map((number) => `first-${number}`);
  await produce(first);
  await waitUntil(() => allReceived(members).length >= round, "the first round is received");
  expect(
    members.map((member) => member.received.length > 0),
    [true, true, true],
    "every member received something",
  );

  await members[2].leave();
  await waitUntil(() => ownAll(members.slice(0, 2), 3), "two members own three partitions each");
  const second = range(round).map((number) => `second-${number}`);
  await produce(second);
  await waitUntil(() => allReceived(members).length >= 2 * round, "the second round is received");
  await Promise.all(members.slice(0, 2).map((member) => member.leave()));
  expect(allReceived(members).sort(), [...first, ...second].sort(), "each record once");
  const often = leadersDie ? "at least once" : "once";
  return `3 members with 2 of ${partitions} partitions each, then 2 with 3; ${2 * round} records, each received ${often}`;
}
