"""A stored run judged again."""

import json
import os
import sys
import tempfile
import unittest

from programs import run_tool

SENT = [
    '{"index":0,"time":1,"process":0,"type":"invoke","f":"send","value":[["send",0,7],["send",0,8]]}',
    '{"index":1,"time":2,"process":0,"type":"ok","f":"send","value":[["send",0,[0,7]],["send",0,[1,8]]]}',
    '{"index":2,"time":3,"process":1,"type":"invoke","f":"poll","value":[["poll"]]}',
]
READ_ALL = '{"index":3,"time":4,"process":1,"type":"ok","f":"poll","value":[["poll",{"0":[[0,7],[1,8]]}]]}'
READ_LAST = '{"index":3,"time":4,"process":1,"type":"ok","f":"poll","value":[["poll",{"0":[[1,8]]}]]}'


class Analyze(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory(prefix="verdikt-analyze-")
        self.addCleanup(directory.cleanup)
        self.store = os.path.join(directory.name, "store")
        self.run_folder = os.path.join(self.store, "queue", "20261122T040506.000Z")
        os.makedirs(self.run_folder)
        os.symlink("20261122T040506.000Z", os.path.join(self.store, "queue", "latest"))
        os.symlink("queue/20261122T040506.000Z", os.path.join(self.store, "latest"))

    def write(self, name, text):
        with open(os.path.join(self.run_folder, name), "w", encoding="utf-8") as file:
            file.write(text)

    def read(self, name):
        with open(os.path.join(self.run_folder, name), encoding="utf-8") as file:
            return file.read()

    def keep(self, read, **more):
        self.write("history.ndjson", "\n".join(SENT + [read]) + "\n")
        self.write("results.json", json.dumps({
            "test": "queue", "verdict": "valid", "trial-verdict": "valid", "seed": 7,
            "settings": {"workload": "queue", "acks": "all", "operations-min": "1"}, **more}))

    def analyze(self, *words):
        return run_tool("analyze", *words, "--store", self.store)

    def results(self):
        return json.loads(self.read("results.json"))

    def test_a_stored_run_is_judged_again_and_its_report_made_anew(self):
        self.keep(READ_LAST)
        ended = self.analyze("latest")
        self.assertEqual((ended.code, ended.lines[0]), (1, "verdict: violation"), ended)
        self.assertIn("before: valid", ended.lines)
        self.assertEqual(self.results()["verdict"], "violation")
        self.assertIn("lost-write", [each["name"] for each in self.results()["checkers"][0]["violations"]])
        self.assertIn("lost-write", self.read("report.html"))

    def test_it_is_judged_by_the_settings_that_it_had(self):
        self.keep(READ_LAST, settings={"workload": "queue", "acks": "1", "operations-min": "1"})
        self.assertEqual(self.analyze("queue/latest").code, 0)
        self.assertIn("lost-write", [each["name"] for each in self.results()["checkers"][0]["allowed"]])

    def test_what_the_trial_said_of_itself_stands(self):
        self.keep(READ_ALL, **{"trial-verdict": "inconclusive", "reasons": ["kill never bit"]})
        for _ in range(2):
            self.assertEqual(self.analyze().code, 2)
            self.assertEqual(self.results()["reasons"], ["kill never bit"])

    def test_what_was_found_in_the_replicas_stands(self):
        found = {"partition": "orders/0", "offset": 6, "what": "orders/0, offset 6: nodes 1 and 2 differ",
                 "slices": [{"node": 2, "lines": [{"text": "6-7 epoch 0", "differs": True}]}]}
        self.keep(READ_ALL, replicas={"partitions": 1, "batches": 4, "differing": 1, "differences": [found]})
        for _ in range(2):
            self.assertEqual(self.analyze().code, 1)
            self.assertEqual(self.results()["replicas"]["differences"], [found])
        judged = {each["checker"]: each for each in self.results()["checkers"]}
        self.assertEqual([each["name"] for each in judged["replicas"]["violations"]], ["logs-differ"])
        self.assertIn("<mark>6-7 epoch 0</mark>", self.read("report.html"))

    def test_judging_twice_changes_nothing(self):
        self.keep(READ_LAST)
        self.analyze()
        once = [self.read("results.json"), self.read("report.html")]
        self.analyze(self.run_folder)
        self.assertEqual([self.read("results.json"), self.read("report.html")], once)

    def test_it_can_be_told_as_json(self):
        self.keep(READ_ALL)
        ended = self.analyze("--format", "json")
        self.assertEqual((ended.code, json.loads(ended.out)["verdict"]), (0, "valid"), ended)

    def test_what_is_no_run_is_refused(self):
        self.assertEqual(self.analyze("none").code, 254)
        self.keep(READ_ALL, settings={"workload": "no-such"})
        self.assertEqual(self.analyze().code, 254)
        self.write("results.json", "{")
        self.assertEqual(self.analyze().code, 254)


if __name__ == "__main__":
    unittest.main(argv=sys.argv)
