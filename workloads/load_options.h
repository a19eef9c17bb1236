/// What a trial is told of its load: one struct for all workloads, each of which takes what means
/// something to it. The defaults are the safe settings.
///
/// What is relaxed here also changes what the checker may demand: a workload and the judge of its
/// history look at the same options.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <utility>
#include <vector>

namespace verdikt::workloads {

struct load_options {
    std::vector<std::string> servers = {};  ///< host:port. The trial fills it in.
    std::uint64_t seed = 0;

    double rate = 200;  ///< Operations a second, by all clients together.
    std::int32_t concurrency = 8;
    std::int32_t partitions = 4;
    std::string key_distribution = "uniform";  ///< Or `exponential`: each half of the one before.
    std::string sub_via = "both";              ///< Or `assign`, `subscribe`.
    std::int32_t replication_factor = -1;      ///< -1: the broker's default.

    std::string acks = "all";  ///< Or `0`, `1`.
    std::string isolation_level = "read_committed";
    bool no_idempotence = false;
    bool no_transactions = false;
    bool auto_commit = false;
    bool unclean_elections = false;  ///< Of the topics that the workload makes.

    /// Judges as if these settings promised that, whatever they are.
    bool expect_durable = false;
    bool expect_idempotent = false;
    bool expect_committed = false;
    bool expect_processed = false;
    /// Fewer successful operations of a kind that the verdict rests on prove nothing.
    std::int32_t operations_min = 20;

    /// Idempotence wants acks=all, and transactions want idempotence: what is left then.
    [[nodiscard]] bool idempotent() const { return !no_idempotence && acks == "all"; }
    [[nodiscard]] bool transactional() const { return !no_transactions && idempotent(); }
    /// Which promises hold.
    [[nodiscard]] bool promises_durable() const {
        return expect_durable || (acks == "all" && !unclean_elections);
    }
    [[nodiscard]] bool promises_idempotent() const { return expect_idempotent || idempotent(); }
    [[nodiscard]] bool promises_committed() const {
        return expect_committed || isolation_level == "read_committed";
    }
};

/// Every option that may be told, as `look(flag, value, meaning)`: command line, stored settings
/// and report all go through here, so that none forgets one. `flag` has no dashes before it.
template <typename Options, typename Look>
void each_option(Options& of, Look look) {
    look("rate", of.rate, "Operations a second");
    look("concurrency", of.concurrency, "Clients at the same time");
    look("partitions", of.partitions, "Partitions of a topic");
    look("key-dist", of.key_distribution, "How often keys are used: uniform or exponential");
    look("sub-via", of.sub_via, "How readers get their partitions: assign, subscribe or both");
    look("replication-factor", of.replication_factor, "Of the topics; -1: the broker's default");
    look("acks", of.acks, "What producers wait for: 0, 1 or all");
    look("isolation-level", of.isolation_level, "read_committed or read_uncommitted");
    look("no-idempotence", of.no_idempotence, "Producers may repeat and reorder");
    look("no-txn", of.no_transactions, "No transactions");
    look("enable-auto-commit", of.auto_commit, "Consumers commit by themselves");
    look("unclean-elections", of.unclean_elections, "Replicas out of sync may lead");
    look("expect-durable", of.expect_durable, "A lost write is a violation whatever was promised");
    look("expect-idempotent", of.expect_idempotent, "So is a duplicate");
    look("expect-committed", of.expect_committed, "So is a read of what was aborted");
    look("expect-processed", of.expect_processed, "So is an input processed twice or never");
    look("operations-min", of.operations_min, "Fewer successful operations prove nothing");
}

/// Names and values as text, in the order above.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> texts_of(
    const load_options& options);
/// The same back; names that are no options are passed over, so that the settings of a stored run
/// can be given as they are. The reason if a value makes no sense.
[[nodiscard]] std::expected<load_options, std::string> load_options_from(
    const std::vector<std::pair<std::string, std::string>>& texts);
/// Why these options make no sense; empty if they do.
[[nodiscard]] std::string problem_of(const load_options& options);

}  // namespace verdikt::workloads
