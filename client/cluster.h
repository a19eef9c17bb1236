/// The cluster as one client sees it: connections to its brokers, metadata, coordinators.
///
/// Owns every connection and the coroutines that serve them. Connections are made when first
/// needed, kept, and made again with backoff after they broke. Metadata is fetched when somebody
/// asks, at the latest every `metadata.max.age.ms`, and never faster than `retry.backoff.ms`
/// allows.
///
/// Lives in a producer, consumer or admin. Requires: `stop` has returned before it is destroyed.
#pragma once

#include "client/backoff.h"
#include "client/call.h"
#include "client/configuration.h"
#include "client/metadata_cache.h"
#include "runtime/environment.h"
#include "runtime/notification.h"
#include "runtime/scope.h"

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace verdikt::client {

enum class coordinator_kind : std::int8_t { group = 0, transaction = 1 };

class cluster {
  public:
    /// Throws std::invalid_argument if `bootstrap.servers` cannot be read.
    cluster(runtime::environment& world, const client_config& config);
    cluster(const cluster&) = delete;
    cluster& operator=(const cluster&) = delete;

    /// Starts keeping metadata fresh.
    void start();
    runtime::awaitable<void> stop();

    [[nodiscard]] const metadata_cache& metadata() const { return metadata_; }
    /// Rung after each answer to a metadata request, and after each failed attempt.
    [[nodiscard]] runtime::notification& metadata_changed() { return metadata_changed_; }
    /// Asks in the background; what is asked for includes every topic ever wanted.
    void request_metadata();
    void want_topic(const std::string& topic);
    void want_no_topic(const std::string& topic);
    /// Whether an answer since the last `request_metadata` is still outstanding.
    [[nodiscard]] bool metadata_requested() const { return metadata_requested_; }

    /// Metadata of an existing topic, waiting for it to come into being until the deadline.
    runtime::awaitable<result<topic_metadata>> topic(std::string name, runtime::instant deadline);

    /// Who coordinates, asked once and remembered; retried until the deadline.
    runtime::awaitable<result<kafka::node_id>> coordinator(coordinator_kind kind,
                                                           std::string key,
                                                           runtime::instant deadline);
    void forget_coordinator(coordinator_kind kind, const std::string& key);

    runtime::awaitable<std::expected<std::shared_ptr<connection>, call_failure>> connect_to(
        kafka::node_id node, runtime::instant deadline);
    /// True if nothing speaks against sending at once: connected, or not known to fail.
    [[nodiscard]] bool is_connected(kafka::node_id node) const;

    /// Any broker that can be reached, connected ones first. Nothing if all were just tried in
    /// vain.
    runtime::awaitable<result<kafka::node_id>> any_broker(runtime::instant deadline);

    /// One attempt, bounded by `deadline` and `request.timeout.ms`.
    template <typename Response, typename Request>
    runtime::awaitable<call_result<Response>> call(
        kafka::node_id node,
        Request request,
        runtime::instant deadline,
        std::int16_t version_at_most = kafka::messages::version_max) {
        auto over = co_await connect_to(node, deadline);
        if (!over) co_return std::unexpected(std::move(over.error()));
        co_return co_await client::call<Response>(
            std::move(*over), std::move(request), options_for(deadline, version_at_most));
    }

    [[nodiscard]] call_options options_for(
        runtime::instant deadline,
        std::int16_t version_at_most = kafka::messages::version_max) const;
    [[nodiscard]] runtime::duration retry_delay(std::uint32_t failures);
    [[nodiscard]] runtime::environment& world() { return world_; }
    [[nodiscard]] const client_config& config() const { return config_; }

  private:
    struct link {
        runtime::endpoint address;
        std::shared_ptr<connection> current;
        bool connecting = false;
        std::uint32_t failures = 0;
        runtime::instant not_before{};
        error last_failure;
        runtime::notification changed;
    };

    [[nodiscard]] link* find_link(kafka::node_id node);
    link& link_to(kafka::node_id node, const runtime::endpoint& address);
    runtime::awaitable<void> establish(link& to);
    runtime::awaitable<std::expected<std::shared_ptr<connection>, error>> open_connection(
        runtime::endpoint address);
    runtime::awaitable<void> keep_metadata();
    runtime::awaitable<result<void>> fetch_metadata();
    [[nodiscard]] std::vector<kafka::node_id> candidates();

    runtime::environment& world_;
    const client_config& config_;
    metadata_cache metadata_;
    runtime::notification metadata_changed_;
    runtime::notification metadata_wanted_;
    bool metadata_requested_ = false;
    std::set<std::string> wanted_topics_;
    std::map<kafka::node_id, std::unique_ptr<link>> links_;
    std::vector<kafka::node_id> bootstrap_;  ///< Negative ids.
    std::map<std::pair<coordinator_kind, std::string>, kafka::node_id> coordinators_;
    runtime::scope running_;
};

/// "host:port". Nothing if it is not that.
[[nodiscard]] std::optional<runtime::endpoint> parse_address(std::string_view text);

}  // namespace verdikt::client
