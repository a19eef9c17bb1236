"""docs/clients.md holds one table: a row a feature, a column a client. Written from what was run, and checked
against it by every client's test, so that it cannot say more or less than the truth.

    clients_table.py write FILE RESULTS_DIRECTORY   puts what the last runs found into the table
"""

import json
import os
import sys

from features import FEATURES

YES = "yes"
UNSUPPORTED = "unsupported by the client"
CLIENTS = ["kcat", "librdkafka", "confluent-kafka", "kafka-python", "kafkajs", "@platformatic/kafka"]
BEGIN = "<!-- written by tests/interop/clients_table.py -->"
END = "<!-- end -->"


def result_file(directory, client):
    return os.path.join(directory, client.replace("/", "-") + ".json")


def save_result(directory, client, version, found):
    with open(result_file(directory, client), "w", encoding="utf-8") as file:
        json.dump({"version": version, "found": found}, file, indent=1)


def cell(kind):
    return YES if kind == "ok" else UNSUPPORTED


def rows_of(text):
    """Cells by row label; the first row is the header."""
    inside = text.split(BEGIN, 1)[1].split(END, 1)[0]
    lines = [line for line in inside.splitlines() if line.startswith("|")]
    table = [[each.strip() for each in line.strip("|").split("|")] for line in lines]
    return {row[0]: row[1:] for row in table}


def differences(document, client, found):
    """What the table says of this client and the run does not, one line each."""
    with open(document, encoding="utf-8") as file:
        rows = rows_of(file.read())
    if client not in rows.get("feature", []):
        return [f"{document} has no column for {client}"]
    column = rows["feature"].index(client)
    wrong = []
    for feature, label in FEATURES.items():
        says = rows[label][column] if label in rows else "nothing"
        if says != cell(found[feature]["kind"]):
            wrong.append(f"{label}: the table says {says}, the run says {cell(found[feature]['kind'])}")
    return wrong


def table(results):
    lines = [
        "| feature | " + " | ".join(CLIENTS) + " |",
        "|---" * (len(CLIENTS) + 1) + "|",
        "| version | " + " | ".join(results[client]["version"] for client in CLIENTS) + " |",
    ]
    for feature, label in FEATURES.items():
        cells = [cell(results[client]["found"][feature]["kind"]) for client in CLIENTS]
        lines.append(f"| {label} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main():
    _, command, document, directory = sys.argv
    if command != "write":
        sys.exit(__doc__)
    results = {}
    for client in CLIENTS:
        with open(result_file(directory, client), encoding="utf-8") as file:
            results[client] = json.load(file)
    with open(document, encoding="utf-8") as file:
        text = file.read()
    before, rest = text.split(BEGIN, 1)
    after = rest.split(END, 1)[1]
    with open(document, "w", encoding="utf-8") as file:
        file.write(f"{before}{BEGIN}\n{table(results)}\n{END}{after}")


if __name__ == "__main__":
    main()
