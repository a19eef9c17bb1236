"""Three broker processes that are controllers too, and somebody who kills whichever leads a partition."""

import os
import random
import re
import socket
import subprocess
import threading
import time

from broker_process import BrokerProcess

NODES = (1, 2, 3)
METADATA_LOG = "__cluster_metadata"
TOOL_SECONDS = 60
READY_SECONDS = 60
WHOLE_SECONDS = 60
DOWN_SECONDS = 0.5
SOON_SECONDS = 0.3


def free_port(host):
    with socket.socket() as door:
        door.bind((host, 0))
        return door.getsockname()[1]


class Member(BrokerProcess):
    def __init__(self, program, directory, node):
        os.makedirs(directory)
        super().__init__(program, directory)
        self.port, self.controller_port = free_port(self.host), free_port(self.host)
        self.more = {"node.id": str(node), "cluster.id": "AAAAAAAAAAAAAAAAAAAAAw"}

    def know(self, members):
        """Default settings, but for what a cluster must be told."""
        self.more |= {
            "listeners": f"PLAINTEXT://{self.host}:{self.port},CONTROLLER://{self.host}:{self.controller_port}",
            "controller.quorum.voters": ",".join(
                f"{node}@{each.host}:{each.controller_port}" for node, each in members.items()
            ),
            "default.replication.factor": "3",
            "min.insync.replicas": "2",
        }

    def settings(self):
        return {**super().settings(), **self.more}


class BrokerCluster:
    def __init__(self, program, tool, directory):
        self.tool_program = tool
        self.members = {node: Member(program, os.path.join(directory, f"node-{node}"), node) for node in NODES}
        for each in self.members.values():
            each.know(self.members)

    @property
    def address(self):
        return ",".join(each.address for each in self.members.values())

    def start(self):
        for each in self.members.values():
            each.launch()
        for each in self.members.values():
            each.wait_until_listening()

    def tool(self, *words):
        return subprocess.run(
            [self.tool_program, *words, "--bootstrap-server", self.address],
            capture_output=True, text=True, timeout=TOOL_SECONDS, check=False,
        )  # fmt: skip

    def create(self, topic, partitions=1):
        """With three replicas, unless it is there. Waits for the brokers to find each other."""
        deadline = time.monotonic() + READY_SECONDS
        while True:
            ended = self.tool("topics", "--create", "--if-not-exists", "--topic", topic,
                              "--partitions", str(partitions), "--replication-factor", "3")  # fmt: skip
            if ended.returncode == 0:
                return
            if time.monotonic() > deadline:
                raise RuntimeError(f"topic {topic} cannot be created: {ended.stderr}")
            time.sleep(0.2)

    def leader(self, topic):
        """Of its partition 0; None if there is nobody, or no such topic. Of the metadata log, the controller."""
        if topic == METADATA_LOG:
            described = self.tool("metadata-quorum", "describe", "--status")
            found = re.search(r"^LeaderId:\s*(\d+)", described.stdout, re.MULTILINE)
            return int(found[1]) if found else None
        described = self.tool("topics", "--describe", "--topic", topic)
        found = re.search(r"Partition: 0\tLeader: (\d+)", described.stdout)
        return int(found[1]) if found else None

    def wait_until_whole(self):
        """All replicas of all partitions are in sync, so that the next kill finds somebody to take over."""
        deadline = time.monotonic() + WHOLE_SECONDS
        while True:
            described = self.tool("topics", "--describe", "--under-replicated-partitions")
            if described.returncode == 0 and "Partition:" not in described.stdout:
                return
            if time.monotonic() > deadline:
                raise RuntimeError(f"not in sync within {WHOLE_SECONDS} s: {described.stdout}{described.stderr}")
            time.sleep(0.1)

    def stop(self):
        """All at once, as an operator takes a cluster down. Returns how each ended."""
        for each in self.members.values():
            each.process.terminate()
        return {node: each.process.wait(60) for node, each in self.members.items()}

    def kill_all(self):
        for each in self.members.values():
            if each.process and each.process.poll() is None:
                each.kill()


class LeaderKiller(threading.Thread):
    """Ends the leader of the partition in use by SIGKILL and starts it again: soon after `use`, during `lose`, and from
    then on every few seconds, each time once all replicas are in sync. Where the topic has no leader, any broker.

    `pauses` is a list of (until, seconds): from `use` on, kills are so many seconds apart until so many have gone by."""

    def __init__(self, cluster, pauses):
        super().__init__(daemon=True)
        self.cluster, self.pauses = cluster, pauses
        self.used_at = time.monotonic()
        self.topic = None
        self.kills = []
        self.failure = None
        self.leaving = threading.Event()
        self.is_due = threading.Event()
        # Held while the brokers are not all there, but for the time that `lose` has left one dead.
        self.turn = threading.Lock()
        self.dead = None

    def use(self, topic):
        """Returns with all brokers there. The leader of this topic is killed a moment later."""
        with self.turn:
            self.revive()
            self.cluster.wait_until_whole()
            self.topic = topic
            self.used_at = time.monotonic()
        self.is_due.set()

    def lose(self, topic):
        """Returns with the leader of this topic dead."""
        with self.turn:
            self.revive()
            self.topic = topic
            self.kill_leader()
        self.is_due.set()

    def run(self):
        try:
            while not self.leaving.is_set():
                if self.is_due.wait(self.pause()):
                    self.is_due.clear()
                    time.sleep(random.uniform(0, SOON_SECONDS))
                if self.topic:
                    self.take_turn()
        except Exception as failure:  # Told by `end`, in the main thread.
            self.failure = failure

    def pause(self):
        used_for = time.monotonic() - self.used_at
        return next(seconds for until, seconds in self.pauses if used_for < until)

    def take_turn(self):
        with self.turn:
            if not self.dead:
                self.kill_leader()
            time.sleep(DOWN_SECONDS)
            self.revive()

    def kill_leader(self):
        self.cluster.wait_until_whole()
        leader = self.cluster.leader(self.topic)
        self.dead = self.cluster.members[leader or random.choice(NODES)]
        self.dead.kill()
        self.kills.append(self.topic if leader else None)

    def revive(self):
        if self.dead:
            self.dead.start()
        self.dead = None

    def restart_leader(self):
        """As an operator does it."""
        with self.turn:
            self.revive()
            self.cluster.wait_until_whole()
            member = self.cluster.members[self.cluster.leader(self.topic) or NODES[0]]
            member.stop()
            member.start()

    def end(self):
        self.leaving.set()
        self.join()
        if self.failure:
            raise self.failure
