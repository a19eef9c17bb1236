"""The store as web pages, over real connections."""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import unittest

from programs import PATIENCE, program, run_tool

HISTORY = '{"index":0,"time":1,"process":0,"type":"invoke","f":"send","value":[["send",0,7]]}\n'


class Store:
    """A store with one run in it."""

    def __init__(self):
        self.directory = tempfile.TemporaryDirectory(prefix="verdikt-serve-")
        self.root = os.path.join(self.directory.name, "store")
        self.run = os.path.join(self.root, "queue", "20261122T040506.000Z")
        os.makedirs(self.run)
        os.symlink("20261122T040506.000Z", os.path.join(self.root, "queue", "latest"))
        os.symlink("queue/20261122T040506.000Z", os.path.join(self.root, "latest"))

    def write(self, name, text):
        with open(os.path.join(self.run, name), "w", encoding="utf-8") as file:
            file.write(text)


class Serving:
    """`verdikt serve` on a free port."""

    def __init__(self, store, *words):
        self.process = subprocess.Popen(
            [program("verdikt"), "serve", "--store", store.root, "--port", "0", *words],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        told = self.process.stdout.readline()
        found = re.search(r"http://(.*):(\d+)/", told)
        if found is None:
            raise AssertionError(told + self.process.stderr.read())
        self.port = int(found.group(2))

    def ask(self, target, method="GET"):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request(method, target)
            answer = connection.getresponse()
            return answer, answer.read()
        finally:
            connection.close()

    def stop(self, how=signal.SIGINT):
        """The exit code, and what was said on stderr."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        _, said = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, said


class Serve(unittest.TestCase):
    def setUp(self):
        self.store = Store()
        self.addCleanup(self.store.directory.cleanup)
        self.store.write("results.json", json.dumps({"test": "queue", "verdict": "valid", "seed": 7}))
        self.store.write("report.html", "<!DOCTYPE html><title>told</title>")
        self.store.write("history.ndjson", HISTORY)

    def serving(self, *words):
        there = Serving(self.store, *words)
        self.addCleanup(there.stop, signal.SIGKILL)
        return there

    def test_runs_reports_and_histories_are_there_for_the_asking(self):
        there = self.serving()
        answer, body = there.ask("/")
        self.assertEqual(answer.status, 200)
        self.assertIn(b"/runs/queue/20261122T040506.000Z/", body)
        answer, body = there.ask("/runs/queue/latest/report.html")
        self.assertEqual((answer.status, answer.getheader("Content-Type")), (200, "text/html; charset=utf-8"))
        self.assertIn(b"told", body)
        self.assertIn("default-src 'none'", answer.getheader("Content-Security-Policy"))
        answer, body = there.ask("/runs/queue/latest/history.ndjson")
        self.assertEqual(body.decode(), HISTORY)
        self.assertEqual(answer.getheader("Content-Disposition"), "attachment")
        self.assertEqual(answer.getheader("X-Content-Type-Options"), "nosniff")

    def test_a_head_has_no_body(self):
        there = self.serving()
        for target in ("/", "/runs/queue/latest/report.html"):
            answer, body = there.ask(target, "HEAD")
            self.assertEqual((answer.status, body), (200, b""))
            self.assertGreater(int(answer.getheader("Content-Length")), 0)

    def test_nothing_outside_the_store_is_given(self):
        secret = os.path.join(self.store.directory.name, "secret.log")
        with open(secret, "w", encoding="utf-8") as file:
            file.write("secret")
        os.symlink(secret, os.path.join(self.store.run, "link.log"))
        there = self.serving()
        for target in ("/runs/queue/latest/link.log", "/runs/queue/latest/../../../secret.log",
                       "/runs/queue/latest/%2e%2e/%2e%2e/%2e%2e/secret.log",
                       "/runs/queue/latest/..%2f..%2f..%2fsecret.log", "/runs//etc/passwd", "//etc/passwd"):
            answer, body = there.ask(target)
            self.assertIn(answer.status, (400, 404), target)
            self.assertNotIn(b"secret", body, target)
        self.assertEqual(there.ask("/", "POST")[0].status, 405)

    def test_whoever_sends_nonsense_or_nothing_holds_nobody_up(self):
        there = self.serving()
        silent = socket.create_connection(("127.0.0.1", there.port), timeout=PATIENCE)
        self.addCleanup(silent.close)
        with socket.create_connection(("127.0.0.1", there.port), timeout=PATIENCE) as wire:
            wire.sendall(b"\x16\x03\x01 no HTTP\r\n\r\n")
            self.assertEqual(wire.recv(100), b"")
        self.assertEqual(there.ask("/")[0].status, 200)

    def test_it_ends_cleanly_when_it_is_interrupted(self):
        for how in (signal.SIGINT, signal.SIGTERM):
            there = self.serving()
            there.ask("/")
            self.assertEqual(there.stop(how), (0, ""))

    def test_to_be_reached_by_others_it_must_be_asked_and_warns(self):
        there = self.serving("--bind", "0.0.0.0")
        self.assertEqual(there.ask("/")[0].status, 200)
        code, said = there.stop()
        self.assertEqual(code, 0)
        self.assertIn("warning: ", said)

    def test_what_makes_no_sense_is_refused(self):
        for words in (["--store", os.path.join(self.store.root, "none")],
                      ["--store", self.store.root, "--bind", "nowhere"],
                      ["--store", self.store.root, "--port", "65536"],
                      ["--store", self.store.root, "--port", "-1"]):
            self.assertEqual(run_tool("serve", *words).code, 254, words)

    def test_a_port_that_is_taken_is_told(self):
        there = self.serving()
        ended = run_tool("serve", "--store", self.store.root, "--port", str(there.port))
        self.assertEqual(ended.code, 1, ended)
        self.assertIn("cannot listen", ended.err)


if __name__ == "__main__":
    unittest.main(argv=sys.argv)
