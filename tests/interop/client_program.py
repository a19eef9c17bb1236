"""A client's program that runs and talks in lines on its standard output:

    version TEXT               the client's own version
    ok FEATURE: TEXT           the feature works; TEXT says what was checked
    unsupported FEATURE: TEXT  the client does not have it
    gives-up FEATURE: TEXT     the client has it, but not where leaders are lost; TEXT says why
    restart broker             asks for SIGTERM and a new start; "done" on its standard input follows
    kill broker                the same with SIGKILL
    use TOPIC [PARTITIONS]     the topic that it works with from now on; "done" follows, where leaders are killed with
                               the topic made and its leader about to die
    lose TOPIC                 the same, with its leader dead when "done" follows; not at a single broker

It gets the brokers' addresses as its last argument. Everything else it prints is shown.
"""

import re
import subprocess
import threading
import time

SKIPPED = 77


class ClientProgram:
    """`brokers` has an address and does what is asked for: restart, kill, use, lose."""

    def __init__(self, brokers, command, features):
        self.brokers = brokers
        self.features = features
        self.found = {}
        self.version = ""
        self.complaints = []
        self.process = subprocess.Popen(
            [*command, brokers.address], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def run(self, seconds):
        """How it ended. It is killed if it takes longer than that."""
        alarm = threading.Timer(seconds, self.process.kill)
        alarm.start()
        started = time.monotonic()
        try:
            for line in self.process.stdout:
                print(f"{time.monotonic() - started:6.2f} {line.rstrip()}", flush=True)
                self.hear(line.rstrip("\n"))
            code = self.process.wait()
        finally:
            alarm.cancel()
            self.process.kill()
        if code not in (0, SKIPPED):
            self.complaints.append(f"the client's program ended with {code}")
        self.complaints += [f"nothing was said of {each}" for each in self.features if each not in self.found]
        return code

    def hear(self, line):
        if line.startswith("version "):
            self.version = line.removeprefix("version ")
        elif line == "restart broker":
            self.brokers.restart()
            self.answer()
        elif line == "kill broker":
            self.brokers.kill()
            self.answer()
        elif asked := re.fullmatch(r"use (\S+)(?: (\d+))?", line):
            self.brokers.use(asked[1], int(asked[2] or 1))
            self.answer()
        elif line.startswith("lose "):
            self.brokers.lose(line.removeprefix("lose "))
            self.answer()
        elif heard := re.fullmatch(r"(ok|unsupported|gives-up) ([a-z0-9-]+): (.+)", line):
            self.note(*heard.groups())

    def answer(self):
        self.process.stdin.write("done\n")
        self.process.stdin.flush()

    def note(self, kind, feature, text):
        if feature not in self.features:
            self.complaints.append(f"no such feature: {feature}")
        self.found[feature] = {"kind": kind, "text": text}
        if kind == "ok":
            self.complaints += self.brokers.check(feature)
