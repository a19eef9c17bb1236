"""`verdikt test`, end to end: a lost write is caught, and what makes no sense is refused."""

import json
import os
import tempfile
import unittest

from broker_process import run_tool


class Trial(unittest.TestCase):
    def setUp(self):
        store = tempfile.TemporaryDirectory(prefix="verdikt-store-")
        self.addCleanup(store.cleanup)
        self.store = store.name

    def test_the_demo_loses_a_write_and_names_it(self):
        ended = run_tool("test", "--demo", "lost-write", "--store", self.store)
        self.assertEqual(ended.code, 1, str(ended))
        run = os.path.join(self.store, "latest")
        with open(os.path.join(run, "results.json"), encoding="utf-8") as file:
            results = json.load(file)
        self.assertEqual(results["verdict"], "violation")
        found = {each["name"] for checker in results["checkers"] for each in checker["violations"]}
        self.assertTrue(found & {"lost-write", "unseen"}, found)
        self.assertTrue(any(each["kind"] == "kill" and each["bit"] for each in results["faults"]))
        again = run_tool("check", "--acks", "all", "--no-idempotence",
                         os.path.join(run, "history.ndjson"))
        self.assertEqual(again.code, 1, str(again))
        self.assertTrue(os.path.exists(os.path.join(run, "node-1", "broker.log")))
        self.assertFalse(os.path.exists(os.path.join(run, "node-1", "data")))

    def test_a_fault_that_nobody_knows_is_refused(self):
        ended = run_tool("test", "--nemesis", "kil", "--store", self.store)
        self.assertEqual(ended.code, 254, str(ended))
        self.assertIn("kill", ended.err)
        self.assertEqual(os.listdir(self.store), [])


if __name__ == "__main__":
    unittest.main()
