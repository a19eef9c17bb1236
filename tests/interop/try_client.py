"""Runs one client's program against a real broker and judges what it found.

    try_client.py --client NAME --broker PROGRAM --directory SCRATCH --document docs/clients.md -- COMMAND...

client_program.py says how the program talks. What it produces for a codec goes to the topic codec-NAME and is still
there when it says ok, likewise the topic idempotence: the broker's log files then tell what was really sent.

The test passes if the program ends with 0 and spoke of every feature, the broker ended well, never refused a
connection or a request as malformed and logged no error, and the table in the document says the same.
"""

import argparse
import os
import re
import sys

import clients_table
import stored_batches
from broker_process import BrokerProcess, new_folder
from client_program import SKIPPED, ClientProgram
from features import FEATURES

PROGRAM_SECONDS = 150

# Each of these must stay 0: an unmodified client sends nothing that the broker cannot read, and most clients hide a
# connection that broke by making another.
FORBIDDEN_METRICS = [
    "verdikt_requests_malformed_total",
    "verdikt_connections_refused_total",
    "verdikt_connections_overdue_total",
]


class OneBroker:
    def __init__(self, process):
        self.process = process
        self.address = process.address
        self.complaints = []

    def restart(self):
        self.check_metrics()
        self.process.stop()
        self.process.start()

    def kill(self):
        self.check_metrics()
        self.process.kill()
        self.process.start()

    def use(self, topic, partitions):
        """Nothing happens to it, and its client makes it."""

    def lose(self, topic):
        """It is the only one."""

    def check(self, feature):
        data = self.process.data_directory
        return stored_batches.complaints_about(data, feature)

    def check_metrics(self):
        text = self.process.metrics()
        for name in FORBIDDEN_METRICS:
            value = re.search(rf"^{name} (\d+)$", text, re.MULTILINE)
            if value is None:
                self.complaints.append(f"the broker does not tell {name}")
            elif value[1] != "0":
                self.complaints.append(f"{name} is {value[1]}")

    def end(self):
        """What is to be said against it."""
        self.check_metrics()
        self.process.stop()
        for line in self.process.log().splitlines():
            if re.search(r" (error|warning) ", line, re.IGNORECASE):
                self.complaints.append(f"the broker logged: {line}")
        return self.complaints


def judge(broker, arguments):
    program = ClientProgram(broker, arguments.command, FEATURES)
    code = program.run(PROGRAM_SECONDS)
    complaints = broker.end() + program.complaints
    if code == SKIPPED:
        return SKIPPED
    if not complaints:
        results = os.path.dirname(arguments.directory)
        clients_table.save_result(results, arguments.client, program.version, program.found)
        complaints += clients_table.differences(arguments.document, arguments.client, program.found)
    for complaint in complaints:
        print("FAILED:", complaint)
    if complaints:
        print("---- the end of the broker's log:")
        print("\n".join(broker.process.log().splitlines()[-25:]))
        return 1
    kinds = [each["kind"] for each in program.found.values()]
    print(
        f"{arguments.client} {program.version}: {kinds.count('ok')} features work, "
        f"{kinds.count('unsupported')} are unsupported by the client"
    )
    return 0


def main():
    parser = argparse.ArgumentParser()
    for name in ("client", "broker", "directory", "document"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("command", nargs="+")
    arguments = parser.parse_args()
    new_folder(arguments.directory)
    process = BrokerProcess(arguments.broker, arguments.directory)
    try:
        process.start()
        return judge(OneBroker(process), arguments)
    finally:
        if process.process and process.process.poll() is None:
            process.kill()


if __name__ == "__main__":
    sys.exit(main())
