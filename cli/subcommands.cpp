#include "cli/subcommands.h"

#include <array>

namespace verdikt::cli {

std::span<const subcommand> all_subcommands() {
    static constexpr std::array<subcommand, 25> known{{
        {"test", "Runs a cluster, breaks it, judges what it did.", declare_test},
        {"check", "Judges a history.", declare_check},
        {"analyze", "Judges a stored run again, and makes its report anew.", declare_analyze},
        {"serve", "Shows all stored runs as web pages.", declare_serve},
        {"explain", "Tells what an anomaly means.", declare_explain},
        {"list",
         "Lists workloads, faults that can be injected, anomalies that can be found, demos.",
         declare_list},
        {"broker", "Runs a broker in the foreground.", declare_broker},
        {"cluster", "Runs a cluster on this machine; tells its id.", declare_cluster},
        {"storage", "Formats log directories and shows their identity.", declare_storage},
        {"topics", "Creates, lists, describes, alters and deletes topics.", declare_topics},
        {"configs", "Shows and changes configurations.", declare_configs},
        {"metadata-quorum", "Shows the controllers.", declare_metadata_quorum},
        {"leader-election", "Elects leaders of partitions.", declare_leader_election},
        {"reassign-partitions", "Moves partitions to other brokers.", declare_reassign_partitions},
        {"console-producer", "Sends lines of standard input.", declare_console_producer},
        {"console-consumer", "Prints records.", declare_console_consumer},
        {"consumer-groups", "Shows groups and moves their offsets.", declare_consumer_groups},
        {"get-offsets", "Prints offsets of partitions.", declare_get_offsets},
        {"dump-log", "Prints what is in the files of a log.", declare_dump_log},
        {"transactions", "Shows transactions and ends those that hang.", declare_transactions},
        {"verifiable-producer",
         "Sends numbers, tells the fate of each.",
         declare_verifiable_producer},
        {"verifiable-consumer",
         "Reads in a group, tells what it sees.",
         declare_verifiable_consumer},
        {"producer-perf-test", "Measures rate and latency of sending.", declare_producer_perf_test},
        {"doctor", "Tells what this machine can do for a test.", declare_doctor},
        {"agent", "Breaks and heals a node of a lab; labs start it.", declare_agent},
    }};
    return known;
}

}  // namespace verdikt::cli
