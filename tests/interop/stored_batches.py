"""What a client really sent, read from the broker's log files: the batch headers of Kafka's format, magic 2."""

import glob
import os
import struct
from dataclasses import dataclass

CODECS = ["none", "gzip", "snappy", "lz4", "zstd"]
HEADER = struct.Struct(">qiibIhiqqqhii")


@dataclass
class Batch:
    codec: str
    producer: int
    epoch: int
    sequence: int
    records: int


def batches_of(data_directory, topic):
    """All batches of a topic that is stored in this directory, by partition."""
    found = {}
    for directory in sorted(glob.glob(os.path.join(data_directory, f"{topic}-[0-9]*"))):
        partition = int(directory.rsplit("-", 1)[1])
        found[partition] = []
        for path in sorted(glob.glob(os.path.join(directory, "*.log"))):
            with open(path, "rb") as file:
                found[partition] += parse(file.read())
    return found


def parse(data):
    batches = []
    at = 0
    while at + HEADER.size <= len(data):
        fields = HEADER.unpack_from(data, at)
        length, magic, attributes = fields[1], fields[3], fields[5]
        if magic != 2:
            raise ValueError(f"a batch with magic {magic}")
        batches.append(
            Batch(
                codec=CODECS[attributes & 7],
                producer=fields[9],
                epoch=fields[10],
                sequence=fields[11],
                records=fields[12],
            )
        )
        at += 12 + length
    return batches


def complaints_about(data_directory, feature):
    """What the topic of this feature holds that it must not."""
    if feature.startswith("codec-"):
        return check_codec(data_directory, feature.removeprefix("codec-"))
    return check_idempotence(data_directory) if feature == "idempotence" else []


def check_codec(data_directory, codec):
    """Complaints about the topic codec-CODEC, which was to hold nothing else: a client that meets a version range it
    does not like drops compression without a word."""
    batches = [each for some in batches_of(data_directory, f"codec-{codec}").values() for each in some]
    if not batches:
        return [f"the topic codec-{codec} holds no batch"]
    if all(each.codec != codec for each in batches):
        return [f"the topic codec-{codec} holds no batch of it"]
    # librdkafka sends a batch as it is where compressing does not make it smaller: a record on its own may not shrink.
    wrong = sorted({each.codec for each in batches if each.codec != codec and (each.codec != "none" or each.records > 1)})
    return [f"the topic codec-{codec} holds batches of {', '.join(wrong)}"] if wrong else []


def check_idempotence(data_directory):
    """Complaints about the topic idempotence: every batch has a producer, and its sequence numbers leave no gap."""
    partitions = batches_of(data_directory, "idempotence")
    complaints = [] if any(partitions.values()) else ["the topic idempotence holds no batch"]
    for partition, batches in partitions.items():
        due = {}
        for each in batches:
            if each.producer < 0:
                complaints.append(f"idempotence-{partition} holds a batch without a producer")
            elif each.sequence != due.get((each.producer, each.epoch), 0):
                complaints.append(f"idempotence-{partition} holds a gap before sequence {each.sequence}")
            due[(each.producer, each.epoch)] = each.sequence + each.records
    return complaints
