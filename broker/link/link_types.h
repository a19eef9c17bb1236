/// What calls between the nodes of a cluster are made of: where to, what may go wrong, what comes
/// back.
#pragma once

#include "kafka/records/byte_buffer.h"
#include "kafka/types.h"
#include "runtime/clock.h"

#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <string_view>

namespace verdikt::broker::link {

/// Which of the connections to a node a call takes. A node answers what comes over one connection
/// in order, so whatever may wait long, or must never wait, has one of its own.
enum class channel : std::uint8_t {
    quorum,        ///< Votes and announcements: nothing else may hold them up.
    quorum_fetch,  ///< Of the metadata log. The leader keeps the request while it has nothing new.
    heartbeat,     ///< Registration and heartbeats: if it breaks, the controller suspects us.
    controller,    ///< What partitions need of the controller: AlterPartition, producer ids.
    forwarding,    ///< Clients' requests that another node must decide.
    replication,   ///< Fetches of partitions. The leader keeps them while it has nothing new.
    transactions,  ///< Verification and markers.
};

/// Kafka-like and snake_case, for log lines.
[[nodiscard]] std::string_view name(channel which);

struct destination {
    kafka::node_id node;
    channel over{};

    auto operator<=>(const destination&) const = default;
};

enum class link_errc {
    unknown_node,     ///< Nobody has said where it is.
    refused,          ///< Nobody listens where the node should be: its process has ended.
    unreachable,      ///< No connection could be made.
    connection_lost,  ///< It broke before the answer came.
    timed_out,
    too_many_calls,    ///< As many as may be under way already are.
    not_expressible,   ///< The request cannot be written in that version.
    malformed_answer,  ///< What came back is not an answer to this request.
    stopped,           ///< This node stops.
};

/// English, lower case, for a log line or a message after a colon.
[[nodiscard]] std::string_view describe(link_errc what);

enum class fate {
    certainly_not_sent,  ///< Not one byte was handed to the transport.
    unknown,             ///< The node may have acted on it, or may do so later.
};

struct link_error {
    link_errc why{};
    fate of_request = fate::certainly_not_sent;
    std::string detail = {};
};

/// An answer as it came, without its size field.
using answer_bytes = std::shared_ptr<const kafka::records::byte_buffer>;

/// A decoded answer with the bytes that its records borrow.
template <typename Response>
struct answered {
    Response message;
    answer_bytes bytes;
};

template <typename Response>
using call_result = std::expected<answered<Response>, link_error>;

struct link_settings {
    /// Tells nodes apart in each other's logs.
    std::string client_id = "verdikt-broker";
    runtime::duration connect_timeout = std::chrono::seconds(2);
    /// After a first failure; it doubles up to the maximum while none succeeds.
    runtime::duration reconnect_backoff = std::chrono::milliseconds(50);
    runtime::duration reconnect_backoff_max = std::chrono::milliseconds(500);
    /// Of one connection, those that wait for a connection included.
    std::size_t calls_max = 1'000;
    std::size_t answer_size_max = std::size_t{100} << 20;
};

}  // namespace verdikt::broker::link
