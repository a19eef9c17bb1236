"""Three broker processes that are controllers too, and somebody who kills whichever leads a partition."""

import os
import re
import socket
import subprocess
import threading
import time

from broker_process import BrokerProcess

NODES = (1, 2, 3)
TOOL_SECONDS = 60
READY_SECONDS = 60
WHOLE_SECONDS = 60
DOWN_SECONDS = 0.5


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

    def create(self, topic):
        """With one partition and three replicas. Waits for the brokers to find each other."""
        deadline = time.monotonic() + READY_SECONDS
        while True:
            ended = self.tool("topics", "--create", "--topic", topic, "--partitions", "1", "--replication-factor", "3")
            if ended.returncode == 0:
                return
            if time.monotonic() > deadline:
                raise RuntimeError(f"topic {topic} cannot be created: {ended.stderr}")
            time.sleep(0.2)

    def partition(self, topic):
        """Leader and in-sync replicas of its partition 0; the leader may be nobody for a moment."""
        described = self.tool("topics", "--describe", "--topic", topic)
        found = re.search(r"Partition: 0\tLeader: (\S+)\t.*\bIsr: ([\d,]*)", described.stdout)
        if not found:
            return None, []
        leader = int(found[1]) if found[1].isdigit() else None
        return leader, [int(node) for node in found[2].split(",") if node]

    def wait_until_whole(self, topic):
        """All replicas are in sync, so that the next kill finds somebody to take over."""
        deadline = time.monotonic() + WHOLE_SECONDS
        while sorted(self.partition(topic)[1]) != list(NODES):
            if time.monotonic() > deadline:
                raise RuntimeError(f"the replicas of {topic} are not in sync within {WHOLE_SECONDS} s")
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
    """Every few seconds, once all replicas are in sync, ends the leader of the tested partition by SIGKILL and starts
    it again."""

    def __init__(self, cluster, seconds):
        super().__init__(daemon=True)
        self.cluster, self.seconds = cluster, seconds
        self.topic = None
        self.kills = []
        self.failure = None
        self.leaving = threading.Event()

    def run(self):
        try:
            while not self.leaving.wait(self.seconds):
                if self.topic:
                    self.kill_leader(self.topic)
        except Exception as failure:  # Told by `end`, in the main thread.
            self.failure = failure

    def kill_leader(self, topic):
        self.cluster.wait_until_whole(topic)
        leader, _ = self.cluster.partition(topic)
        if leader is None:
            return
        victim = self.cluster.members[leader]
        victim.kill()
        self.kills.append((topic, leader))
        time.sleep(DOWN_SECONDS)
        victim.start()

    def end(self):
        self.leaving.set()
        self.join()
        if self.failure:
            raise self.failure
