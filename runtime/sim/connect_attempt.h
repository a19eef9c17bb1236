/// A connection being made: the request on its way out, then the answer on its way back.
///
/// A request that meets a closed path or a silent machine is sent again after one second, then two,
/// four and so on (RFC 6298), until the connect limit.
///
/// Lives in the connecting coroutine. If that ends early, the end it had made is closed with it.
#pragma once

#include "runtime/network.h"
#include "runtime/sim/connection.h"
#include "runtime/sim/pending_wait.h"

#include <expected>

namespace verdikt::runtime::sim {

class process;

class connect_attempt final : public event, public pending_wait {
  public:
    connect_attempt(process& from, node_index to, std::uint16_t port);

    /// Requires: finished.
    std::expected<held_end, errc> take_result() { return std::move(result_); }

  private:
    enum class stage { request, acceptance, refusal };

    void fire() override;
    void request_arrives();
    void answer_arrives();
    void send(stage what);
    void send_again();
    void end_with(std::expected<held_end, errc> result);

    process& from_;
    switchboard& wires_;
    node_index source_;
    node_index target_;
    std::uint16_t port_;
    stage stage_ = stage::request;
    instant give_up_at_;
    duration pause_ = std::chrono::seconds(1);
    held_end made_;
    std::expected<held_end, errc> result_ = std::unexpected(errc::unreachable);
};

}  // namespace verdikt::runtime::sim
