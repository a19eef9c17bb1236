/// Requests that the active controller decides: carried there, and its answer back.
#pragma once

#include "broker/controller/host/controller_route.h"
#include "broker/server/node_services.h"
#include "broker/server/request_context.h"
#include "broker/server/version_limits.h"
#include "runtime/awaitable.h"
#include "runtime/deadline.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace verdikt::broker::server {

/// For requests that do not say how long their sender waits.
inline constexpr std::chrono::milliseconds forwarding_patience{15'000};
inline constexpr std::chrono::seconds settling_patience{2};

template <typename Request>
runtime::instant deadline_of(const node_services& here, const Request& request) {
    std::chrono::milliseconds patience = forwarding_patience;
    if constexpr (requires { request.timeout_ms; }) {
        if (request.timeout_ms > 0) patience = std::chrono::milliseconds(request.timeout_ms);
    }
    return here.world.now() + patience;
}

/// Where no answer came, NOT_CONTROLLER says that nothing was done, and REQUEST_TIMED_OUT that it
/// is not known. What the controller did is in this node's image by then, if it is the controller
/// itself, and soon elsewhere.
template <typename Response, typename Request>
runtime::awaitable<Response> ask_controller(node_services& here, Request request) {
    const runtime::instant deadline = deadline_of(here, request);
    auto answer =
        co_await here.controller.ask_until<Response>(request, link::channel::forwarding, deadline);
    if (answer) co_return std::move(*answer);
    const bool unknown = answer.error().of_request == link::fate::unknown;
    co_return controller::host::refusal(
        request,
        unknown ? kafka::error_code::request_timed_out : kafka::error_code::not_controller);
}

/// Returns once what the controller just did is done here too, as far as this node knows of it, so
/// that who asked for a topic finds it; but does not wait for a disk that hangs.
inline runtime::awaitable<void> settle(node_services& here) {
    co_await runtime::with_deadline(
        here.world, here.world.now() + settling_patience, here.partitions.until_settled());
}

/// A handler of a request that needs nothing of this node.
template <typename Response, typename Request>
runtime::awaitable<Response> forward(node_services& here,
                                     const request_context& asked,
                                     Request request) {
    Response answer = co_await ask_controller<Response>(here, std::move(request));
    co_return as_of(asked.version, std::move(answer));
}

}  // namespace verdikt::broker::server
