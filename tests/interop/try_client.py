"""Runs one client's program against a real broker and judges what it found.

    try_client.py --client NAME --broker PROGRAM --directory SCRATCH --document docs/clients.md -- COMMAND...

The program gets the broker's address as its last argument and talks in lines on its standard output:

    version TEXT               the client's own version
    ok FEATURE: TEXT           the feature works; TEXT says what was checked
    unsupported FEATURE: TEXT  the client does not have it
    restart broker             asks for SIGTERM and a new start; "done" on its standard input follows
    kill broker                the same with SIGKILL

Everything else it prints is shown. What it produces for a codec goes to the topic codec-NAME and is still there when
it says ok, likewise the topic idempotence: the broker's log files then tell what was really sent.

The test passes if the program ends with 0 and spoke of every feature, the broker ended well, never refused a
connection or a request as malformed and logged no error, and the table in the document says the same.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import threading
import time

import clients_table
import stored_batches
from broker_process import BrokerProcess
from features import FEATURES

SKIPPED = 77
PROGRAM_SECONDS = 150

# Each of these must stay 0: an unmodified client sends nothing that the broker cannot read, and most clients hide a
# connection that broke by making another.
FORBIDDEN_METRICS = [
    "verdikt_requests_malformed_total",
    "verdikt_connections_refused_total",
    "verdikt_connections_overdue_total",
]


class Conversation:
    def __init__(self, broker, command):
        self.broker = broker
        self.found = {}
        self.version = ""
        self.complaints = []
        self.process = subprocess.Popen(
            [*command, broker.address], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def run(self):
        alarm = threading.Timer(PROGRAM_SECONDS, self.process.kill)
        alarm.start()
        started = time.monotonic()
        for line in self.process.stdout:
            print(f"{time.monotonic() - started:6.2f} {line.rstrip()}", flush=True)
            self.hear(line.rstrip("\n"))
        code = self.process.wait()
        alarm.cancel()
        if code != 0:
            self.complaints.append(f"the client's program ended with {code}")
        return code

    def hear(self, line):
        if line.startswith("version "):
            self.version = line.removeprefix("version ")
        elif line == "restart broker":
            self.check_metrics()
            self.broker.stop()
            self.bring_back()
        elif line == "kill broker":
            self.check_metrics()
            self.broker.kill()
            self.bring_back()
        elif heard := re.fullmatch(r"(ok|unsupported) ([a-z0-9-]+): (.+)", line):
            self.note(*heard.groups())

    def bring_back(self):
        self.broker.start()
        self.process.stdin.write("done\n")
        self.process.stdin.flush()

    def note(self, kind, feature, text):
        if feature not in FEATURES:
            self.complaints.append(f"no such feature: {feature}")
        self.found[feature] = {"kind": kind, "text": text}
        data = self.broker.data_directory
        if kind == "ok" and feature.startswith("codec-"):
            self.complaints += stored_batches.check_codec(data, feature.removeprefix("codec-"))
        if kind == "ok" and feature == "idempotence":
            self.complaints += stored_batches.check_idempotence(data)

    def check_metrics(self):
        text = self.broker.metrics()
        for name in FORBIDDEN_METRICS:
            value = re.search(rf"^{name} (\d+)$", text, re.MULTILINE)
            if value is None:
                self.complaints.append(f"the broker does not tell {name}")
            elif value[1] != "0":
                self.complaints.append(f"{name} is {value[1]}")

    def check_log(self):
        for line in self.broker.log().splitlines():
            if re.search(r" (error|warning) ", line, re.IGNORECASE):
                self.complaints.append(f"the broker logged: {line}")

    def check_coverage(self):
        for feature in FEATURES:
            if feature not in self.found:
                self.complaints.append(f"nothing was said of {feature}")


def judge(conversation, arguments):
    code = conversation.run()
    if code == SKIPPED:
        conversation.broker.stop()
        return SKIPPED
    conversation.check_metrics()
    conversation.broker.stop()
    conversation.check_log()
    conversation.check_coverage()
    if not conversation.complaints:
        results = os.path.dirname(arguments.directory)
        clients_table.save_result(results, arguments.client, conversation.version, conversation.found)
        conversation.complaints += clients_table.differences(
            arguments.document, arguments.client, conversation.found
        )
    for complaint in conversation.complaints:
        print("FAILED:", complaint)
    if conversation.complaints:
        print("---- the end of the broker's log:")
        print("\n".join(conversation.broker.log().splitlines()[-25:]))
        return 1
    kinds = [each["kind"] for each in conversation.found.values()]
    print(
        f"{arguments.client} {conversation.version}: {kinds.count('ok')} features work, "
        f"{kinds.count('unsupported')} are unsupported by the client"
    )
    return 0


def main():
    parser = argparse.ArgumentParser()
    for name in ("client", "broker", "directory", "document"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("command", nargs="+")
    arguments = parser.parse_args()
    shutil.rmtree(arguments.directory, ignore_errors=True)
    os.makedirs(arguments.directory)
    broker = BrokerProcess(arguments.broker, arguments.directory)
    try:
        broker.start()
        return judge(Conversation(broker, arguments.command), arguments)
    finally:
        if broker.process and broker.process.poll() is None:
            broker.kill()


if __name__ == "__main__":
    sys.exit(main())
