/// What a transaction is made of, what happens to it and what it then wants done.
///
/// Plain data shared by the transaction's state machine and by whoever carries its effects out.
#pragma once

#include "kafka/error_codes.h"
#include "kafka/types.h"
#include "runtime/named.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace verdikt::broker::coordinator::transactions {

using std::chrono::milliseconds;

/// Names a request that waits for its answer. Drawn by the host, never reused.
using ticket = runtime::named<struct transaction_ticket_tag, std::uint64_t>;
/// Counts the rounds of markers of one coordinator, so that late answers can be told apart.
using marker_round = runtime::named<struct marker_round_tag, std::uint64_t>;

/// As the stored record numbers them.
enum class transaction_state : std::int8_t {
    empty = 0,
    ongoing = 1,
    prepare_commit = 2,
    prepare_abort = 3,
    complete_commit = 4,
    complete_abort = 5,
    dead = 6,
};

/// As ListTransactions and DescribeTransactions spell it.
[[nodiscard]] std::string_view name(transaction_state state);

/// How a client speaks about transactions. `epoch_bump` (KIP-890 part 2): each transaction has an
/// epoch of its own.
enum class protocol : std::int8_t { initial = 0, flexible = 1, epoch_bump = 2 };

struct producer_identity {
    kafka::producer_id id = kafka::no_producer_id;
    kafka::producer_epoch epoch = kafka::no_producer_epoch;

    bool operator==(const producer_identity&) const = default;
};

/// At this epoch a producer's next identity has a new id: the one epoch above is kept for fencing
/// it.
inline constexpr kafka::producer_epoch epoch_exhausted{INT16_MAX - 1};

using partitions = std::set<kafka::topic_partition>;

/// What is written down of a transactional id.
struct stored_transaction {
    producer_identity producer = {};
    /// The id before the current one was given out, for retries over that change.
    kafka::producer_id previous_id = kafka::no_producer_id;
    /// The id to go on with once the transaction is complete.
    kafka::producer_id next_id = kafka::no_producer_id;
    milliseconds timeout{};
    transaction_state state = transaction_state::empty;
    transactions::partitions partitions = {};
    kafka::timestamp started = kafka::no_timestamp;
    kafka::timestamp updated = kafka::no_timestamp;
    protocol spoken = protocol::initial;

    bool operator==(const stored_transaction&) const = default;
};

// ---- Events.

struct init_event {
    ticket from;
    milliseconds timeout{};
    /// Who the producer says that it is (InitProducerId 3 and later, KIP-360).
    std::optional<producer_identity> expected = {};
    /// The id to give if one is needed. Never given before.
    kafka::producer_id fresh_id;
    kafka::timestamp now;
};

struct add_event {
    ticket from;
    producer_identity producer;
    transactions::partitions partitions;
    protocol spoken = protocol::initial;
    kafka::timestamp now;
};

struct end_event {
    ticket from;
    producer_identity producer;
    bool commit = false;
    protocol spoken = protocol::initial;
    kafka::producer_id fresh_id;
    kafka::timestamp now;
};

// ---- Effects, to be carried out in their order.

/// The identity is set for InitProducerId, and for EndTxn under `protocol::epoch_bump`.
struct answer {
    ticket to;
    kafka::error_code error = kafka::error_code::none;
    producer_identity producer = {};
};

/// Append the state, and call `transaction::stored` once it is committed or has failed.
struct store_transaction {
    std::string transactional_id;
    stored_transaction state;
};

/// Append the id's tombstone, and call `transaction::stored`.
struct store_tombstone {
    std::string transactional_id;
};

/// Write a marker to the leader of each partition, wherever it is by then, and call
/// `transaction::marker_answered` for each.
struct send_markers {
    std::string transactional_id;
    marker_round round;
    producer_identity producer;
    bool commit = false;
    transactions::partitions partitions;
    protocol spoken = protocol::initial;
};

/// All markers are written but that could not be noted: call `transaction::complete_again` after a
/// while.
struct retry_completion {
    std::string transactional_id;
};

using effect =
    std::variant<answer, store_transaction, store_tombstone, send_markers, retry_completion>;
using effects = std::vector<effect>;

}  // namespace verdikt::broker::coordinator::transactions
