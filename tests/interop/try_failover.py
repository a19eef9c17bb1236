"""Runs one client's program against three brokers while the leader of the partition that it uses is killed and
started again, and judges what it found.

    try_failover.py --client NAME --broker PROGRAM --tool verdikt --directory SCRATCH --document docs/clients.md
                    -- COMMAND...

The program gets the brokers' addresses as its last argument, and its feature's time from VERDIKT_FAILOVER_SECONDS. It
talks in lines on its standard output, as in try_client.py, and with one more:

    gives-up FEATURE: TEXT  the client has it, but not where leaders are lost; TEXT says why
    use TOPIC               the leader of this topic's one partition is the one to kill from now on

Topics named `written`, `transactions` and `doubled` exist, with three replicas.

The test passes if the program ends with 0 and spoke of every feature, leaders were killed, every broker ended well in
the end, none logged an error, the replicas are the same byte for byte, and the table in the document says the same.
"""

import argparse
import glob
import os
import re
import shutil
import subprocess
import sys
import threading
import time

import clients_table
from broker_cluster import BrokerCluster, LeaderKiller
from features import FAILOVER_FEATURES

SKIPPED = 77
# Beside the time that each of its two parts is given.
PROGRAM_SECONDS = 60
KILL_SECONDS = 1.5
TOPICS = ("written", "transactions", "doubled")
STOP_SECONDS = 10


class Conversation:
    def __init__(self, cluster, killer, command):
        self.killer = killer
        self.found = {}
        self.version = ""
        self.complaints = []
        self.process = subprocess.Popen([*command, cluster.address], stdout=subprocess.PIPE, text=True)

    def run(self):
        parts = 2 * float(os.environ.get("VERDIKT_FAILOVER_SECONDS", "6"))
        alarm = threading.Timer(PROGRAM_SECONDS + parts, self.process.kill)
        alarm.start()
        started = time.monotonic()
        for line in self.process.stdout:
            print(f"{time.monotonic() - started:6.2f} {line.rstrip()}", flush=True)
            self.hear(line.rstrip("\n"))
        code = self.process.wait()
        alarm.cancel()
        if code not in (0, SKIPPED):
            self.complaints.append(f"the client's program ended with {code}")
        return code

    def hear(self, line):
        if line.startswith("version "):
            self.version = line.removeprefix("version ")
        elif line.startswith("use "):
            self.killer.topic = line.removeprefix("use ")
        elif heard := re.fullmatch(r"(ok|unsupported|gives-up) ([a-z0-9-]+): (.+)", line):
            self.note(*heard.groups())

    def note(self, kind, feature, text):
        if feature not in FAILOVER_FEATURES:
            self.complaints.append(f"no such feature: {feature}")
        self.found[feature] = {"kind": kind, "text": text}


def log_of(member, topic):
    """The bytes of the topic's partition 0, all segments in their order."""
    content = b""
    for path in sorted(glob.glob(os.path.join(member.data_directory, f"{topic}-0", "*.log"))):
        with open(path, "rb") as file:
            content += file.read()
    return content


def check_replicas(cluster):
    complaints = []
    for topic in TOPICS:
        logs = {node: log_of(member, topic) for node, member in cluster.members.items()}
        if len(set(logs.values())) != 1:
            sizes = ", ".join(f"{node}: {len(log)} bytes" for node, log in logs.items())
            complaints.append(f"the replicas of {topic} differ: {sizes}")
    return complaints


def check_brokers(cluster):
    complaints = []
    started = time.monotonic()
    for node, code in cluster.stop().items():
        if code != 0:
            complaints.append(f"broker {node} ended with {code} after SIGTERM")
    took = time.monotonic() - started
    print(f"all brokers stopped in {took:.1f} s")
    if took > STOP_SECONDS:
        complaints.append(f"stopping all brokers took {took:.1f} s")
    for node, member in cluster.members.items():
        for line in member.log().splitlines():
            if re.search(r" error ", line, re.IGNORECASE):
                complaints.append(f"broker {node} logged: {line}")
    return complaints


def judge(cluster, killer, arguments):
    for topic in TOPICS:
        cluster.create(topic)
    killer.start()
    conversation = Conversation(cluster, killer, arguments.command)
    code = conversation.run()
    killer.end()
    if code == SKIPPED:
        return SKIPPED
    complaints = conversation.complaints
    for topic in TOPICS:
        cluster.wait_until_whole(topic)
    complaints += check_brokers(cluster) + check_replicas(cluster)
    complaints += [f"nothing was said of {each}" for each in FAILOVER_FEATURES if each not in conversation.found]
    killed = {topic for topic, _ in killer.kills}
    for feature, (_, topic) in FAILOVER_FEATURES.items():
        if conversation.found.get(feature, {}).get("kind") == "ok" and topic not in killed:
            complaints.append(f"no leader of {topic} was killed")
    if not complaints:
        results = os.path.dirname(arguments.directory)
        clients_table.save_result(results, f"failover-{arguments.client}", conversation.version, conversation.found)
        complaints += clients_table.failover_differences(arguments.document, arguments.client, conversation.found)
    for complaint in complaints:
        print("FAILED:", complaint)
    print(f"{arguments.client} {conversation.version}: {len(killer.kills)} leaders were killed")
    return 1 if complaints else 0


def main():
    parser = argparse.ArgumentParser()
    for name in ("client", "broker", "tool", "directory", "document"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("command", nargs="+")
    arguments = parser.parse_args()
    shutil.rmtree(arguments.directory, ignore_errors=True)
    os.makedirs(arguments.directory)
    cluster = BrokerCluster(arguments.broker, arguments.tool, arguments.directory)
    killer = LeaderKiller(cluster, KILL_SECONDS)
    try:
        cluster.start()
        return judge(cluster, killer, arguments)
    finally:
        killer.leaving.set()
        if killer.is_alive():
            killer.join()
        cluster.kill_all()


if __name__ == "__main__":
    sys.exit(main())
