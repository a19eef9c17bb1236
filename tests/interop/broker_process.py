"""A verdikt-broker process on a port that the kernel chose."""

import glob
import os
import re
import shutil
import signal
import subprocess
import time
import urllib.request

START_SECONDS = 30
STOP_SECONDS = 30


def new_folder(directory):
    """Empty, and nobody else's: brokers of a test that was killed would go on writing there, and spoil this one's logs."""
    for each in glob.glob("/proc/[0-9]*/cmdline"):
        try:
            with open(each, encoding="utf-8", errors="replace") as words:
                is_left_over = f"\0log.dirs={directory}{os.sep}" in words.read()
        except OSError:
            continue  # It has ended.
        if is_left_over:
            os.kill(int(each.split(os.sep)[2]), signal.SIGKILL)
    shutil.rmtree(directory, ignore_errors=True)
    os.makedirs(directory)


class BrokerProcess:
    """Lives on a loopback address of its own (127.0.0.0/8 has room for all), so that nothing else can take its port
    while it is down: a restarted broker must come back where its clients look for it."""

    def __init__(self, program, directory):
        self.program = program
        self.data_directory = os.path.join(directory, "data")
        self.log_path = os.path.join(directory, "broker.log")
        number = os.getpid()
        self.host = f"127.{1 + (number >> 16) % 254}.{(number >> 8) % 256}.{number % 256}"
        self.port = 0
        self.metrics_port = 0
        self.process = None

    @property
    def address(self):
        return f"{self.host}:{self.port}"

    def settings(self):
        return {
            "log.dirs": self.data_directory,
            "listeners": f"PLAINTEXT://{self.host}:{self.port}",
            "metrics.listener": f"http://{self.host}:{self.metrics_port}",
            "group.initial.rebalance.delay.ms": "200",
            "offsets.topic.num.partitions": "3",
        }

    def start(self):
        self.launch()
        self.wait_until_listening()

    def launch(self):
        self.log_offset = os.path.getsize(self.log_path) if os.path.exists(self.log_path) else 0
        words = [word for key, value in self.settings().items() for word in ("--override", f"{key}={value}")]
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen([self.program, *words], stderr=log, stdin=subprocess.DEVNULL)

    def wait_until_listening(self):
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            with open(self.log_path, encoding="utf-8") as log:
                log.seek(self.log_offset)
                lines = log.read()
            kafka = re.search(r" listening listener=PLAINTEXT .*\bport=(\d+)", lines)
            metrics = re.search(r" listening listener=metrics .*\bport=(\d+)", lines)
            if kafka and metrics:
                self.port, self.metrics_port = int(kafka[1]), int(metrics[1])
                return
            if self.process.poll() is not None:
                raise RuntimeError(f"the broker ended with {self.process.returncode} before it listened")
            time.sleep(0.02)
        raise RuntimeError(f"the broker did not listen within {START_SECONDS} s")

    def stop(self):
        """As an operator does it: SIGTERM, and it must end well."""
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(STOP_SECONDS)
        if code != 0:
            raise RuntimeError(f"the broker ended with {code} after SIGTERM")

    def kill(self):
        """As a crash does it."""
        self.process.kill()
        self.process.wait(STOP_SECONDS)

    def metrics(self):
        with urllib.request.urlopen(f"http://{self.host}:{self.metrics_port}/metrics", timeout=10) as answer:
            return answer.read().decode()

    def log(self):
        with open(self.log_path, encoding="utf-8") as log:
            return log.read()
