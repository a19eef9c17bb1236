/// One connection to one node, made when it is needed and anew when it breaks.
///
/// `serve` connects, writes and reads, and must be running for anything to happen. A call stands in
/// `waiting_` until its first byte is handed to the transport, then in `sent_` until its answer
/// comes. What has not begun to be sent when a connection breaks goes over the next one; what has
/// fails, its fate unknown.
///
/// Invariants: `sent_` holds calls of the present connection only, in the order in which they were
/// written; a call whose caller is gone stays there, so that its answer is recognised.
#pragma once

#include "broker/link/link_types.h"
#include "runtime/environment.h"
#include "runtime/notification.h"
#include "runtime/wait_point.h"

#include <cstdint>
#include <deque>
#include <expected>
#include <memory>
#include <optional>
#include <vector>

namespace verdikt::broker::link {

using exchange_result = std::expected<answer_bytes, link_error>;

class line {
  public:
    /// `world` outlives it.
    line(runtime::environment& world, runtime::endpoint to, const link_settings& settings);

    /// Runs until cancelled or closed. Requires: started once; the caller keeps the line alive.
    runtime::awaitable<void> serve();

    /// Numbers a request. Requests must be given to `exchange` in this order.
    [[nodiscard]] std::int32_t next_correlation_id() {
        return static_cast<std::int32_t>(next_correlation_++);
    }

    /// Sends a frame (size field included) and waits for the answer that carries its id.
    runtime::awaitable<exchange_result> exchange(std::vector<std::byte> frame,
                                                 std::int32_t correlation,
                                                 runtime::instant deadline);

    /// Fails all calls, now and later. `serve` ends soon after.
    void close(link_errc why);

  private:
    class caller;
    struct call {
        std::int32_t correlation = 0;
        std::vector<std::byte> frame;
        caller* asker = nullptr;  ///< Null once nobody cares: the answer is dropped.
    };

    runtime::awaitable<void> connect();
    runtime::awaitable<void> converse();
    runtime::awaitable<void> write_all();
    runtime::awaitable<void> read_all();
    runtime::awaitable<bool> fill(runtime::mutable_bytes into);
    [[nodiscard]] std::vector<std::vector<std::byte>> take_waiting();
    void hand_out(kafka::records::byte_buffer answer);
    void break_connection(link_error why);
    void fail_waiting(const link_error& why);
    void forget(const caller& gone);
    void back_off();

    runtime::environment& world_;
    runtime::endpoint to_;
    link_settings settings_;
    std::unique_ptr<runtime::stream> transport_;  ///< While connected.
    bool broken_ = false;                         ///< The present connection.
    bool has_answered_ = false;                   ///< Over the present connection.
    std::uint32_t failures_ = 0;                  ///< Attempts since an answer last came.
    runtime::instant next_attempt_;
    std::uint32_t next_correlation_ = 0;  ///< Wraps.
    std::deque<call> waiting_;
    std::deque<call> sent_;
    runtime::notification to_write_;
    std::vector<std::byte> input_;
    std::size_t input_begin_ = 0;
    std::size_t input_end_ = 0;
    std::optional<link_errc> closed_;
};

}  // namespace verdikt::broker::link
