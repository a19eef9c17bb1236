/// All that `verdikt-bench` can measure. To add a subject: write `<subject>_bench.cpp`, declare its
/// function here, and put it into the list.
#pragma once

#include <string_view>

namespace verdikt::bench {

struct settings;

void run_checksum_section(const settings& settings);
void run_codec_section(const settings& settings);
void run_batch_section(const settings& settings);
void run_simulation_section(const settings& settings);
void run_produce_section(const settings& settings);
void run_durable_section(const settings& settings);
void run_fetch_section(const settings& settings);
void run_latency_section(const settings& settings);
void run_recovery_section(const settings& settings);
void run_memory_section(const settings& settings);
void run_replicated_section(const settings& settings);
void run_metadata_section(const settings& settings);
void run_librdkafka_section(const settings& settings);
void run_failover_section(const settings& settings);
void run_checker_section(const settings& settings);
void run_recorder_section(const settings& settings);
void run_report_section(const settings& settings);

struct section {
    std::string_view name;  ///< For `--only`.
    std::string_view measures;
    void (*run)(const settings& settings);
};

inline constexpr section all_sections[] = {
    {"checksum", "CRC-32C against reading and copying the same memory", run_checksum_section},
    {"codecs", "compression against the bare library call", run_codec_section},
    {"batches",
     "building, reading and validating batches against their checksum",
     run_batch_section},
    {"simulation", "events of the simulated world", run_simulation_section},
    {"produce",
     "acks=1 into one partition, against a bare server on the same socket and page cache",
     run_produce_section},
    {"durable", "acks=all as it comes, against fdatasync", run_durable_section},
    {"fetch", "reading what is in the page cache, against sendfile", run_fetch_section},
    {"latency", "one record at a time, acks=1", run_latency_section},
    {"recovery", "starting after a crash", run_recovery_section},
    {"memory", "of an idle connection and of a partition", run_memory_section},
    {"replicated",
     "acks=all on three brokers, against a bare server with two bare followers",
     run_replicated_section},
    {"metadata", "three brokers with a thousand topics", run_metadata_section},
    {"librdkafka", "other people's client, against its own mock cluster", run_librdkafka_section},
    {"failover", "a lost leader, to the next acknowledged write", run_failover_section},
    {"checkers", "from the text of a history to a verdict", run_checker_section},
    {"recorder", "the same load without and with a history of it", run_recorder_section},
    {"report", "writing a history down, and a report of it", run_report_section},
};

}  // namespace verdikt::bench
