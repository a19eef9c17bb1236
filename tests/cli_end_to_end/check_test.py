"""Histories judged, anomalies explained: no broker is needed."""

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
READ_ALL = ['{"index":3,"time":4,"process":1,"type":"ok","f":"poll","value":[["poll",{"0":[[0,7],[1,8]]}]]}']
READ_LAST = ['{"index":3,"time":4,"process":1,"type":"ok","f":"poll","value":[["poll",{"0":[[1,8]]}]]}']
EDN = """{:index 0, :time 1, :process 0, :type :invoke, :f :send, :value [[:send :x 7]]}
{:index 1, :time 2, :process 0, :type :fail, :f :send, :value [[:send :x 7]]}
{:index 2, :time 3, :process 1, :type :invoke, :f :poll, :value [[:poll]]}
{:index 3, :time 4, :process 1, :type :ok, :f :poll, :value [[:poll {:x [[0 7]]}]]}
"""
# The group comes back below what it had committed.
COMMITS = [
    '{"index":0,"time":1,"process":0,"type":"invoke","f":"subscribe","value":[0]}',
    '{"index":1,"time":2,"process":0,"type":"ok","f":"subscribe","value":[0]}',
    '{"index":2,"time":3,"process":0,"type":"invoke","f":"commit","value":{"0":7},"generation":1}',
    '{"index":3,"time":4,"process":0,"type":"ok","f":"commit","value":{"0":7},"generation":1}',
    '{"index":4,"time":5,"process":0,"type":"invoke","f":"poll","value":[["poll"]]}',
    '{"index":5,"time":9,"process":0,"type":"ok","f":"poll","value":[["poll",{"0":[[2,"a"]]}]],'
    '"rebalance-log":[{"keys":[0],"event":":assigned","time":6,"generation":2}]}',
]
# The same output twice, in one transaction each.
TWICE = [
    '{"index":0,"time":1,"process":0,"type":"invoke","f":"topics"}',
    '{"index":1,"time":2,"process":0,"type":"ok","f":"topics","value":{"input":["in"],"output":["out"]}}',
    '{"index":2,"time":3,"process":1,"type":"invoke","f":"txn","attempt":1}',
    '{"index":3,"time":4,"process":1,"type":"ok","f":"txn","attempt":1,"value":[["send","out",[0,[7,1]]]]}',
    '{"index":4,"time":5,"process":2,"type":"invoke","f":"txn","attempt":2}',
    '{"index":5,"time":6,"process":2,"type":"ok","f":"txn","attempt":2,"value":[["send","out",[2,[7,2]]]]}',
]


class Check(unittest.TestCase):
    def judge(self, text, *words):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "history")
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
            return run_tool("check", path, *words)

    def test_a_history_that_keeps_its_promises_is_valid(self):
        ended = self.judge("\n".join(SENT + READ_ALL) + "\n")
        self.assertEqual((ended.code, ended.lines[0]), (0, "verdict: valid"), ended)

    def test_a_lost_write_is_a_violation_with_its_operations(self):
        ended = self.judge("\n".join(SENT + READ_LAST) + "\n", "--format", "json")
        self.assertEqual(ended.code, 1, ended)
        judged = json.loads(ended.lines[0])
        self.assertEqual(judged["verdict"], "violation")
        found = {each["name"]: each for each in judged["violations"]}
        self.assertEqual(found["lost-write"]["examples"][0]["operations"], [1, 3])

    def test_what_the_settings_allow_is_reported_apart(self):
        ended = self.judge("\n".join(SENT + READ_LAST) + "\n", "--format", "json", "--acks", "1")
        self.assertEqual(ended.code, 0, ended)
        self.assertIn("lost-write", [each["name"] for each in json.loads(ended.lines[0])["allowed"]])

    def test_the_longest_time_without_a_success_is_noted(self):
        refused = SENT[1].replace('"ok"', '"fail"')
        again, late = (line.replace("7]", "17]").replace("8]", "18]") for line in SENT[:2])
        again = again.replace('"index":0,"time":1', '"index":2,"time":900000000')
        late = late.replace('"index":1,"time":2', '"index":3,"time":2500000001')
        ended = self.judge("\n".join([SENT[0], refused, again, late]) + "\n", "--format", "json")
        notes = json.loads(ended.lines[0])["notes"]
        self.assertEqual(notes, ["send: asked for, and nothing succeeded, for 2.500 s from 0.000 s on; the longest of "
                                 "1 such stretches"])

    def test_edn_is_read_too(self):
        ended = self.judge(EDN)
        self.assertEqual((ended.code, ended.lines[0]), (1, "verdict: violation"), ended)
        self.assertTrue(any(line.startswith("G1a") for line in ended.lines), ended)

    def test_too_little_is_inconclusive_with_the_reason(self):
        ended = self.judge("\n".join(SENT) + "\n")
        self.assertEqual((ended.code, ended.lines[0]), (2, "verdict: inconclusive"), ended)
        self.assertTrue(ended.lines[1].startswith("doubt: "), ended)

    def test_commits_are_judged_by_the_model_of_groups(self):
        ended = self.judge("\n".join(COMMITS) + "\n", "--model", "groups")
        self.assertEqual((ended.code, ended.lines[0]), (1, "verdict: violation"), ended)
        self.assertTrue(any(line.startswith("reset-to-start") for line in ended.lines), ended)

    def test_outputs_are_judged_by_the_model_of_exactly_once(self):
        text = "\n".join(TWICE) + "\n"
        ended = self.judge(text, "--model", "exactly-once")
        self.assertEqual((ended.code, ended.lines[0]), (1, "verdict: violation"), ended)
        self.assertTrue(any(line.startswith("eos-duplicate") for line in ended.lines), ended)
        relaxed = self.judge(text, "--model", "exactly-once", "--no-txn")
        self.assertEqual((relaxed.code, relaxed.lines[0]), (2, "verdict: inconclusive"), relaxed)

    def test_what_is_no_history_is_refused_with_its_line(self):
        ended = self.judge("\n".join(SENT) + "\n{]\n{}\n")
        self.assertEqual(ended.code, 254, ended)
        self.assertIn(":4: ", ended.err)

    def test_a_file_that_is_not_there_is_refused(self):
        self.assertEqual(run_tool("check", "/no/such/file").code, 254)


class Explain(unittest.TestCase):
    def test_every_listed_anomaly_is_explained(self):
        listed = run_tool("list", "anomalies")
        self.assertEqual(listed.code, 0, listed)
        names = [line.split()[0] for line in listed.lines[1:]]
        self.assertIn("lost-write", names)
        for name in names:
            told = run_tool("explain", name)
            self.assertEqual((told.code, told.lines[0]), (0, name))

    def test_an_unknown_anomaly_is_refused_with_the_nearest(self):
        told = run_tool("explain", "lost-writes")
        self.assertEqual(told.code, 254)
        self.assertIn("did you mean lost-write?", told.err)


if __name__ == "__main__":
    unittest.main(argv=sys.argv)
