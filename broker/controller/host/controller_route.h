/// Requests to the active controller, wherever it is: on this node by a call, elsewhere over a
/// link.
///
/// Lives as long as its node. All references outlive it.
#pragma once

#include "broker/controller/host/controller_host.h"
#include "broker/controller/host/refusals.h"
#include "broker/link/node_links.h"
#include "kafka/types.h"
#include "runtime/deadline.h"
#include "runtime/environment.h"

#include <algorithm>
#include <chrono>
#include <expected>
#include <optional>
#include <type_traits>
#include <utility>

namespace verdikt::broker::controller::host {

class controller_route {
  public:
    controller_route(runtime::environment& world,
                     kafka::node_id self,
                     controller_host& here,
                     link::node_links& links)
        : world_(world), self_(self), here_(here), links_(links) {}

    template <typename Response>
    using result = std::expected<Response, link::link_error>;

    /// One attempt at whoever leads the quorum now. The answer may be NOT_CONTROLLER. With nobody
    /// known to lead it fails as `unknown_node`, certainly not sent.
    template <typename Response, typename Request>
    runtime::awaitable<result<Response>> ask(Request request,
                                             link::channel over,
                                             runtime::duration timeout);

    /// Repeats while nobody is the controller, and while it is certain that nothing was sent. A
    /// NOT_CONTROLLER that comes after the decision was appended cannot be told from another, as in
    /// Kafka: repeated, a request may find its own work done. An error that says "certainly not
    /// sent" speaks of all attempts.
    template <typename Response, typename Request>
    runtime::awaitable<result<Response>> ask_until(Request request,
                                                   link::channel over,
                                                   runtime::instant deadline);

  private:
    static constexpr runtime::duration pause_between = std::chrono::milliseconds(50);

    runtime::environment& world_;
    kafka::node_id self_;
    controller_host& here_;
    link::node_links& links_;
};

template <typename Response, typename Request>
runtime::awaitable<controller_route::result<Response>> controller_route::ask(
    Request request, link::channel over, runtime::duration timeout) {
    const std::optional<kafka::node_id> leader = here_.leader();
    if (!leader) {
        co_return std::unexpected(
            link::link_error{.why = link::link_errc::unknown_node, .detail = "nobody leads"});
    }
    if (*leader == self_) {
        if constexpr (std::is_same_v<Request, kafka::messages::broker_registration_request>) {
            here_.registers_here(request);
        }
        auto answer = co_await runtime::with_deadline<Response>(
            world_, world_.now() + timeout, here_.handle(std::move(request)));
        if (answer) co_return std::move(*answer);
        co_return std::unexpected(
            link::link_error{.why = link::link_errc::timed_out, .of_request = link::fate::unknown});
    }
    auto answer = co_await links_.call<Response>(
        {.node = *leader, .over = over}, std::move(request), timeout);
    if (!answer) co_return std::unexpected(std::move(answer.error()));
    co_return std::move(answer->message);
}

template <typename Response, typename Request>
runtime::awaitable<controller_route::result<Response>> controller_route::ask_until(
    Request request, link::channel over, runtime::instant deadline) {
    bool is_in_doubt = false;
    for (;;) {
        const runtime::duration left = std::max(runtime::duration::zero(), deadline - world_.now());
        result<Response> answer = co_await ask<Response>(request, over, left);
        const bool again = answer ? is_not_controller(*answer)
                                  : answer.error().of_request == link::fate::certainly_not_sent;
        if (!again || world_.now() + pause_between >= deadline) {
            if (!answer && is_in_doubt) answer.error().of_request = link::fate::unknown;
            co_return answer;
        }
        is_in_doubt = is_in_doubt || answer.has_value();
        co_await world_.sleep_for(pause_between);
    }
}

}  // namespace verdikt::broker::controller::host
