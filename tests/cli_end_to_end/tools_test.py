"""The tools of `verdikt`, each against a broker process, over real sockets and a real disk."""

import glob
import json
import os
import signal
import subprocess
import sys
import tempfile
import unittest

from programs import PATIENCE, Broker, Finished, program, run_tool


class WithBroker(unittest.TestCase):
    """One broker serves all tests of a class; each takes topics and groups of its own."""

    @classmethod
    def setUpClass(cls):
        cls.broker = Broker()

    @classmethod
    def tearDownClass(cls):
        cls.broker.close()

    def ok(self, *words, given=""):
        ended = self.broker.tool(*words, given=given)
        self.assertEqual(ended.code, 0, f"{words}: {ended}")
        return ended

    def create(self, topic, partitions=1):
        self.ok("topics", "--create", "--topic", topic, "--partitions", str(partitions))

    def produce(self, topic, lines, *words):
        return self.ok("console-producer", "--topic", topic, *words, given="\n".join(lines) + "\n")

    def consume(self, topic, count, *words):
        ended = self.ok(
            "console-consumer", "--topic", topic, "--max-messages", str(count),
            "--timeout-ms", "20000", *words,
        )
        self.assertIn(f"Processed a total of {count} messages", ended.err)
        return ended.lines

    def offsets_of(self, topic, *words):
        return self.ok("get-offsets", "--topic", topic, *words).lines


class Topics(WithBroker):
    def test_create_describe_alter_list_and_delete(self):
        self.create("t.life", 2)
        described = self.ok("topics", "--describe", "--topic", "t.life").lines
        self.assertRegex(
            described[0],
            r"^Topic: t\.life\tTopicId: \S+\tPartitionCount: 2\tReplicationFactor: 1\tConfigs: ",
        )
        self.assertRegex(described[1], r"^\tTopic: t\.life\tPartition: 0\tLeader: \d+\tReplicas: ")
        self.assertEqual(len(described), 3)
        self.ok("topics", "--alter", "--topic", "t.life", "--partitions", "5")
        self.assertEqual(len(self.ok("topics", "--describe", "--topic", "t.life").lines), 6)
        self.assertIn("t.life", self.ok("topics", "--list").lines)
        self.ok("topics", "--delete", "--topic", "t.life")
        self.assertNotIn("t.life", self.ok("topics", "--list").lines)

    def test_what_the_broker_refuses_is_told_and_exits_1(self):
        self.create("taken")
        again = self.broker.tool("topics", "--create", "--topic", "taken")
        self.assertEqual(again.code, 1, again)
        self.assertIn("TOPIC_ALREADY_EXISTS", again.err)
        self.ok("topics", "--create", "--topic", "taken", "--if-not-exists")
        fewer = self.broker.tool("topics", "--alter", "--topic", "taken", "--partitions", "1")
        self.assertEqual(fewer.code, 1, fewer)
        self.assertIn("INVALID_PARTITIONS", fewer.err)
        missing = self.broker.tool("topics", "--describe", "--topic", "nobody")
        self.assertEqual(missing.code, 1, missing)
        bad = self.broker.tool("topics", "--create", "--topic", "not/valid")
        self.assertEqual(bad.code, 1, bad)
        self.assertIn("INVALID_TOPIC_EXCEPTION", bad.err)

    def test_names_that_collide_in_metrics_are_warned_of(self):
        ended = self.ok("topics", "--create", "--topic", "with_underscore")
        self.assertIn("WARNING", ended.err)


class Configs(WithBroker):
    def test_topic_settings_are_added_shown_and_removed(self):
        self.create("settings")
        topic = ("--entity-type", "topics", "--entity-name", "settings")
        self.ok("configs", "--alter", *topic, "--add-config",
                "retention.ms=1000,cleanup.policy=[compact,delete]")
        shown = self.ok("configs", "--describe", *topic).out
        self.assertIn("retention.ms=1000", shown)
        self.assertIn("cleanup.policy=compact,delete", shown)
        self.assertIn("DYNAMIC_TOPIC_CONFIG", shown)
        self.assertIn("retention.ms=1000",
                      self.ok("topics", "--describe", "--topic", "settings").out)
        self.ok("configs", "--alter", *topic, "--delete-config", "retention.ms")
        self.assertNotIn("retention.ms", self.ok("configs", "--describe", *topic).out)
        everything = self.ok("configs", "--describe", "--all", *topic).out
        self.assertIn("DEFAULT_CONFIG", everything)

    def test_a_value_the_broker_refuses_is_told(self):
        self.create("strict")
        ended = self.broker.tool("configs", "--alter", "--entity-type", "topics", "--entity-name",
                                 "strict", "--add-config", "retention.ms=soon")
        self.assertEqual(ended.code, 1, ended)
        self.assertIn("INVALID_CONFIG", ended.err)

    def test_broker_settings_are_shown(self):
        self.create("whoami")
        described = self.ok("topics", "--describe", "--topic", "whoami").lines[1]
        node = described.split("Leader: ")[1].split("\t")[0]
        shown = self.ok("configs", "--describe", "--all", "--entity-type", "brokers",
                        "--entity-name", node).out
        self.assertIn("log.dirs=", shown)
        self.assertIn("STATIC_BROKER_CONFIG", shown)


class Records(WithBroker):
    def test_keys_headers_and_tombstones_go_there_and_back(self):
        self.create("full")
        self.produce(
            "full", ["a:1,b:2\tk1\tv1", "NULL\tk2\tNULL"],
            "--property", "parse.key=true", "--property", "parse.headers=true",
            "--property", "null.marker=NULL",
        )
        lines = self.consume(
            "full", 2, "--from-beginning", "--property", "print.key=true",
            "--property", "print.headers=true", "--property", "print.offset=true",
            "--property", "print.partition=true",
        )
        self.assertEqual(lines[0], "Partition:0\tOffset:0\ta:1,b:2\tk1\tv1")
        self.assertEqual(lines[1], "Partition:0\tOffset:1\tNO_HEADERS\tk2\tnull")

    def test_every_codec_arrives(self):
        for codec in ("none", "gzip", "snappy", "lz4", "zstd"):
            with self.subTest(codec):
                topic = "codec-" + codec
                self.create(topic)
                lines = [f"{codec} line {number}" for number in range(200)]
                self.produce(topic, lines, "--compression-codec", codec)
                self.assertEqual(self.consume(topic, 200, "--from-beginning"), lines)

    def test_a_partition_and_an_offset_can_be_chosen(self):
        self.create("chosen", 2)
        self.produce("chosen", [f"{n}" for n in range(20)], "--producer-property",
                     "partitioner.ignore.keys=true")
        counts = dict(line.rsplit(":", 1) for line in self.offsets_of("chosen"))
        partition = max(counts, key=lambda each: int(counts[each])).split(":")[1]
        end = int(counts["chosen:" + partition])
        lines = self.consume("chosen", 1, "--partition", partition, "--offset", str(end - 1))
        self.assertEqual(len(lines), 1)

    def test_acks_zero_and_sync_arrive_too(self):
        self.create("modes")
        self.produce("modes", ["one"], "--request-required-acks", "0",
                     "--producer-property", "enable.idempotence=false")
        self.produce("modes", ["two", "three"], "--sync")
        self.assertCountEqual(self.consume("modes", 3, "--from-beginning"), ["one", "two", "three"])

    def test_offsets_are_listed_by_end_start_and_time(self):
        self.create("times", 2)
        self.produce("times", ["a", "b", "c"])
        ends = [int(line.split(":")[2]) for line in self.offsets_of("times")]
        self.assertEqual(sum(ends), 3)
        self.assertEqual(self.offsets_of("times", "--time", "earliest"), ["times:0:0", "times:1:0"])
        self.assertEqual(self.offsets_of("times", "--time", "0", "--partitions", "1"),
                         ["times:1:0" if ends[1] else "times:1:"])
        self.assertEqual(self.ok("get-offsets", "--topic-partitions", "times:0").lines,
                         [f"times:0:{ends[0]}"])


class Groups(WithBroker):
    def read_in(self, group, topic, count):
        return self.consume(topic, count, "--group", group, "--from-beginning")

    def row(self, group):
        described = self.ok("consumer-groups", "--describe", "--group", group)
        rows = [line.split() for line in described.lines if line.startswith(group)]
        self.assertEqual(len(rows), 1, described)
        return rows[0]

    def test_a_group_commits_is_described_and_reset(self):
        self.create("g.topic")
        self.produce("g.topic", [f"r{n}" for n in range(10)])
        self.assertEqual(self.read_in("g1", "g.topic", 10), [f"r{n}" for n in range(10)])
        self.assertIn("g1", self.ok("consumer-groups", "--list").lines)
        self.assertEqual(self.row("g1")[1:6], ["g.topic", "0", "10", "10", "0"])
        self.produce("g.topic", ["r10", "r11"])
        self.assertEqual(self.row("g1")[3:6], ["10", "12", "2"])
        self.check_resets()
        self.ok("consumer-groups", "--delete", "--group", "g1")
        self.assertNotIn("g1", self.ok("consumer-groups", "--list").lines)

    def test_a_consumer_that_stops_early_commits_only_what_it_printed(self):
        self.create("early")
        self.produce("early", [f"r{n}" for n in range(10)])
        self.assertEqual(self.read_in("g.early", "early", 4), ["r0", "r1", "r2", "r3"])
        self.assertEqual(self.row("g.early")[3:6], ["4", "10", "6"])
        self.assertEqual(self.read_in("g.early", "early", 6), [f"r{n}" for n in range(4, 10)])

    def check_resets(self):
        reset = ("consumer-groups", "--reset-offsets", "--group", "g1", "--topic", "g.topic")
        self.ok(*reset, "--to-earliest", "--dry-run")
        self.assertEqual(self.row("g1")[3], "10", "a dry run changes nothing")
        for scenario, expected in (
            (("--to-earliest",), 0), (("--to-latest",), 12), (("--shift-by", "-5"), 7),
            (("--to-offset", "3"), 3), (("--shift-by", "100"), 12), (("--to-current",), 12),
            (("--by-duration", "P1D"), 0), (("--to-datetime", "2001-01-01T00:00:00.000"), 0),
        ):
            ended = self.ok(*reset, *scenario, "--execute")
            self.assertEqual(ended.lines[-1].split(), ["g1", "g.topic", "0", str(expected)], ended)
            self.assertEqual(self.row("g1")[3], str(expected), scenario)
        self.check_reset_from_file(reset)
        self.assertEqual(self.read_in("g1", "g.topic", 8), [f"r{n}" for n in range(4, 12)])

    def check_reset_from_file(self, reset):
        exported = self.ok(*reset, "--to-offset", "4", "--export").out
        self.assertEqual(exported, "g.topic,0,4\n")
        with tempfile.NamedTemporaryFile("w", suffix=".csv") as file:
            file.write(exported)
            file.flush()
            self.ok("consumer-groups", "--reset-offsets", "--group", "g1",
                    "--from-file", file.name, "--execute")
        self.assertEqual(self.row("g1")[3], "4")

    def test_offsets_of_one_topic_can_be_forgotten(self):
        self.create("forget")
        self.produce("forget", ["x"])
        self.read_in("g2", "forget", 1)
        self.ok("consumer-groups", "--delete-offsets", "--group", "g2", "--topic", "forget")
        described = self.ok("consumer-groups", "--describe", "--group", "g2")
        self.assertNotIn("forget", described.out)

    def test_members_of_a_running_group_are_shown_and_its_offsets_stay(self):
        self.create("live", 2)
        self.produce("live", ["x"])
        reader = subprocess.Popen(
            [program("verdikt"), "verifiable-consumer", "--bootstrap-server", self.broker.address,
             "--topic", "live", "--group-id", "g3"],
            stdout=subprocess.PIPE, text=True,
        )
        try:
            for line in reader.stdout:
                if json.loads(line)["name"] == "offsets_committed":
                    break
            state = self.ok("consumer-groups", "--describe", "--group", "g3", "--state").lines[-1]
            self.assertEqual(state.split()[-2:], ["Stable", "1"])
            members = self.ok("consumer-groups", "--describe", "--group", "g3", "--members",
                              "--verbose").lines[-1]
            self.assertIn("live(0,1)", members)
            refused = self.broker.tool("consumer-groups", "--reset-offsets", "--group", "g3",
                                       "--topic", "live", "--to-earliest", "--execute")
            self.assertEqual(refused.code, 1, refused)
            self.assertIn("members", refused.err)
        finally:
            reader.send_signal(signal.SIGTERM)
            rest = reader.communicate(timeout=PATIENCE)[0]
        self.assertEqual(reader.returncode, 0)
        self.assertIn("partitions_revoked", rest)
        self.assertIn("shutdown_complete", rest)

    def test_a_group_that_does_not_exist_is_an_error(self):
        ended = self.broker.tool("consumer-groups", "--describe", "--group", "nobody")
        self.assertEqual(ended.code, 1, ended)
        self.assertIn("does not exist", ended.err)


class Transactions(WithBroker):
    def test_nothing_is_open_where_nobody_opened_anything(self):
        self.create("plain")
        self.produce("plain", ["a", "b"])
        # The topic that keeps transactions is made for the first who asks for a coordinator.
        unknown = self.broker.tool("transactions", "describe", "--transactional-id", "nobody")
        self.assertEqual(unknown.code, 1, unknown)
        self.assertIn("TRANSACTIONAL_ID_NOT_FOUND", unknown.err)
        self.assertEqual(len(self.ok("transactions", "list").lines), 1)
        self.assertEqual(len(self.ok("transactions", "find-hanging").lines), 1)
        partition = ("--topic", "plain", "--partition", "0")
        producers = self.ok("transactions", "describe-producers", *partition).lines
        self.assertRegex(producers[1], r"^\d+ +0 +-1 +1 +\d+ +None$")
        aborted = self.broker.tool("transactions", "abort", *partition, "--start-offset", "0")
        self.assertEqual(aborted.code, 1, aborted)
        self.assertIn("no open transaction of plain-0 begins at 0", aborted.err)
        vague = self.broker.tool("transactions", "abort", *partition)
        self.assertEqual(vague.code, 254, vague)


class Verifiable(WithBroker):
    def events(self, ended):
        return [json.loads(line) for line in ended.lines]

    def test_producer_and_consumer_tell_every_record_as_json(self):
        self.create("v", 2)
        produced = self.events(self.ok(
            "verifiable-producer", "--topic", "v", "--max-messages", "100", "--value-prefix", "7",
            "--repeating-keys", "3", "--throughput", "1000"))
        self.assertEqual(produced[0]["name"], "startup_complete")
        sent = [each for each in produced if each["name"] == "producer_send_success"]
        self.assertEqual({each["value"] for each in sent}, {f"7.{n}" for n in range(100)})
        self.assertEqual(produced[-1]["name"], "tool_data")
        self.assertEqual((produced[-1]["sent"], produced[-1]["acked"]), (100, 100))
        consumed = self.events(self.ok(
            "verifiable-consumer", "--topic", "v", "--group-id", "v", "--max-messages", "100",
            "--verbose"))
        names = [each["name"] for each in consumed]
        self.assertEqual(names[0], "startup_complete")
        self.assertEqual(names[-1], "shutdown_complete")
        self.assertIn("partitions_assigned", names)
        read = {(each["partition"], each["offset"]): each["value"]
                for each in consumed if each["name"] == "record_data"}
        self.assertEqual(
            read, {(each["partition"], each["offset"]): each["value"] for each in sent})
        commits = [each for each in consumed if each["name"] == "offsets_committed"]
        self.assertTrue(all(each["success"] for each in commits))

    def test_perf_test_prints_kafkas_line(self):
        self.create("perf")
        ended = run_tool(
            "producer-perf-test", "--topic", "perf", "--num-records", "5000", "--record-size", "100",
            "--throughput", "-1", "--producer-props", f"bootstrap.servers={self.broker.address}",
            "acks=1", "enable.idempotence=false")
        self.assertEqual(ended.code, 0, ended)
        self.assertRegex(
            ended.lines[-1],
            r"^5000 records sent, [\d.]+ records/sec \([\d.]+ MB/sec\), [\d.]+ ms avg latency, "
            r"[\d.]+ ms max latency, [\d.]+ ms 50th, [\d.]+ ms 95th, [\d.]+ ms 99th, "
            r"[\d.]+ ms 99\.9th\.$")
        self.assertEqual(self.offsets_of("perf"), ["perf:0:5000"])


class LogFiles(WithBroker):
    def test_segments_indexes_and_checkpoints_are_printed(self):
        self.create("dumped")
        self.produce("dumped", ["k:v", "k2:v2"], "--property", "parse.key=true",
                     "--property", "key.separator=:")
        # A smaller log is closed without indexes.
        self.produce("dumped", ["v" * 70000])
        self.broker.stop()
        self.addCleanup(self.broker.start)
        directory = os.path.join(self.broker.data, "dumped-0")
        dumped = run_tool("dump-log", "--print-data-log", "--files",
                          os.path.join(directory, "00000000000000000000.log"))
        self.assertEqual(dumped.code, 0, dumped)
        self.assertIn("Log starting offset: 0", dumped.out)
        self.assertIn("baseOffset: 0 lastOffset: 1 count: 2 baseSequence: 0", dumped.out)
        self.assertIn("key: k2 payload: v2", dumped.out)
        files = glob.glob(os.path.join(directory, "*.index"))
        files += glob.glob(os.path.join(directory, "*.timeindex"))
        files += glob.glob(os.path.join(directory, "*.snapshot"))
        files += glob.glob(os.path.join(directory, "leader-epoch-checkpoint"))
        self.assertGreaterEqual(len(files), 3, os.listdir(directory))
        others = run_tool("dump-log", "--files", ",".join(files))
        self.assertEqual(others.code, 0, others)
        self.assertIn("epoch: 0 startOffset: 0", others.out)

    def test_a_damaged_segment_is_told_with_its_place(self):
        with tempfile.TemporaryDirectory() as directory:
            path = os.path.join(directory, "00000000000000000000.log")
            with open(path, "wb") as file:
                file.write(b"\0" * 100)
            ended = run_tool("dump-log", "--files", path)
            self.assertEqual(ended.code, 1, ended)
            self.assertIn("damaged at position 0", ended.err)


class BrokerProcess(unittest.TestCase):
    def check_life(self, command):
        broker = Broker(command)
        self.addCleanup(broker.close)
        made = broker.tool("topics", "--create", "--topic", "kept")
        self.assertEqual(made.code, 0, made)
        sent = broker.tool("console-producer", "--topic", "kept", given="still here\n")
        self.assertEqual(sent.code, 0, sent)
        self.assertEqual(broker.stop(), 0, broker.log())
        broker.start()
        self.assertIn("clean=true", broker.log())
        read = broker.tool("console-consumer", "--topic", "kept", "--from-beginning",
                           "--max-messages", "1", "--timeout-ms", "10000")
        self.assertEqual(read.lines, ["still here"], read)
        broker.stop(signal.SIGKILL)
        broker.start()
        self.assertIn("kept", broker.tool("topics", "--list").lines)

    def test_sigterm_is_a_clean_end_and_nothing_is_lost_by_it_or_by_sigkill(self):
        self.check_life([program("verdikt-broker")])

    def test_the_subcommand_is_the_same_broker(self):
        self.check_life([program("verdikt"), "broker"])

    def test_an_unknown_key_is_an_error_that_names_the_nearest(self):
        for command in ([program("verdikt-broker")], [program("verdikt"), "broker"]):
            ended = subprocess.run([*command, "--override", "log.retention.hour=3"],
                                   capture_output=True, text=True, timeout=PATIENCE)
            self.assertNotEqual(ended.returncode, 0)
            self.assertIn("log.retention.hours", ended.stderr)


class BadFlags(unittest.TestCase):
    def check(self, words, hint):
        ended = run_tool(*words)
        self.assertEqual(ended.code, 254, ended)
        self.assertIn(hint, ended.err)

    def test_every_tool_exits_254_and_names_the_nearest_flag(self):
        for tool, flag, hint in (
            ("topics", "--bootstrap-sever", "--bootstrap-server"),
            ("console-producer", "--topik", "--topic"),
            ("console-consumer", "--from-begining", "--from-beginning"),
            ("consumer-groups", "--descibe", "--describe"),
            ("get-offsets", "--tme", "--time"),
            ("configs", "--entity-typ", "--entity-type"),
            ("dump-log", "--file", "--files"),
            ("verifiable-producer", "--max-message", "--max-messages"),
            ("verifiable-consumer", "--group-di", "--group-id"),
            ("producer-perf-test", "--num-record", "--num-records"),
            ("broker", "--overide", "--override"),
        ):
            with self.subTest(tool):
                self.check([tool, flag, "x"], hint)

    def test_an_unknown_tool_exits_254_and_names_the_nearest(self):
        self.check(["topic"], "topics")

    def test_the_broker_program_exits_254_too(self):
        ended = subprocess.run([program("verdikt-broker"), "--overide", "a=b"],
                               capture_output=True, text=True, timeout=PATIENCE)
        self.assertEqual(ended.returncode, 254, Finished(ended.returncode, "", ended.stderr))
        self.assertIn("--override", ended.stderr)

    def test_an_unknown_client_setting_names_the_nearest(self):
        self.check(["console-producer", "--bootstrap-server", "127.0.0.1:1", "--topic", "t",
                    "--producer-property", "lingr.ms=3"], "linger.ms")

    def test_help_exits_0(self):
        self.assertEqual(run_tool("topics", "--help").code, 0)


class NobodyThere(unittest.TestCase):
    def test_a_cluster_that_is_not_there_is_told_within_the_time_given(self):
        with tempfile.NamedTemporaryFile("w") as file:
            file.write("default.api.timeout.ms=1000\nrequest.timeout.ms=500\n")
            file.flush()
            ended = run_tool("topics", "--list", "--bootstrap-server", "127.0.0.1:1",
                             "--command-config", file.name)
        self.assertEqual(ended.code, 1, ended)
        self.assertIn("127.0.0.1:1", ended.err)


if __name__ == "__main__":
    unittest.main(argv=sys.argv)
