/// What request handlers ask of a partition, and what they get.
#pragma once

#include "broker/replication/partition_leader.h"
#include "broker/replication/settings.h"
#include "broker/replication/transaction_guards.h"
#include "broker/storage/log_config.h"
#include "broker/storage/partition_log.h"
#include "kafka/error_codes.h"
#include "kafka/types.h"
#include "runtime/clock.h"
#include "runtime/files.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace verdikt::broker::replication::host {

/// What a topic's configuration comes to, as far as its replicas go. `replica.durable` follows from
/// `log`, whatever it says.
struct partition_settings {
    storage::log_config log;
    replica_settings replica;
};

struct append_wish {
    /// One batch, validated (kafka/records/validation.h). Lives until the append has returned.
    runtime::mutable_bytes batch;
    required_acks acks = required_acks::all;
    storage::append_origin origin = storage::append_origin::client;
    /// From `hosted_partition::begin_verification`, once the coordinator has said yes.
    std::optional<guard> verified = {};
    /// Who appends on the strength of a leadership (a coordinator) names its epoch:
    /// NOT_LEADER_OR_FOLLOWER in any other. -1 for clients, who know nothing of it.
    kafka::leader_epoch led_in = kafka::no_leader_epoch;
};

/// That all before `end` is committed while the leadership of that epoch lasts.
struct commit_wish {
    kafka::offset end;
    kafka::leader_epoch epoch;
};

struct appended {
    kafka::offset base_offset;
    kafka::offset last_offset;
    kafka::offset log_start;
    kafka::leader_epoch epoch;  ///< Of the leadership under which it was appended.
    bool duplicate = false;     ///< The producer repeated a batch that is here already.

    [[nodiscard]] commit_wish to_commit() const {
        return {.end = last_offset.next(), .epoch = epoch};
    }
};

/// What DeleteRecords did here.
struct deleted {
    kafka::offset log_start;
    kafka::leader_epoch epoch;  ///< Of the leadership under which it was done.
};

struct consumer_read {
    kafka::offset from;
    std::uint64_t max_bytes = 0;
    /// Give the first batch whole even if it is larger than `max_bytes`.
    bool at_least_one_batch = true;
    bool committed_only = false;  ///< isolation.level=read_committed
    kafka::leader_epoch current_leader_epoch = kafka::no_leader_epoch;
};

struct follower_read {
    replica_fetch fetch;
    std::uint64_t max_bytes = 0;
    bool at_least_one_batch = true;
};

struct read_answer {
    kafka::error_code error = kafka::error_code::none;
    std::optional<storage::epoch_end> diverging = {};
    kafka::offset high_watermark = kafka::no_offset;
    kafka::offset last_stable_offset = kafka::no_offset;
    kafka::offset log_start = kafka::no_offset;
    bool log_start_is_news = false;  ///< To the follower that reads.
    /// Empty where nothing may be read.
    storage::file_slice slice = {};
    /// For read_committed: those that overlap what is given.
    std::optional<std::vector<storage::aborted_transaction>> aborted = {};
    /// What the reader may see ends here: where it ends later, there is something new.
    kafka::offset visible_end = kafka::no_offset;
};

/// Who asks ListOffsets, which decides where the log ends for it.
enum class asker { uncommitted_reader, committed_reader, follower };

/// The offsets that ListOffsets names by negative timestamps.
inline constexpr std::int64_t latest_offset = -1;
inline constexpr std::int64_t earliest_offset = -2;
inline constexpr std::int64_t max_timestamp_offset = -3;
inline constexpr std::int64_t earliest_local_offset = -4;

struct offset_wish {
    std::int64_t time = latest_offset;
    asker by = asker::uncommitted_reader;
    kafka::leader_epoch current_leader_epoch = kafka::no_leader_epoch;
};

/// One producer as DescribeProducers shows it.
struct described_producer {
    kafka::producer_id id;
    kafka::producer_epoch epoch;
    std::int32_t last_sequence = -1;
    kafka::timestamp last_time = kafka::no_timestamp;
    std::int32_t coordinator_epoch = storage::no_coordinator_epoch;
    kafka::offset transaction_start = kafka::no_offset;
};

}  // namespace verdikt::broker::replication::host
