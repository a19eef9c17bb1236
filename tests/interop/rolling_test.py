"""A cluster of three processes that is restarted, one broker after another and all at once, while producers write."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest

from broker_cluster import NODES, BrokerCluster

BIN = os.environ["VERDIKT_BIN"]
PATIENCE = 60
THROUGHPUT = 300
ROUNDS = int(os.environ.get("VERDIKT_ROLLING_ROUNDS", "1"))
STOP_SECONDS = 8


def program_of(name):
    return os.path.join(BIN, name)


class OurProducer:
    """Ours, idempotent as by default. It tells the fate of every record."""

    topic = "ours"

    def __init__(self, cluster):
        self.process = subprocess.Popen(
            [program_of("verdikt"), "verifiable-producer", "--bootstrap-server", cluster.address, "--topic", self.topic,
             "--throughput", str(THROUGHPUT)],
            stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.events = []
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        for line in self.process.stdout:
            self.events.append(json.loads(line))

    def finish(self):
        """What it sent, all of which must have been acknowledged."""
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(PATIENCE)
        self.reader.join(PATIENCE)
        self.process.stdout.close()
        names = {each["name"] for each in self.events}
        if code != 0 or names - {"startup_complete", "producer_send_success", "shutdown_complete", "tool_data"}:
            raise AssertionError(f"our producer ended with {code} and told of {sorted(names)}")
        return [each["value"] for each in self.events if each["name"] == "producer_send_success"]


class LibrdkafkaProducer:
    """kcat, which ends well only if everything was acknowledged."""

    topic = "librdkafka"

    def __init__(self, cluster):
        self.process = subprocess.Popen(
            ["kcat", "-E", "-b", cluster.address, "-P", "-t", self.topic, "-p", "0", "-X", "enable.idempotence=true"],
            stdin=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        self.values = []
        self.leaving = threading.Event()
        self.writer = threading.Thread(target=self._write, daemon=True)
        self.writer.start()

    def _write(self):
        while not self.leaving.wait(1 / THROUGHPUT):
            self.values.append(str(len(self.values)))
            self.process.stdin.write(self.values[-1] + "\n")
            self.process.stdin.flush()

    def finish(self):
        self.leaving.set()
        self.writer.join(PATIENCE)
        self.process.stdin.close()
        code = self.process.wait(PATIENCE)
        if code != 0:
            raise AssertionError(f"kcat ended with {code}")
        return self.values


class WithCluster(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory(prefix="verdikt-rolling-")
        self.addCleanup(directory.cleanup)
        self.cluster = BrokerCluster(program_of("verdikt-broker"), program_of("verdikt"), directory.name)
        self.addCleanup(self.cluster.kill_all)
        self.cluster.start()

    def read_all(self, topic, count):
        """One more than there should be is asked for."""
        ended = self.cluster.tool("console-consumer", "--topic", topic, "--from-beginning", "--max-messages",
                                  str(count + 1), "--timeout-ms", "3000")
        return ended.stdout.splitlines()

    def restart(self, node):
        self.cluster.members[node].stop()
        self.cluster.members[node].start()

    def expect_each_once_in_order(self, producer, sent):
        self.assertGreater(len(sent), 0)
        self.assertEqual(sent, [str(number) for number in range(len(sent))])
        self.assertEqual(self.read_all(producer.topic, len(sent)), sent)


class Rolling(WithCluster):
    def roll_under_load(self, kind):
        self.cluster.create(kind.topic)
        producer = kind(self.cluster)
        time.sleep(1)
        for _ in range(ROUNDS):
            for node in NODES:
                self.cluster.wait_until_whole()
                self.restart(node)
        self.cluster.wait_until_whole()
        sent = producer.finish()
        self.expect_each_once_in_order(producer, sent)
        print(f"{len(sent)} records while {ROUNDS * len(NODES)} brokers were restarted", file=sys.stderr)

    def test_no_send_of_our_client_fails_and_nothing_is_there_twice(self):
        self.roll_under_load(OurProducer)

    @unittest.skipUnless(shutil.which("kcat"), "kcat is not installed")
    def test_no_send_of_librdkafka_fails_and_nothing_is_there_twice(self):
        self.roll_under_load(LibrdkafkaProducer)


class ControllerLost(WithCluster):
    def controller(self):
        described = self.cluster.tool("metadata-quorum", "describe", "--status").stdout
        return int(dict(line.split(":", 1) for line in described.splitlines())["LeaderId"])

    def test_producing_goes_on_and_topics_can_be_made_after_each_kill(self):
        self.cluster.create(OurProducer.topic)
        producer = OurProducer(self.cluster)
        for number in range(2 * ROUNDS):
            self.cluster.wait_until_whole()
            lost = self.cluster.members[self.controller()]
            lost.kill()
            self.cluster.create(f"made-{number}")
            lost.start()
        self.cluster.wait_until_whole()
        self.expect_each_once_in_order(producer, producer.finish())


class AllAtOnce(WithCluster):
    def test_a_whole_cluster_stops_soon_and_has_lost_nothing_when_it_comes_back(self):
        self.cluster.create(OurProducer.topic)
        producer = OurProducer(self.cluster)
        time.sleep(1)
        started = time.monotonic()
        self.assertEqual(set(self.cluster.stop().values()), {0})
        took = time.monotonic() - started
        self.assertLess(took, STOP_SECONDS)
        self.cluster.start()
        self.cluster.wait_until_whole()
        self.expect_each_once_in_order(producer, producer.finish())
        print(f"stopped in {took:.1f} s", file=sys.stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv)
