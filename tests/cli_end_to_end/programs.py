"""Runs the programs under test: a broker in a directory of its own, and the tools against it."""

import os
import re
import signal
import subprocess
import tempfile
import time

BIN = os.environ["VERDIKT_BIN"]
PATIENCE = 60


class Finished:
    """A tool that has ended: its exit code and what it printed."""

    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err

    @property
    def lines(self):
        return self.out.splitlines()

    def __str__(self):
        return f"exit {self.code}\n--- out\n{self.out}\n--- err\n{self.err}"


def program(name):
    return os.path.join(BIN, name)


def run_tool(*words, given=""):
    ended = subprocess.run(
        [program("verdikt"), *words], input=given, capture_output=True, text=True, timeout=PATIENCE
    )
    return Finished(ended.returncode, ended.stdout, ended.stderr)


class Broker:
    """A broker process. Its directory outlives it, so that it can be started again."""

    def __init__(self, command=None, settings=()):
        self.directory = tempfile.TemporaryDirectory(prefix="verdikt-cli-")
        self.command = command or [program("verdikt-broker")]
        self.settings = settings
        self.port = 0
        self.start()

    @property
    def address(self):
        return f"127.0.0.1:{self.port}"

    @property
    def data(self):
        return os.path.join(self.directory.name, "data")

    @property
    def log_path(self):
        return os.path.join(self.directory.name, "broker.log")

    def log(self):
        with open(self.log_path, encoding="utf-8") as file:
            return file.read()

    def start(self):
        overrides = [
            f"log.dirs={self.data}",
            f"listeners=PLAINTEXT://127.0.0.1:{self.port}",
            "group.initial.rebalance.delay.ms=0",
            *self.settings,
        ]
        words = [word for each in overrides for word in ("--override", each)]
        with open(self.log_path, "w", encoding="utf-8") as log:
            self.process = subprocess.Popen(self.command + words, stdout=log, stderr=log)
        self.port = self._wait_for_port()

    def _wait_for_port(self):
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            found = re.search(r" listening listener=PLAINTEXT .*port=(\d+)", self.log())
            if found:
                return int(found.group(1))
            if self.process.poll() is not None:
                break
            time.sleep(0.02)
        raise AssertionError("the broker did not come up:\n" + self.log())

    def stop(self, how=signal.SIGTERM):
        """The exit code."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        return self.process.wait(PATIENCE)

    def close(self):
        self.stop(signal.SIGKILL)
        self.directory.cleanup()

    def tool(self, name, *words, given=""):
        return run_tool(name, "--bootstrap-server", self.address, *words, given=given)
