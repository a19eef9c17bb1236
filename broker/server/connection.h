/// One client's connection: requests in, answers out, in the same order.
///
/// A request waits until every one before it has been answered, Produce excepted: up to
/// `produce_in_flight_max` of those run at once, so that a group commit can serve several. Answers
/// queue in slots in the order of their requests.
///
/// Nothing a client does makes it grow without bound: a request is read into the budget of
/// `request_memory`, nothing more is read while the slots are full, and `close_if_overdue`, called
/// from time to time, closes a connection that is idle, sends a request too slowly or does not take
/// its answers. (One watch over all connections instead of a deadline around each wait keeps timers
/// off the path of every request.)
///
/// Bytes that are no request, and requests in versions that are not served, close the connection,
/// as in Kafka.
#pragma once

#include "broker/server/api_table.h"
#include "broker/server/node_services.h"
#include "broker/server/produce_call.h"
#include "broker/server/request_context.h"
#include "broker/server/request_memory.h"
#include "runtime/network.h"
#include "runtime/notification.h"
#include "runtime/scope.h"

#include <array>
#include <chrono>
#include <cstddef>
#include <deque>
#include <memory>
#include <optional>

namespace verdikt::broker::server {

struct connection_limits {
    std::size_t request_bytes_max = 104'857'600;        ///< socket.request.max.bytes
    std::chrono::milliseconds request_timeout{30'000};  ///< socket.request.timeout.ms
    std::chrono::milliseconds idle_max{600'000};        ///< connections.max.idle.ms
    std::size_t produce_in_flight_max = 64;             ///< max.in.flight.produce.requests
};

class connection {
  public:
    /// All references outlive the connection.
    connection(node_services& here,
               request_memory& memory,
               connection_limits limits,
               std::unique_ptr<runtime::stream> wire,
               const served_listener& through);

    /// Serves until the client leaves, misbehaves or is too slow, or `close` or `finish` is called.
    runtime::awaitable<void> run();

    /// Reads no further request; ends once what was read has been answered.
    void finish();
    void close();
    /// Produce requests under way are answered with KAFKA_STORAGE_ERROR, though they may be carried
    /// out yet; others cannot be, and end with the connection.
    void abandon_waiting();
    /// Whether the next request closes the connection. Without effect on a controller's listener.
    void turn_away(bool turns_away) { turns_away_ = turns_away; }
    /// True if it had to be closed. Also answers Produce requests whose time is over.
    bool close_if_overdue(runtime::instant now);

    [[nodiscard]] const std::string& client_host() const { return client_host_; }

  private:
    struct slot {
        kafka::api_key key{};
        reply answer;
        bool ready = false;
        std::shared_ptr<produce_call> produce;
    };

    runtime::awaitable<void> read_requests();
    runtime::awaitable<void> write_answers();
    runtime::awaitable<std::optional<request_buffer>> read_request();
    runtime::awaitable<bool> fill_staging(std::size_t wanted);
    runtime::awaitable<bool> read_rest(runtime::mutable_bytes into);
    runtime::awaitable<bool> take_request(request_buffer bytes);
    runtime::awaitable<bool> serve(const api& which,
                                   request_context asked,
                                   request_buffer bytes,
                                   kafka::buffer_reader body);
    runtime::awaitable<bool> begin_produce(request_context asked,
                                           request_buffer bytes,
                                           kafka::buffer_reader body);
    runtime::awaitable<bool> wait_for_room(std::size_t others);
    runtime::awaitable<bool> refuse_version(request_context asked);
    void finish_produce(slot& which);
    void finish_slot(slot& which);
    runtime::awaitable<bool> write_ready();
    runtime::awaitable<bool> write_with_slices(reply answer);
    runtime::awaitable<bool> write_slice(storage::file_slice slice);
    [[nodiscard]] bool overdue(runtime::instant now) const;
    void give_up(std::string_view reason);

    node_services& here_;
    request_memory& memory_;
    connection_limits limits_;
    std::unique_ptr<runtime::stream> wire_;
    const served_listener& through_;
    heartbeat_session session_;
    std::string client_host_;
    runtime::scope tasks_;

    /// What was read and not yet taken lies in [staged_begin_, staged_end_). Small, since idle
    /// connections have it too: what is larger is read to where it belongs.
    std::array<std::byte, 512> staging_;
    std::size_t staged_begin_ = 0;
    std::size_t staged_end_ = 0;

    std::deque<std::shared_ptr<slot>> slots_;
    runtime::notification slots_changed_;
    std::vector<std::byte> outgoing_;
    bool reading_ended_ = false;
    bool writing_ended_ = false;
    bool finishing_ = false;
    bool turns_away_ = false;
    const bool is_for_controllers_;

    // For the watch over slow clients.
    runtime::instant active_;
    std::optional<runtime::instant> request_due_;
    std::optional<runtime::instant> writing_since_;
};

}  // namespace verdikt::broker::server
