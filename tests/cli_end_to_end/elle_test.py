"""Histories of transactions judged, with a stand-in for Elle beside: no Java is needed."""

import json
import os
import subprocess
import sys
import tempfile
import time
import unittest

from programs import program, Finished

STAND_IN = os.path.join(os.path.dirname(os.path.abspath(__file__)), "stand_in_elle")
WRITTEN = [
    "{:index 0, :type :invoke, :f :txn, :process 0, :time 1, :value [[:append :x 1]]}",
    "{:index 1, :type :ok, :f :txn, :process 0, :time 2, :value [[:append :x 1]]}",
    "{:index 2, :type :invoke, :f :txn, :process 1, :time 3, :value [[:r :x nil]]}",
]
READ = "{:index 3, :type :ok, :f :txn, :process 1, :time 4, :value [[:r :x [1]]]}"
STALE = "{:index 3, :type :ok, :f :txn, :process 1, :time 4, :value [[:r :x nil]]}"
REGISTER = [
    "{:index 0, :type :invoke, :f :txn, :process 0, :time 1, :value [[:w :x 1]]}",
    "{:index 1, :type :ok, :f :txn, :process 0, :time 2, :value [[:w :x 1]], :offsets [3]}",
    "{:index 2, :type :invoke, :f :txn, :process 1, :time 3, :value [[:r :x nil]]}",
]
READ_REGISTER = "{:index 3, :type :ok, :f :txn, :process 1, :time 4, :value [[:r :x 1]], :offsets [3]}"
PHANTOM = "{:index 3, :type :ok, :f :txn, :process 1, :time 4, :value [[:r :x [1 9]]]}"


class Judging(unittest.TestCase):
    def judge(self, last, *words, elle=None, does="", model="list-append", before=None):
        environment = {key: value for key, value in os.environ.items() if key != "VERDIKT_ELLE"}
        environment["ELLE_DOES"] = does
        if elle:
            environment["VERDIKT_ELLE"] = elle
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "history.edn")
            with open(path, "w", encoding="utf-8") as file:
                file.write("\n".join((before or WRITTEN) + [last]) + "\n")
            command = [program("verdikt"), "check", "--model", model, path, "--format", "json", *words]
            ended = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=60)
        return Finished(ended.returncode, ended.stdout, ended.stderr)

    def assert_judged(self, ended, code, verdict):
        self.assertEqual(ended.code, code, ended)
        judged = json.loads(ended.lines[0])
        self.assertEqual(judged["verdict"], verdict, ended)
        return judged


class ListsAndRegisters(Judging):
    def test_a_stale_read_breaks_strict_serializability(self):
        judged = self.assert_judged(self.judge(STALE, "--no-elle"), 1, "violation")
        self.assertEqual([each["name"] for each in judged["violations"]], ["G-single-item-realtime"])
        self.assertEqual(judged["violations"][0]["examples"][0]["operations"], [1, 3])

    def test_a_stale_read_is_serializable(self):
        self.assert_judged(self.judge(STALE, "--no-elle", "--consistency-model", "serializable"), 0, "valid")

    def test_a_list_that_is_read_as_written_is_valid(self):
        self.assert_judged(self.judge(READ, "--no-elle"), 0, "valid")

    def test_an_unknown_consistency_model_is_refused_with_the_nearest(self):
        ended = self.judge(READ, "--no-elle", "--consistency-model", "serialisable")
        self.assertEqual(ended.code, 254, ended)
        self.assertIn("did you mean serializable?", ended.err)

    def test_appends_are_not_registers(self):
        ended = self.judge(READ, "--no-elle", model="rw-register")
        self.assertEqual(ended.code, 254, ended)
        self.assertIn("neither w nor r", ended.err)


class SecondOpinion(Judging):
    def test_one_that_is_the_same_is_noted(self):
        judged = self.assert_judged(self.judge(READ, elle=STAND_IN, does="valid"), 0, "valid")
        self.assertEqual(judged["notes"], ["Elle says valid"])
        self.assert_judged(self.judge(STALE, "--elle", STAND_IN, does="invalid"), 1, "violation")

    def test_one_that_differs_leaves_it_open(self):
        for last, does in ((READ, "invalid"), (STALE, "valid")):
            judged = self.assert_judged(self.judge(last, elle=STAND_IN, does=does), 2, "inconclusive")
            self.assertIn("one of the two is wrong", judged["doubts"][0])

    def test_none_is_no_pass_whatever_the_exit_code(self):
        for does in ("unknown", "crash", "nothing"):
            judged = self.assert_judged(self.judge(READ, elle=STAND_IN, does=does), 2, "inconclusive")
            self.assertIn("Elle gave no verdict", judged["doubts"][0])
            self.assert_judged(self.judge(STALE, elle=STAND_IN, does=does), 1, "violation")

    def test_one_that_hangs_is_stopped_with_all_that_it_started(self):
        began = time.monotonic()
        ended = self.judge(READ, "--elle-time-out-s", "1", elle=STAND_IN, does="hang")
        judged = self.assert_judged(ended, 2, "inconclusive")
        self.assertIn("stopped after 1 s", judged["doubts"][0])
        self.assertLess(time.monotonic() - began, 30)

    def test_it_is_asked_for_the_same_model_of_one_file_with_bounded_memory(self):
        judged = self.assert_judged(self.judge(READ, elle=STAND_IN, does="arguments"), 2, "inconclusive")
        self.assertIn("-m list-append -c strict-serializable FILE", judged["doubts"][0])
        ended = self.judge(READ, "--elle-memory-mb", "512", elle=STAND_IN, does="memory")
        self.assertIn("-Xmx512m", self.assert_judged(ended, 2, "inconclusive")["doubts"][0])

    def test_it_is_not_asked_of_what_nobody_wrote(self):
        judged = self.assert_judged(self.judge(PHANTOM, elle=STAND_IN, does="valid"), 1, "violation")
        self.assertEqual([each["name"] for each in judged["violations"]], ["phantom"])
        self.assertIn("Elle was not asked", judged["notes"][0])

    def test_it_is_not_asked_where_offsets_tell_the_order(self):
        ended = self.judge(READ_REGISTER, elle=STAND_IN, does="invalid", model="rw-register", before=REGISTER)
        judged = self.assert_judged(ended, 0, "valid")
        self.assertIn("offsets", judged["notes"][0])

    def test_one_that_cannot_be_run_is_refused_and_told_where_to_get_it(self):
        ended = self.judge(READ, "--elle", "/no/such/elle-cli")
        self.assertEqual(ended.code, 254, ended)
        self.assertIn("scripts/get-elle", ended.err)


if __name__ == "__main__":
    sys.exit(unittest.main())
