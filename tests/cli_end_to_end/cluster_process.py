"""Runs `verdikt cluster up` and tells what it says and which processes it has started."""

import os
import queue
import re
import signal
import subprocess
import threading
import time

from programs import PATIENCE, program, run_tool


def stat_of(process):
    """Name, state and parent of a process, or None if it is gone."""
    try:
        with open(f"/proc/{process}/stat", encoding="utf-8") as file:
            name, rest = re.match(r"\d+ \((.*)\) (.*)", file.read(), re.DOTALL).groups()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return name, rest.split()[0], int(rest.split()[1])


def is_running(process):
    found = stat_of(process)
    return found is not None and found[1] != "Z"


class LocalCluster:
    """`verdikt cluster up` in the background. Its lines are kept as they come."""

    def __init__(self, *words, brokers=3):
        self.brokers = brokers
        self.lines = {"out": [], "err": []}
        self.news = queue.Queue()
        self.process = subprocess.Popen(
            [program("verdikt"), "cluster", "up", "--brokers", str(brokers), *words],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        self.readers = [threading.Thread(target=self._read, args=each, daemon=True)
                        for each in (("out", self.process.stdout), ("err", self.process.stderr))]
        for reader in self.readers:
            reader.start()

    def _read(self, name, stream):
        for line in stream:
            self.lines[name].append(line.rstrip("\n"))
            self.news.put(name)
        self.news.put(name)

    def wait_for(self, pattern, name="out"):
        """The first line that matches, said already or still to come."""
        until = time.monotonic() + 2 * PATIENCE
        while True:
            for line in list(self.lines[name]):
                found = re.search(pattern, line)
                if found:
                    return found
            left = until - time.monotonic()
            if left < 0 or not any(reader.is_alive() for reader in self.readers):
                raise AssertionError(f"'{pattern}' was never said:\n{self.said()}")
            try:
                self.news.get(timeout=min(left, 1))
            except queue.Empty:
                pass

    def said(self):
        return "\n".join(["--- out", *self.lines["out"], "--- err", *self.lines["err"]])

    @property
    def addresses(self):
        return self.wait_for("^BROKERS=(.*)$").group(1)

    def nodes(self):
        """Process ids by node id."""
        found = {}
        for entry in filter(str.isdigit, os.listdir("/proc")):
            stat = stat_of(entry)
            if stat is None or stat[2] != self.process.pid or stat[1] == "Z":
                continue
            with open(f"/proc/{entry}/cmdline", encoding="utf-8") as file:
                words = file.read().split("\0")
            found[int(re.search(r"/node-(\d+)/", words[3]).group(1))] = int(entry)
        return found

    def folder_of(self, node):
        with open(f"/proc/{self.nodes()[node]}/cmdline", encoding="utf-8") as file:
            return os.path.dirname(file.read().split("\0")[3])

    def controller(self):
        self.addresses
        self.wait_for("^health: controller")
        last = [line for line in self.lines["out"] if line.startswith("health: controller")][-1]
        return int(re.search(r"controller (\d+)", last).group(1))

    def stop(self, how=signal.SIGTERM):
        """The exit code."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        code = self.process.wait(2 * PATIENCE)
        for reader in self.readers:
            reader.join(PATIENCE)
        return code

    def close(self):
        self.stop()
        self.process.stdout.close()
        self.process.stderr.close()

    def tool(self, name, *words, given=""):
        return run_tool(name, *words, "--bootstrap-server", self.addresses, given=given)
