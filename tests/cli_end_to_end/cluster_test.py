"""A local cluster of three processes, and the tools that show and change a cluster."""

import json
import os
import signal
import sys
import tempfile
import time
import unittest

from programs import PATIENCE, run_tool
from cluster_process import LocalCluster, is_running


def wait_until(condition, what):
    until = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > until:
            raise AssertionError("never: " + what)
        time.sleep(0.1)


class WithCluster(unittest.TestCase):
    cluster = None

    def ok(self, *words, given=""):
        ended = self.cluster.tool(*words, given=given)
        self.assertEqual(ended.code, 0, f"{words}: {ended}\n{self.cluster.said()}")
        return ended

    def produce(self, topic, lines):
        self.ok("console-producer", "--topic", topic, given="\n".join(lines) + "\n")

    def consume(self, topic, count):
        return self.ok("console-consumer", "--topic", topic, "--from-beginning",
                       "--max-messages", str(count), "--timeout-ms", "30000").lines

    def partitions_of(self, topic, *words):
        described = self.ok("topics", "--describe", "--topic", topic, *words).lines
        return [dict(cell.split(": ", 1) if ": " in cell else (cell.rstrip(":"), "")
                     for cell in line.strip().split("\t"))
                for line in described if line.startswith("\t")]


class Life(WithCluster):
    def test_a_cluster_serves_loses_a_node_serves_on_and_leaves_nothing_behind(self):
        self.cluster = LocalCluster()
        self.addCleanup(self.cluster.close)
        self.assertEqual(len(self.cluster.addresses.split(",")), 3)
        folder = os.path.dirname(self.cluster.folder_of(1))
        nodes = self.cluster.nodes()
        self.assertEqual(sorted(nodes), [1, 2, 3])
        self.ok("topics", "--create", "--topic", "t", "--partitions", "3",
                "--replication-factor", "3")
        before = [f"before {n}" for n in range(100)]
        self.produce("t", before)
        self.assertCountEqual(self.consume("t", 100), before)

        lost = self.cluster.controller()
        os.kill(nodes[lost], signal.SIGKILL)
        self.cluster.wait_for(rf"^node {lost} ended by signal 9 \(Killed\); its log: /", "err")
        after = [f"after {n}" for n in range(100)]
        self.produce("t", after)
        self.assertCountEqual(self.consume("t", 200), before + after)
        self.cluster.wait_for("^health: controller .*, 2 of 3 brokers active")
        behind = self.partitions_of("t", "--under-replicated-partitions")
        self.assertEqual(len(behind), 3, behind)
        self.assertTrue(all(str(lost) not in each["Isr"].split(",") for each in behind), behind)

        self.assertEqual(self.cluster.stop(signal.SIGINT), 0, self.cluster.said())
        self.assertFalse(any(is_running(each) for each in nodes.values()))
        self.assertFalse(os.path.exists(folder), folder)

    def test_a_folder_that_is_named_is_kept_and_used_again(self):
        with tempfile.TemporaryDirectory(prefix="verdikt-cluster-test-") as folder:
            self.cluster = LocalCluster("--dir", folder)
            self.addCleanup(self.cluster.close)
            self.ok("topics", "--create", "--topic", "kept")
            self.produce("kept", ["still here"])
            name = self.ok("cluster", "cluster-id").out
            self.assertEqual(self.cluster.stop(), 0, self.cluster.said())
            self.cluster.close()
            self.cluster = LocalCluster("--dir", folder)
            self.addCleanup(self.cluster.close)
            self.assertEqual(self.consume("kept", 1), ["still here"])
            self.assertEqual(self.ok("cluster", "cluster-id").out, name)
            nodes = self.cluster.nodes()
            # The kernel takes them along, whatever becomes of the one that started them.
            self.cluster.stop(signal.SIGKILL)
            wait_until(lambda: not any(is_running(each) for each in nodes.values()),
                       "the brokers end with the one that started them")

    def test_a_cluster_that_cannot_start_says_why(self):
        self.cluster = LocalCluster("--override", "log.retention.hour=3", brokers=1)
        self.addCleanup(self.cluster.close)
        self.cluster.wait_for("^node 1 ended with exit code 2", "err")
        self.cluster.wait_for("log.retention.hours", "err")
        self.cluster.wait_for("the cluster did not start", "err")
        self.assertEqual(self.cluster.process.wait(PATIENCE), 1)


class Operators(WithCluster):
    @classmethod
    def setUpClass(cls):
        cls.cluster = LocalCluster()
        cls.cluster.addresses

    @classmethod
    def tearDownClass(cls):
        cls.cluster.close()

    def json_file(self, content):
        file = tempfile.NamedTemporaryFile("w", suffix=".json")
        self.addCleanup(file.close)
        json.dump(content, file)
        file.flush()
        return file.name

    def test_the_quorum_is_shown(self):
        status = dict(line.split(":", 1) for line in
                      self.ok("metadata-quorum", "describe", "--status").lines)
        self.assertIn(status["LeaderId"].strip(), {"1", "2", "3"})
        self.assertGreaterEqual(int(status["LeaderEpoch"]), 1)
        self.assertGreater(int(status["HighWatermark"]), 0)
        for node in (1, 2, 3):
            self.assertIn(f'"id": {node}', status["CurrentVoters"])
        self.assertEqual(status["CurrentObservers"].strip(), "[]")
        rows = [line.split() for line in
                self.ok("metadata-quorum", "describe", "--replication").lines]
        self.assertEqual(rows[0][0], "NodeId")
        self.assertEqual(sorted(row[-1] for row in rows[1:]), ["Follower", "Follower", "Leader"])

    def test_a_partition_is_moved_and_given_its_preferred_leader(self):
        self.ok("topics", "--create", "--topic", "moved", "--replica-assignment", "1:2")
        self.produce("moved", ["a", "b", "c"])
        topics = self.json_file({"version": 1, "topics": [{"topic": "moved"}]})
        proposed = self.ok("reassign-partitions", "--generate", "--broker-list", "2,3",
                           "--topics-to-move-json-file", topics).lines
        self.assertEqual(proposed[0], "Current partition replica assignment")
        self.assertEqual(json.loads(proposed[1])["partitions"][0]["replicas"], [1, 2])
        self.assertCountEqual(json.loads(proposed[-1])["partitions"][0]["replicas"], [2, 3])

        plan = self.json_file({"version": 1, "partitions": [
            {"topic": "moved", "partition": 0, "replicas": [3, 2]}]})
        self.assertIn("Successfully started partition reassignment for moved-0",
                      self.ok("reassign-partitions", "--execute",
                              "--reassignment-json-file", plan).out)
        verify = ("reassign-partitions", "--verify", "--reassignment-json-file", plan)
        wait_until(lambda: "Reassignment of partition moved-0 is completed." in
                   self.ok(*verify).out, "the partition is moved")
        self.assertIn("No partition reassignments found.",
                      self.ok("reassign-partitions", "--list").out)
        self.assertIn("None of the specified",
                      self.ok("reassign-partitions", "--cancel", "--reassignment-json-file",
                              plan).out)
        self.assertEqual(self.partitions_of("moved")[0]["Replicas"], "3,2")
        self.assertEqual(self.consume("moved", 3), ["a", "b", "c"])

        election = self.ok("leader-election", "--election-type", "preferred", "--topic", "moved",
                           "--partition", "0").out
        self.assertRegex(election, "(Successfully completed leader election|Valid replica already)")
        self.assertEqual(self.partitions_of("moved")[0]["Leader"], "3")
        self.ok("leader-election", "--election-type", "preferred", "--all-topic-partitions")

    def test_what_cannot_be_elected_or_moved_is_told(self):
        missing = self.json_file({"partitions": [{"topic": "nobody", "partition": 0}]})
        election = self.cluster.tool("leader-election", "--election-type", "unclean",
                                     "--path-to-json-file", missing)
        self.assertEqual(election.code, 1, election)
        self.assertIn("UNKNOWN_TOPIC_OR_PARTITION", election.err)
        self.ok("topics", "--create", "--topic", "stays")
        plan = self.json_file({"version": 1, "partitions": [
            {"topic": "stays", "partition": 0, "replicas": [1, 77]}]})
        move = self.cluster.tool("reassign-partitions", "--execute", "--reassignment-json-file",
                                 plan)
        self.assertEqual(move.code, 1, move)
        self.assertIn("Cannot move stays-0", move.err)
        gone = self.cluster.tool("cluster", "unregister", "--id", "77")
        self.assertEqual(gone.code, 1, gone)
        self.assertIn("cannot unregister broker 77", gone.err)

    def test_partitions_are_chosen_by_their_state(self):
        self.ok("topics", "--create", "--topic", "strict", "--replica-assignment", "1:2:3",
                "--config", "min.insync.replicas=3")
        self.produce("strict", ["x"])
        self.assertEqual(len(self.partitions_of("strict", "--at-min-isr-partitions")), 1)
        for flag in ("--under-replicated-partitions", "--unavailable-partitions",
                     "--under-min-isr-partitions"):
            self.assertEqual(self.partitions_of("strict", flag), [], flag)


class Storage(unittest.TestCase):
    def test_directories_are_formatted_once_and_shown(self):
        with tempfile.TemporaryDirectory() as folder:
            config = os.path.join(folder, "server.properties")
            directories = [os.path.join(folder, name) for name in ("a", "b")]
            with open(config, "w", encoding="utf-8") as file:
                file.write(f"node.id=5\nlog.dirs={','.join(directories)}\n")
            self.assertEqual(run_tool("storage", "info", "-c", config).code, 1)
            name = run_tool("storage", "random-uuid").out.strip()
            self.assertEqual(len(name), 22)
            words = ("storage", "format", "-t", name, "-c", config)
            first = run_tool(*words, "--standalone")
            self.assertEqual(first.code, 0, first)
            for directory in directories:
                self.assertIn(directory, first.out)
                with open(os.path.join(directory, "meta.properties"), encoding="utf-8") as file:
                    self.assertIn(f"cluster.id={name}\n", file.read())
            again = run_tool(*words)
            self.assertEqual(again.code, 1, again)
            self.assertIn("is formatted already", again.err)
            ignored = run_tool(*words, "--ignore-formatted")
            self.assertEqual(ignored.code, 0, ignored)
            self.assertIn("already formatted", ignored.out)
            shown = run_tool("storage", "info", "-c", config)
            self.assertEqual(shown.code, 0, shown)
            self.assertIn(f"cluster.id={name}", shown.out)
            self.assertIn("node.id=5", shown.out)


class ClusterFlags(unittest.TestCase):
    def test_flags_that_make_no_sense_exit_254(self):
        server = ("--bootstrap-server", "127.0.0.1:1")
        for words, hint in (
            (("cluster", "upp"), "did you mean up?"),
            (("cluster", "up", "--broker", "3"), "did you mean --brokers?"),
            (("cluster", "up", "--brokers", "3", "--port", "65535"), "--port"),
            (("cluster", "up", "--override", "nonsense"), "key=value"),
            (("metadata-quorum", "describe", *server), "required"),
            (("leader-election", *server, "--election-type", "preferred"), "--topic"),
            (("leader-election", *server, "--election-type", "preferred", "--topic", "t"),
             "--partition"),
            (("reassign-partitions", *server, "--execute"), "--reassignment-json-file"),
            (("reassign-partitions", *server, "--verify", "--reassignment-json-file", "/nowhere"),
             "/nowhere"),
            (("topics", *server, "--list", "--unavailable-partitions"), "--describe"),
            (("storage", "format", "-t", "x"), "--config"),
        ):
            with self.subTest(words):
                ended = run_tool(*words)
                self.assertEqual(ended.code, 254, ended)
                self.assertIn(hint, ended.err)


if __name__ == "__main__":
    unittest.main(argv=sys.argv)
