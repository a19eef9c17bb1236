"""The features that every client is tried with, in the order of the table in docs/clients.md.

A client's program must say of each that it works or that the client does not have it: silence is a failure.
"""

FEATURES = {
    "codec-none": "produce and consume, uncompressed",
    "codec-gzip": "gzip",
    "codec-snappy": "snappy",
    "codec-lz4": "lz4",
    "codec-zstd": "zstd",
    "keys": "keys and values, null and empty ones too",
    "headers": "headers",
    "timestamps": "timestamps",
    "acks": "acks 0, 1 and all",
    "idempotence": "idempotent producer",
    "transactions": "transactions: commit and abort, as read_committed reads them",
    "fencing": "a new producer of a transactional id fences the old one",
    "transactional-offsets": "offsets committed in a transaction",
    "old-versions": "no version negotiation: requests as a Kafka 1.0 knows them",
    "group": "group of three members, rebalance when one leaves",
    "static-members": "static members",
    "cooperative": "cooperative rebalance",
    "restart": "committed offsets after a restart and a kill of the broker",
    "create-topics": "create topics",
    "describe-topics": "describe topics",
    "list-topics": "list topics",
    "create-partitions": "create partitions",
    "delete-topics": "delete topics",
    "describe-configs": "describe configs",
    "alter-configs": "alter configs",
    "list-groups": "list groups",
    "describe-groups": "describe groups",
    "delete-groups": "delete groups",
    "list-offsets": "offsets: earliest, latest and by time",
    "list-group-offsets": "offsets of a group",
    "alter-group-offsets": "alter the offsets of a group",
    "delete-group-offsets": "delete the offsets of a group",
    "delete-records": "delete records",
    "describe-cluster": "describe the cluster",
    "describe-log-dirs": "describe log directories",
}

# What is tried against three brokers while the leader of the partition in use is killed again and again: a label, and
# the topic that must have lost its leader meanwhile.
FAILOVER_FEATURES = {
    "write": ("acknowledged writes stay: each there, once, in order", "written"),
    "write-again": ("acknowledged writes stay: each there, at least once", "written"),
    "group": ("a group of two receives each record and keeps its committed offset", "written"),
    "transactions": ("transactions: each committed one whole and once, no record of another", "transactions"),
    "transactional-offsets": ("offsets committed in a transaction are those of the last one", "transactions"),
}
