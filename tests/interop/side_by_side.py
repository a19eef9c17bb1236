"""Runs commands side by side: clients of three brokers each, which mostly wait, so that two cores are enough for all.

    side_by_side.py FILE [NAME...]

A line of FILE is a name and a command's words, separated by tabs. All are run, or only those that are named. What each
prints is shown when all have ended, a failed one's last. It ends with 0 if each ended with 0, or with 77, skipped.
"""

import subprocess
import sys
import tempfile

SKIPPED = 77


class Command:
    def __init__(self, line):
        self.name, *self.words = line.rstrip("\n").split("\t")
        self.code = None

    def start(self):
        self.output = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")
        self.process = subprocess.Popen(
            self.words, stdin=subprocess.DEVNULL, stdout=self.output, stderr=subprocess.STDOUT
        )

    def finish(self):
        self.code = self.process.wait()
        self.output.seek(0)

    def is_well(self):
        return self.code in (0, SKIPPED)


def main():
    _, path, *names = sys.argv
    with open(path, encoding="utf-8") as file:
        commands = [Command(line) for line in file if line.strip()]
    commands = [each for each in commands if not names or each.name in names]
    if len(commands) < max(1, len(names)):
        sys.exit(f"{path} does not have all of {names}")
    for each in commands:
        each.start()
    try:
        for each in commands:
            each.finish()
    finally:
        for each in commands:
            if each.code is None:
                each.process.terminate()
    for each in sorted(commands, key=lambda one: not one.is_well()):
        print(f"==== {each.name} ended with {each.code}")
        print(each.output.read())
    codes = {each.code for each in commands}
    return SKIPPED if codes == {SKIPPED} else int(not codes <= {0, SKIPPED})


if __name__ == "__main__":
    sys.exit(main())
