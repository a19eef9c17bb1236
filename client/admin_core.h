/// How the admin client asks: whom, how often, and when it stops.
///
/// A question is asked again after any failure. A change is asked for again only while it is
/// certain that no broker has seen it, or one has said that it did nothing; otherwise a retry could
/// meet its own first attempt ("topic already exists") and report the wrong outcome.
#pragma once

#include "client/admin.h"
#include "client/cluster.h"
#include "runtime/deadline.h"

#include <fmt/format.h>

#include <stdexcept>
#include <utility>

namespace verdikt::client {

enum class purpose { question, change };

class admin_core {
  public:
    admin_core(runtime::environment& world, client_config config)
        : config_(checked(std::move(config))), brokers(world, config_) {}

    void start() {
        if (!std::exchange(started_, true)) brokers.start();
    }
    runtime::awaitable<void> close() {
        closed_ = true;
        co_await brokers.stop();
    }

    [[nodiscard]] runtime::instant deadline() {
        return brokers.world().now() + config_.default_api_timeout_ms;
    }
    [[nodiscard]] std::int32_t timeout_ms() const {
        return static_cast<std::int32_t>(config_.request_timeout_ms.count());
    }

    /// `code_of(response)` is an error that concerns the whole answer, `none` if it stands.
    template <typename Response, typename Request, typename CodeOf>
    runtime::awaitable<result<Response>> ask(purpose why, Request request, CodeOf code_of) {
        if (closed_) co_return failure(errc::closed);
        start();
        const auto until = deadline();
        for (std::uint32_t failures = 1;; ++failures) {
            const auto node = co_await controller_or_any(until);
            std::optional<error> fault;
            bool nothing_done = true;
            if (node) {
                auto answer = co_await brokers.call<Response>(*node, request, until);
                if (answer) {
                    const kafka::error_code code = code_of(answer->message);
                    if (code == kafka::error_code::none) co_return std::move(answer->message);
                    fault = refused(code);
                    nothing_done = code == kafka::error_code::not_controller;
                } else {
                    fault = std::move(answer.error().why);
                    nothing_done = !answer.error().may_have_arrived;
                }
            } else {
                fault = node.error();
            }
            const bool again = fault->retriable() && (why == purpose::question || nothing_done);
            if (!again || !co_await pause(failures, until)) co_return std::unexpected(*fault);
            brokers.request_metadata();
        }
    }

    /// As `ask`, of the coordinator of a group or transaction.
    template <typename Response, typename Request, typename CodeOf>
    runtime::awaitable<result<Response>> ask_coordinator(
        purpose why,
        std::string key,
        Request request,
        CodeOf code_of,
        coordinator_kind kind = coordinator_kind::group) {
        if (closed_) co_return failure(errc::closed);
        start();
        const auto until = deadline();
        for (std::uint32_t failures = 1;; ++failures) {
            const auto node = co_await brokers.coordinator(kind, key, until);
            if (!node) co_return std::unexpected(node.error());
            auto answer = co_await brokers.call<Response>(*node, request, until);
            const auto code = answer ? code_of(answer->message) : kafka::error_code::none;
            if (answer && code == kafka::error_code::none) co_return std::move(answer->message);
            const error fault = answer ? refused(code, key) : answer.error().why;
            const bool nothing_done =
                answer ? kafka::invalidates_coordinator(code) : !answer.error().may_have_arrived;
            brokers.forget_coordinator(kind, key);
            const bool again = fault.retriable() && (why == purpose::question || nothing_done);
            if (!again || !co_await pause(failures, until)) co_return std::unexpected(fault);
        }
    }

    /// As `ask`, of one broker, which is waited for until it is known.
    template <typename Response, typename Request, typename CodeOf>
    runtime::awaitable<result<Response>> ask_node(purpose why,
                                                  kafka::node_id node,
                                                  Request request,
                                                  CodeOf code_of) {
        if (closed_) co_return failure(errc::closed);
        start();
        const auto until = deadline();
        for (std::uint32_t failures = 1;; ++failures) {
            if (!co_await until_known(node, until)) {
                co_return failure(errc::timed_out, fmt::format("broker {} is unknown", node));
            }
            auto answer = co_await brokers.call<Response>(node, request, until);
            const auto code = answer ? code_of(answer->message) : kafka::error_code::none;
            if (answer && code == kafka::error_code::none) co_return std::move(answer->message);
            const error fault = answer ? refused(code) : answer.error().why;
            const bool nothing_done = !answer && !answer.error().may_have_arrived;
            const bool again = fault.retriable() && (why == purpose::question || nothing_done);
            if (!again || !co_await pause(failures, until)) co_return std::unexpected(fault);
        }
    }

  private:
    runtime::awaitable<bool> until_known(kafka::node_id node, runtime::instant until) {
        while (!brokers.metadata().brokers().contains(node)) {
            brokers.request_metadata();
            if (!co_await runtime::with_deadline(
                    brokers.world(), until, brokers.metadata_changed().wait())) {
                co_return false;
            }
        }
        co_return true;
    }

    static client_config checked(client_config config) {
        if (const auto fault = config.find_fault(role::admin)) throw std::invalid_argument(*fault);
        config.allow_auto_create_topics = false;  // To look at a topic must not make it.
        return config;
    }

    /// False if the deadline comes first.
    runtime::awaitable<bool> pause(std::uint32_t failures, runtime::instant until) {
        const auto again = brokers.world().now() + brokers.retry_delay(failures);
        if (again >= until) co_return false;
        co_await brokers.world().sleep_until(again);
        co_return true;
    }

    /// Brokers forward what only the controller may do, but older ones (before KRaft) refuse it.
    runtime::awaitable<result<kafka::node_id>> controller_or_any(runtime::instant until) {
        if (brokers.metadata().brokers().empty()) {
            brokers.request_metadata();
            co_await runtime::with_deadline(
                brokers.world(), until, brokers.metadata_changed().wait());
        }
        const kafka::node_id controller = brokers.metadata().controller();
        if (brokers.metadata().brokers().contains(controller)) co_return controller;
        co_return co_await brokers.any_broker(until);
    }

    client_config config_;
    bool started_ = false;
    bool closed_ = false;

  public:
    cluster brokers;
};

/// For answers without an error of their own.
inline constexpr auto always_stands = [](const auto&) { return kafka::error_code::none; };

/// What a code on the wire means for one of several items.
[[nodiscard]] inline result<void> outcome_of(std::int16_t code,
                                             const std::optional<std::string>& detail = {}) {
    const auto known = kafka::to_error_code(code);
    if (known == kafka::error_code::none) return {};
    return failure(known, detail.value_or(""));
}

}  // namespace verdikt::client
