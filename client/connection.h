/// One connection to a broker: any number of requests under way, answers matched in order.
///
/// `serve` moves the bytes and must be running for anything to happen; whoever made the connection
/// spawns it. Everything else may be called from any coroutine of the same executor. A request
/// whose answer does not come in time closes the connection: answers come in order, so those behind
/// it are stuck as well.
///
/// Every failed exchange says whether the request may have reached the broker.
#pragma once

#include "client/api_versions.h"
#include "client/error.h"
#include "kafka/records/byte_buffer.h"
#include "runtime/environment.h"
#include "runtime/notification.h"
#include "runtime/wait_point.h"

#include <cstdint>
#include <deque>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace verdikt::client {

struct call_failure {
    error why;
    /// False: not one byte was handed to the transport, so the broker cannot have seen it.
    bool may_have_arrived = false;
};

/// An answer without its size field.
using answer_bytes = std::shared_ptr<const kafka::records::byte_buffer>;
using exchange_result = std::expected<answer_bytes, call_failure>;

class connection {
  public:
    connection(runtime::environment& world,
               std::unique_ptr<runtime::stream> transport,
               std::size_t answer_size_max);

    /// Reads and writes until the connection ends. What waits for an answer then fails.
    /// Requires: started once; the caller keeps the connection alive through `self`.
    runtime::awaitable<void> serve(std::shared_ptr<connection> self);

    /// Numbers a request. Requests must be given to `exchange` or `post` in this order.
    [[nodiscard]] std::int32_t next_correlation_id() { return next_correlation_++; }

    /// Sends a frame (size field included) and waits for the answer that carries its id.
    runtime::awaitable<exchange_result> exchange(std::vector<std::byte> frame,
                                                 std::int32_t correlation,
                                                 runtime::instant deadline);

    /// Sends a frame that is never answered (acks=0); returns once it is handed to the transport.
    runtime::awaitable<std::expected<void, call_failure>> post(std::vector<std::byte> frame,
                                                               runtime::instant deadline);

    void close(error why);
    [[nodiscard]] bool open() const { return !ended_.has_value(); }
    [[nodiscard]] std::size_t requests_under_way() const { return expected_.size(); }
    /// Why it ended. Requires: !open().
    [[nodiscard]] const error& ended() const { return *ended_; }

    broker_versions versions;  ///< Filled by whoever negotiated them.

  private:
    class waiter;
    struct outgoing {
        std::vector<std::byte> frame;
        waiter* sender = nullptr;  ///< Null once nobody cares.
    };
    struct expected_answer {
        std::int32_t correlation = 0;
        waiter* asker = nullptr;  ///< Null once nobody cares: the answer is dropped.
    };

    runtime::awaitable<exchange_result> await_outcome(waiter& mine, runtime::instant deadline);
    runtime::awaitable<void> write_all();
    runtime::awaitable<void> read_all();
    runtime::awaitable<std::expected<void, runtime::errc>> fill(runtime::mutable_bytes into);
    [[nodiscard]] std::vector<std::vector<std::byte>> take_outgoing();
    void tell_posters();
    [[nodiscard]] bool hand_out(kafka::records::byte_buffer answer);
    void forget(waiter& gone);
    void fail_all();

    runtime::environment& world_;
    std::unique_ptr<runtime::stream> transport_;
    std::size_t answer_size_max_;
    std::int32_t next_correlation_ = 0;
    std::deque<outgoing> outgoing_;
    std::deque<expected_answer> expected_;
    std::vector<waiter*> posters_;  ///< Their frames are being written, and nothing comes back.
    runtime::notification to_write_;
    std::vector<std::byte> input_;
    std::size_t input_begin_ = 0;
    std::size_t input_end_ = 0;
    std::optional<error> ended_;
};

}  // namespace verdikt::client
