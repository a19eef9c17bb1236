/// What went wrong in the client, and what a program can do about it.
///
/// An error says nothing of whether the request took effect, unless its holder does: see
/// `delivery` in record.h, which tells failed from unknown.
#pragma once

#include "kafka/error_codes.h"

#include <expected>
#include <string>
#include <string_view>

namespace verdikt::client {

/// Where the error came from.
enum class errc {
    refused_by_broker,    ///< A broker answered with `error::code`.
    timed_out,            ///< No answer within the time that the configuration allows.
    disconnected,         ///< The connection broke, or could not be made.
    unsupported_version,  ///< The broker and we share no version of the request.
    malformed_answer,     ///< The broker's bytes do not decode, or contradict themselves.
    corrupt_records,      ///< A fetched batch fails its checksum or does not decode.
    buffer_exhausted,     ///< `buffer.memory` stayed full for `max.block.ms`.
    too_large,            ///< A record larger than `max.request.size`.
    no_position,          ///< `auto.offset.reset=none`, and there is no valid position.
    log_truncated,        ///< Records that were consumed are no longer in the log (KIP-320).
    invalid_argument,     ///< The call, or the state in which it was made, is wrong.
    not_acknowledged,     ///< `acks=0`: nobody was asked for an answer.
    must_abort,           ///< The transaction failed, and can only be aborted.
    closed,               ///< The client was closed before or during the call.
};

/// What the program does next.
enum class remedy {
    retry,    ///< The same call may succeed later.
    rejoin,   ///< This member or producer was fenced; start over, or let its successor work.
    abort,    ///< The current transaction must be aborted; the producer lives on.
    give_up,  ///< The same call fails again until somebody changes something.
};

struct error {
    errc reason{};
    kafka::error_code code = kafka::error_code::none;  ///< Kafka's, where a broker sent one.
    std::string detail;

    [[nodiscard]] remedy what_to_do() const;
    [[nodiscard]] bool retriable() const { return what_to_do() == remedy::retry; }
    [[nodiscard]] bool fenced() const { return what_to_do() == remedy::rejoin; }
    [[nodiscard]] bool abortable() const { return what_to_do() == remedy::abort; }
    [[nodiscard]] bool fatal() const { return what_to_do() == remedy::give_up; }

    /// One line for a log or a terminal.
    [[nodiscard]] std::string message() const;

    bool operator==(const error&) const = default;
};

template <typename T>
using result = std::expected<T, error>;

[[nodiscard]] std::string_view describe(errc reason);

[[nodiscard]] error refused(kafka::error_code code, std::string detail = {});
[[nodiscard]] std::unexpected<error> failure(errc reason, std::string detail = {});
[[nodiscard]] std::unexpected<error> failure(kafka::error_code code, std::string detail = {});

}  // namespace verdikt::client
