"""Runs one client's program against three brokers while the leader of the partition that it uses is killed and
started again, and judges what it found.

    try_failover.py --client NAME --suite features|runs --broker PROGRAM --tool verdikt --directory SCRATCH
                    --document docs/clients.md -- COMMAND...

client_program.py says how the program talks. The suite "features" is that of try_client.py, by the same program, which
finds more than one address; "runs" are long ones of writes and of transactions, each as long as
VERDIKT_FAILOVER_SECONDS says.

The test passes if the program ends with 0 and spoke of every feature, leaders were killed, every broker ended well in
the end, none logged an error, the replicas are the same byte for byte, and the table in the document says the same.
"""

import argparse
import glob
import os
import re
import sys
import time

import clients_table
import stored_batches
from broker_cluster import BrokerCluster, LeaderKiller
from broker_process import new_folder
from client_program import SKIPPED, ClientProgram
from features import FAILOVER_FEATURES, FEATURES

# Beside the time that each of the two parts of "runs" is given.
PROGRAM_SECONDS = {"features": 240, "runs": 60}
# How long each of those parts writes.
WRITING_SECONDS = float(os.environ.get("VERDIKT_FAILOVER_SECONDS", "6"))
# Whoever leaves or falls silent while its coordinator is dead stays a member for a session of the next coordinator, six
# seconds at least (group.min.session.timeout.ms). Kills that are hardly further apart than that can go on for ever to hit the
# coordinator of the same group, and no rebalance ends: they are closer only while "runs" writes.
APART = (float("inf"), 15)
KILL_PAUSES = {"features": [APART], "runs": [(WRITING_SECONDS, 1.5), APART]}
STOP_SECONDS = 10


class LosingLeaders:
    def __init__(self, cluster, pauses):
        self.cluster = cluster
        self.address = cluster.address
        self.killer = LeaderKiller(cluster, pauses)
        self.spoken_of = []
        self.killer.start()

    def restart(self):
        self.killer.restart_leader()

    def kill(self):
        self.killer.lose(self.killer.topic)

    def use(self, topic, partitions):
        if not topic.startswith("__"):  # Those make themselves.
            self.cluster.create(topic, partitions)
        self.killer.use(topic)

    def lose(self, topic):
        self.killer.lose(topic)

    def check(self, feature):
        """Once all replicas are whole."""
        self.spoken_of.append(feature)
        return []

    def end(self):
        """What is to be said against it."""
        self.killer.end()
        self.cluster.wait_until_whole()
        complaints = self.check_end()
        partitions = {node: user_partitions(member) for node, member in self.cluster.members.items()}
        complaints += check_replicas(partitions)
        data = self.cluster.members[1].data_directory
        for feature in self.spoken_of:
            complaints += stored_batches.complaints_about(data, feature)
        return complaints

    def check_end(self):
        complaints = []
        started = time.monotonic()
        for node, code in self.cluster.stop().items():
            if code != 0:
                complaints.append(f"broker {node} ended with {code} after SIGTERM")
        took = time.monotonic() - started
        print(f"all brokers stopped in {took:.1f} s")
        if took > STOP_SECONDS:
            complaints.append(f"stopping all brokers took {took:.1f} s")
        for node, member in self.cluster.members.items():
            for line in member.log().splitlines():
                if re.search(r" error ", line, re.IGNORECASE):
                    complaints.append(f"broker {node} logged: {line}")
        return complaints


def user_partitions(member):
    """The bytes of each partition that is not deleted, all segments in their order."""
    contents = {}
    for path in sorted(glob.glob(os.path.join(member.data_directory, "[!_]*", "*.log"))):
        partition = os.path.basename(os.path.dirname(path))
        if not re.fullmatch(r".+-\d+", partition):
            continue
        with open(path, "rb") as file:
            contents[partition] = contents.get(partition, b"") + file.read()
    return contents


def check_replicas(partitions):
    """`partitions` are those of each node."""
    complaints = []
    for name in sorted(set().union(*partitions.values())):
        logs = {node: contents.get(name) for node, contents in partitions.items()}
        if len(set(logs.values())) != 1:
            sizes = ", ".join(f"{node}: {'none' if log is None else len(log)}" for node, log in logs.items())
            complaints.append(f"the replicas of {name} differ, bytes by node: {sizes}")
    return complaints


def failover_kills(program, kills):
    """Whether each feature's leaders were killed."""
    return [
        f"no leader of {topic} was killed"
        for feature, (_, topic) in FAILOVER_FEATURES.items()
        if program.found.get(feature, {}).get("kind") == "ok" and topic not in kills
    ]


def judge(brokers, arguments):
    is_long = arguments.suite == "runs"
    program = ClientProgram(brokers, arguments.command, FAILOVER_FEATURES if is_long else FEATURES)
    code = program.run(PROGRAM_SECONDS[arguments.suite] + 2 * WRITING_SECONDS)
    complaints = program.complaints
    kills = brokers.killer.kills
    complaints += brokers.end()
    if code == SKIPPED:
        return SKIPPED
    if is_long:
        complaints += failover_kills(program, kills)
    if not complaints:
        results = os.path.dirname(arguments.directory)
        clients_table.save_result(results, f"{arguments.suite}-{arguments.client}", program.version, program.found)
        complaints += clients_table.differences_under_kills(
            arguments.document, arguments.suite, arguments.client, program.found
        )
    for complaint in complaints:
        print("FAILED:", complaint)
    print(f"{arguments.client} {program.version}: {len(kills)} leaders were killed, of {len(set(kills))} topics")
    return 1 if complaints else 0


def main():
    parser = argparse.ArgumentParser()
    for name in ("client", "suite", "broker", "tool", "directory", "document"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("command", nargs="+")
    arguments = parser.parse_args()
    new_folder(arguments.directory)
    cluster = BrokerCluster(arguments.broker, arguments.tool, arguments.directory)
    try:
        cluster.start()
        brokers = LosingLeaders(cluster, KILL_PAUSES[arguments.suite])
        try:
            return judge(brokers, arguments)
        finally:
            brokers.killer.leaving.set()
            brokers.killer.join()
    finally:
        cluster.kill_all()


if __name__ == "__main__":
    sys.exit(main())
