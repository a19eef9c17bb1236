"""docs/clients.md holds two tables: a row a feature, a column a client; the second for long runs while leaders are
killed; where the client gives up then in what the first tells of, that says so. Written from what was run, and checked
against it by every client's test, so that they cannot say more or less than the truth.

    clients_table.py write FILE RESULTS_DIRECTORY   puts what the last runs found into the table
"""

import json
import os
import sys

from features import FAILOVER_FEATURES, FEATURES

YES = "yes"
UNSUPPORTED = "unsupported by the client"
GIVES_UP = "the client gives up"
# In the first table, which is of one broker before it is of three that are killed.
NOT_UNDER_KILLS = "yes; where leaders are killed the client gives up"
CLIENTS = ["kcat", "librdkafka", "confluent-kafka", "kafka-python", "kafkajs", "@platformatic/kafka"]
BEGIN = "<!-- written by tests/interop/clients_table.py -->"
END = "<!-- end -->"
FAILOVER_CLIENTS = ["verdikt", "kcat", "confluent-kafka", "kafka-python", "kafkajs", "@platformatic/kafka"]
FAILOVER_BEGIN = "<!-- written by tests/interop/clients_table.py: failover -->"


def result_file(directory, client):
    return os.path.join(directory, client.replace("/", "-") + ".json")


def save_result(directory, client, version, found):
    with open(result_file(directory, client), "w", encoding="utf-8") as file:
        json.dump({"version": version, "found": found}, file, indent=1)


def cell(kind):
    return {"ok": YES, "unsupported": UNSUPPORTED, "gives-up": GIVES_UP, "not-under-kills": NOT_UNDER_KILLS}[kind]


def rows_of(text, begin=BEGIN):
    """Cells by row label; the first row is the header."""
    inside = text.split(begin, 1)[1].split(END, 1)[0]
    lines = [line for line in inside.splitlines() if line.startswith("|")]
    table = [[each.strip() for each in line.strip("|").split("|")] for line in lines]
    return {row[0]: row[1:] for row in table}


def compared(document, client, begin, may_be):
    """What the table of this document says of this client and `may_be`, cells by label, does not, one line each."""
    with open(document, encoding="utf-8") as file:
        rows = rows_of(file.read(), begin)
    if client not in rows.get("feature", []):
        return [f"{document} has no column for {client}"]
    column = rows["feature"].index(client)
    wrong = []
    for label, cells in may_be.items():
        says = rows[label][column] if label in rows else "nothing"
        if says not in cells:
            wrong.append(f"{label}: the table says {says}, the run says {cells[0]}")
    return wrong


def differences(document, client, found):
    cells = {"ok": [YES, NOT_UNDER_KILLS], "unsupported": [UNSUPPORTED]}
    return compared(document, client, BEGIN, {label: cells[found[each]["kind"]] for each, label in FEATURES.items()})


def differences_under_kills(document, suite, client, found):
    if suite == "features":
        cells = {"ok": [YES], "unsupported": [UNSUPPORTED], "gives-up": [NOT_UNDER_KILLS]}
        now = {label: cells[found[each]["kind"]] for each, label in FEATURES.items()}
        return compared(document, client, BEGIN, now)
    now = {label: [cell(found[each]["kind"])] for each, (label, _) in FAILOVER_FEATURES.items()}
    return compared(document, client, FAILOVER_BEGIN, now)


def table(clients, results, labels):
    lines = [
        "| feature | " + " | ".join(clients) + " |",
        "|---" * (len(clients) + 1) + "|",
        "| version | " + " | ".join(results[client]["version"] for client in clients) + " |",
    ]
    for feature, label in labels.items():
        cells = [cell(results[client]["found"][feature]["kind"]) for client in clients]
        lines.append(f"| {label} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def load(directory, clients, prefix=""):
    results = {}
    for client in clients:
        with open(result_file(directory, prefix + client), encoding="utf-8") as file:
            results[client] = json.load(file)
    return results


def replace(text, begin, content):
    before, rest = text.split(begin, 1)
    return f"{before}{begin}\n{content}\n{END}{rest.split(END, 1)[1]}"


def main():
    _, command, document, directory = sys.argv
    if command != "write":
        sys.exit(__doc__)
    with open(document, encoding="utf-8") as file:
        text = file.read()
    features = load(directory, CLIENTS)
    for client, killed in load(directory, CLIENTS, "features-").items():
        for feature, found in killed["found"].items():
            if found["kind"] == "gives-up":
                features[client]["found"][feature] = {"kind": "not-under-kills"}
    text = replace(text, BEGIN, table(CLIENTS, features, FEATURES))
    failover_labels = {feature: label for feature, (label, _) in FAILOVER_FEATURES.items()}
    failover = load(directory, FAILOVER_CLIENTS, "runs-")
    text = replace(text, FAILOVER_BEGIN, table(FAILOVER_CLIENTS, failover, failover_labels))
    with open(document, "w", encoding="utf-8") as file:
        file.write(text)


if __name__ == "__main__":
    main()
