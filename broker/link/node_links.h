/// Calls from this node to the other nodes of its cluster.
///
///     const auto answer = co_await links.call<broker_heartbeat_response>(
///         {.node = controller, .over = channel::heartbeat}, request, 2s);
///     if (!answer) ... answer.error().of_request says whether it may have arrived
///
/// A connection is made when it is first needed, and anew when it breaks. Calls are pipelined and
/// matched with their answers in order. A call without a connection waits for the next attempt to
/// make one and fails with it: so whoever repeats failed calls is slowed down by the backoff.
/// Nothing is ever sent twice.
///
/// A request whose answer does not come in time closes its connection: answers come in order, so
/// those behind it are stuck as well. A caller that is cancelled closes nothing.
///
/// The nodes of a cluster are upgraded together, so there is no negotiation: a call goes out in the
/// highest version that kafka/messages has for both request and response.
///
/// Lives as long as its node; calls may be made from any coroutine of its executor.
#pragma once

#include "broker/link/link_types.h"
#include "kafka/messages/decode.h"
#include "kafka/messages/schema.h"
#include "runtime/check.h"
#include "runtime/environment.h"
#include "runtime/scope.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <utility>

namespace verdikt::broker::link {

class line;

/// An answer whose header has been read.
struct raw_answer {
    answer_bytes bytes;
    std::size_t body_at = 0;
};

struct raw_call {
    const kafka::messages::message_schema& request_schema;
    const kafka::messages::message_schema& response_schema;
    const void* request;
    std::int16_t version;
};

class node_links {
  public:
    node_links(runtime::environment& world, link_settings settings);
    ~node_links();

    /// Where the node is reached. At another address its connections are closed first.
    void set_address(kafka::node_id node, runtime::endpoint at);
    /// Closes the node's connections; calls to it fail from now on.
    void forget(kafka::node_id node);
    /// Nothing where nobody has said.
    [[nodiscard]] std::optional<runtime::endpoint> address(kafka::node_id node) const;

    /// Sends the request and waits for its answer, at most for `timeout`. A failed decode is a
    /// failure like a lost answer: the request did arrive.
    template <typename Response, typename Request>
    runtime::awaitable<call_result<Response>> call(
        destination to,
        Request request,
        runtime::duration timeout,
        std::int16_t version_at_most = kafka::messages::version_max);

    /// Fails all calls, closes all connections and joins what served them. Calls made afterwards
    /// fail at once.
    runtime::awaitable<void> stop();

  private:
    runtime::awaitable<std::expected<raw_answer, link_error>> call_encoded(
        destination to, raw_call what, runtime::duration timeout);
    [[nodiscard]] std::shared_ptr<line> find_or_make(destination to);
    void retire(kafka::node_id node, link_errc why);

    runtime::environment& world_;
    link_settings settings_;
    std::map<kafka::node_id, runtime::endpoint> addresses_;
    std::map<destination, std::shared_ptr<line>> lines_;
    bool stopped_ = false;
    runtime::scope serving_;
};

template <typename Response, typename Request>
runtime::awaitable<call_result<Response>> node_links::call(destination to,
                                                           Request request,
                                                           runtime::duration timeout,
                                                           std::int16_t version_at_most) {
    static_assert(!std::is_same_v<Response, Request>);
    CHECK(Request::schema.key == Response::schema.key,
          "{} answers another request than {}",
          Response::schema.name(),
          Request::schema.name());
    const std::int16_t version =
        std::min({Request::schema.versions.last, Response::schema.versions.last, version_at_most});
    const raw_call what{.request_schema = Request::schema,
                        .response_schema = Response::schema,
                        .request = &request,
                        .version = version};
    std::expected<raw_answer, link_error> raw = co_await call_encoded(to, what, timeout);
    if (!raw) co_return std::unexpected(std::move(raw.error()));
    auto message =
        kafka::messages::decode<Response>(raw->bytes->bytes().subspan(raw->body_at), version);
    if (!message) {
        co_return std::unexpected(link_error{.why = link_errc::malformed_answer,
                                             .of_request = fate::unknown,
                                             .detail = std::string(Response::schema.name())});
    }
    co_return answered<Response>{.message = std::move(*message), .bytes = std::move(raw->bytes)};
}

}  // namespace verdikt::broker::link
