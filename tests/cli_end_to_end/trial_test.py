"""`verdikt test`, end to end: bugs are caught, nothing is left behind, and what makes no sense is refused."""

import json
import os
import signal
import subprocess
import tempfile
import time
import unittest

from programs import program, run_tool


class InStore(unittest.TestCase):
    def setUp(self):
        store = tempfile.TemporaryDirectory(prefix="verdikt-store-")
        self.addCleanup(store.cleanup)
        self.store = store.name

    def results(self):
        with open(os.path.join(self.store, "latest", "results.json"), encoding="utf-8") as file:
            return json.load(file)

    def processes(self):
        """Those that have our store on their command line."""
        found = []
        for number in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{number}/cmdline", "rb") as file:
                    if self.store.encode() in file.read():
                        found.append(int(number))
            except (FileNotFoundError, ProcessLookupError):
                continue  # It ended meanwhile.
        return found

    def begin(self, *words):
        """A run in the middle of its faults."""
        running = subprocess.Popen(
            [program("verdikt"), "test", "--store", self.store, "--time-limit", "60", *words],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.addCleanup(running.stdout.close)
        self.addCleanup(running.wait)
        self.addCleanup(running.kill)
        until = time.monotonic() + 60
        while not self.history_tells_of_faults():
            self.assertIsNone(running.poll(), "it ended by itself")
            self.assertLess(time.monotonic(), until, "no fault in time")
            time.sleep(0.1)
        return running

    def history_tells_of_faults(self):
        try:
            with open(os.path.join(self.store, "latest", "history.ndjson"), "rb") as file:
                return b"began: " in file.read()
        except FileNotFoundError:
            return False

    def assert_nothing_left(self):
        until = time.monotonic() + 20
        while left := self.processes():
            self.assertLess(time.monotonic(), until, f"still there: {left}")
            time.sleep(0.1)


class Trial(InStore):
    def test_the_demo_loses_a_write_and_names_it(self):
        ended = run_tool("test", "--demo", "lost-write", "--store", self.store)
        self.assertEqual(ended.code, 1, str(ended))
        results = self.results()
        self.assertEqual(results["verdict"], "violation")
        found = {each["name"] for checker in results["checkers"] for each in checker["violations"]}
        self.assertIn("lost-write", found)
        for kind in ("kill", "pause"):
            self.assertTrue(any(each["kind"] == kind and each["bit"] for each in results["faults"]))
        # What was lost is gone from all replicas alike.
        self.assertEqual(results["replicas"]["not-made-because"], "")
        self.assertGreater(results["replicas"]["batches"], 0)
        self.assertEqual(results["replicas"]["differences"], [])
        self.assertGreaterEqual(len(results["availability"]["faults"]), 2)
        self.assertIsNotNone(results["availability"]["recovery"]["kill"]["next-write"])
        run = os.path.join(self.store, "latest")
        again = run_tool("check", "--no-idempotence", os.path.join(run, "history.ndjson"))
        self.assertEqual(again.code, 1, str(again))
        with open(os.path.join(run, "report.html"), encoding="utf-8") as file:
            self.assertIn("lost-write", file.read())
        self.assertTrue(os.path.exists(os.path.join(run, "node-1", "broker.log")))
        self.assertFalse(os.path.exists(os.path.join(run, "node-1", "data")))
        self.assert_nothing_left()

    def test_clients_crash_and_others_take_their_place(self):
        ended = run_tool("test", "--lab", "processes", "--nemesis", "client-crash", "--seed", "1", "--time-limit", "10",
                         "--store", self.store)
        self.assertEqual(ended.code, 0, str(ended))
        crashes = [each for each in self.results()["faults"] if each["kind"] == "client-crash"]
        self.assertTrue(any(each["bit"] for each in crashes), crashes)
        self.assert_nothing_left()

    def test_what_nobody_knows_is_refused(self):
        for flag, wrong, right in (("--nemesis", "kil", "kill"), ("--workload", "quue", "queue"),
                                   ("--demo", "lost-writes", "lost-write"), ("--acks", "2", "acks")):
            ended = run_tool("test", flag, wrong, "--store", self.store)
            self.assertEqual(ended.code, 254, str(ended))
            self.assertIn(right, ended.err)
        self.assertEqual(os.listdir(self.store), [])


class Interrupted(InStore):
    def test_who_is_stopped_heals_everything_and_has_proven_nothing(self):
        running = self.begin("--lab", "processes", "--nemesis", "pause")
        running.send_signal(signal.SIGINT)
        said, _ = running.communicate(timeout=60)
        self.assertEqual(running.returncode, 2, said)
        self.assertIn("cut short", said)
        self.assertEqual(self.results()["verdict"], "inconclusive")
        self.assert_nothing_left()

    def test_who_is_killed_leaves_a_history_and_nothing_else(self):
        running = self.begin("--nemesis", "pause")
        running.kill()
        running.wait()
        self.assert_nothing_left()
        judged = run_tool("check", os.path.join(self.store, "latest", "history.ndjson"))
        self.assertIn(judged.code, (0, 2), str(judged))


if __name__ == "__main__":
    unittest.main()
