#include "broker/server/broker.h"

#include "broker/coordinator/group_coordinator.h"
#include "broker/coordinator/stored_coordinator_log.h"
#include "broker/server/client_host.h"
#include "broker/server/http_endpoint.h"
#include "broker/server/log_setup.h"
#include "broker/server/metrics.h"
#include "broker/server/node_services.h"
#include "broker/server/node_transactions.h"
#include "broker/server/offsets_topic.h"
#include "broker/server/producer_ids.h"
#include "broker/server/request_memory.h"
#include "broker/server/topic_registry.h"
#include "broker/server/transactions_topic.h"
#include "broker/storage/log_directory.h"
#include "runtime/check.h"

#include <chrono>
#include <optional>
#include <vector>

namespace verdikt::broker::server {

namespace {

using start_result = std::expected<void, std::string>;

/// How long a shutdown waits for requests under way.
constexpr std::chrono::seconds shutdown_grace{10};

runtime::endpoint advertised_for(const broker_config& config, const listener_address& listening) {
    for (const std::string& text : config.list("advertised.listeners")) {
        auto advertised = parse_listener(text);
        CHECK(advertised.has_value(), "advertised.listeners passed its check");
        if (advertised->name == listening.name) return advertised->at;
    }
    runtime::endpoint at = listening.at;
    if (at.host.empty()) at.host = "localhost";
    return at;
}

}  // namespace

/// In the order in which they depend on one another, so that they are destroyed the other way
/// round.
class broker::parts {
  public:
    parts(runtime::environment& world, broker_config config)
        : world_(world),
          config_(std::move(config)),
          memory_(static_cast<std::uint64_t>(config_.integer("queued.max.request.bytes"))) {}

    runtime::awaitable<start_result> start() {
        auto opened = co_await open_logs(world_, config_);
        if (!opened) co_return std::unexpected(std::move(opened.error()));
        directory_ = std::move(opened->directory);
        topics_.emplace(
            world_, config_, *directory_, std::move(opened->state_path), std::move(opened->state));
        if (const auto recovered = co_await topics_->recover(); !recovered) {
            co_return std::unexpected(std::string("the log directory takes no writes"));
        }
        producers_.emplace(*topics_);
        lookup_.emplace(*topics_);
        make_transactions();
        start_groups();
        start_transactions();
        services_.reset(new node_services{
            .world = world_,
            .config = config_,
            .directory = *directory_,
            .topics = *topics_,
            .producers = *producers_,
            .groups = *groups_,
            .transactions = *transactions_,
            .measured = measured_,
            .node = kafka::node_id(static_cast<std::int32_t>(config_.integer("node.id")))});
        co_return co_await listen();
    }

    runtime::awaitable<void> stop() {
        // Cancelled, or killed: then nobody is waited for, but all must end none the less.
        std::exception_ptr cut_short;
        try {
            co_await finish();
        } catch (...) {
            cut_short = std::current_exception();
        }
        co_await abandon();
        if (cut_short) std::rethrow_exception(cut_short);
    }

    runtime::awaitable<void> finish() {
        if (!services_) co_return;
        services_->stopping = true;
        services_->stop_announced.notify_all();
        // Members that wait for one another would hold the shutdown up: they are sent away.
        if (const auto offsets = topics_->find(coordinator::offsets_topic)) {
            give_up_groups(*groups_, *offsets);
        }
        if (const auto state = topics_->find(coordinator::transactions_topic)) {
            give_up_transactions(transactions_->coordinator(), *state);
        }
        if (clients_) co_await clients_->finish(world_.now() + shutdown_grace);
    }

    /// What must end before anything is destroyed, whatever state the node is in.
    runtime::awaitable<void> abandon() {
        if (http_) co_await http_->stop();
        if (clients_) co_await clients_->stop();
        if (transactions_) co_await transactions_->coordinator().stop();
        if (groups_) co_await groups_->stop();
        if (directory_) co_await directory_->stop();
    }

    runtime::awaitable<void> until_failed() {
        while (directory_->online()) co_await directory_->health_changed().wait();
    }

    [[nodiscard]] const runtime::endpoint& address() const { return addresses_.front(); }
    [[nodiscard]] const runtime::endpoint& metrics_address() const { return metrics_address_; }
    [[nodiscard]] const metrics& measured() const { return measured_; }
    [[nodiscard]] const topic_registry& topics() const { return *topics_; }

  private:
    [[nodiscard]] std::shared_ptr<storage::partition_log> find_log(
        const kafka::topic_partition& where) const {
        const auto which = topics_->find(where.topic);
        return which == nullptr ? nullptr : which->log(where.partition.value());
    }

    void make_transactions() {
        transactions_.emplace(
            world_,
            config_,
            node_transactions::surroundings{
                .find = [this](const kafka::topic_partition& where) { return find_log(where); },
                .end_offsets =
                    [this](kafka::partition_index partition,
                           transactional::transaction_marker marker) {
                        return groups_->write_marker(partition, marker);
                    },
                .producer_ids = *producers_,
                .topics = *lookup_});
    }

    void start_groups() {
        offsets_log_.emplace(
            world_,
            transactions_->verifier(),
            [this](const kafka::topic_partition& where) -> auto& {
                return transactions_->guards(where);
            },
            [this](kafka::partition_index partition) {
                return find_log({std::string(coordinator::offsets_topic), partition});
            });
        groups_.emplace(world_, coordinator_config_of(config_), *offsets_log_, *lookup_);
        groups_->start();
        if (const auto offsets = topics_->find(coordinator::offsets_topic)) {
            take_over_groups(*groups_, *offsets);
        }
    }

    /// After the groups: decided transactions go on at once, and write markers into their offsets.
    void start_transactions() {
        transactions_->coordinator().start();
        if (const auto state = topics_->find(coordinator::transactions_topic)) {
            take_over_transactions(transactions_->coordinator(), *state);
        }
    }

    runtime::awaitable<start_result> listen() {
        clients_.emplace(*services_, memory_, client_limits_of(config_));
        for (const std::string& text : config_.list("listeners")) {
            const auto listening = parse_listener(text);
            CHECK(listening.has_value(), "listeners passed its check");
            const auto bound =
                co_await clients_->listen(listening->at, advertised_for(config_, *listening));
            if (!bound) {
                co_return std::unexpected(
                    fmt::format("cannot listen on {}: {}", text, runtime::describe(bound.error())));
            }
            addresses_.push_back(*bound);
            world_.log().write(
                runtime::log_level::info,
                "listening",
                {{"listener", listening->name}, {"host", bound->host}, {"port", bound->port}});
        }
        co_return co_await listen_for_http();
    }

    runtime::awaitable<start_result> listen_for_http() {
        const std::string& text = config_.text("metrics.listener");
        if (text.empty()) co_return start_result{};
        const auto listening = parse_listener(text);
        CHECK(listening.has_value(), "metrics.listener passed its check");
        http_.emplace(*services_);
        const auto bound = co_await http_->listen(listening->at);
        if (!bound) {
            co_return std::unexpected(
                fmt::format("cannot listen on {}: {}", text, runtime::describe(bound.error())));
        }
        metrics_address_ = *bound;
        world_.log().write(runtime::log_level::info,
                           "listening",
                           {{"listener", "metrics"}, {"host", bound->host}, {"port", bound->port}});
        co_return start_result{};
    }

    runtime::environment& world_;
    broker_config config_;
    metrics measured_;
    request_memory memory_;
    std::unique_ptr<storage::log_directory> directory_;
    std::optional<topic_registry> topics_;
    std::optional<producer_ids> producers_;
    std::optional<registered_topics> lookup_;
    std::optional<node_transactions> transactions_;
    std::optional<coordinator::stored_coordinator_log> offsets_log_;
    std::optional<coordinator::group_coordinator> groups_;
    std::unique_ptr<node_services> services_;
    std::optional<client_host> clients_;
    std::optional<http_endpoint> http_;
    std::vector<runtime::endpoint> addresses_;
    runtime::endpoint metrics_address_;
};

broker::broker(runtime::environment& world, broker_config config)
    : parts_(std::make_unique<parts>(world, std::move(config))) {}

broker::~broker() = default;

runtime::awaitable<start_result> broker::start() {
    return parts_->start();
}
runtime::awaitable<void> broker::stop() {
    return parts_->stop();
}
runtime::awaitable<void> broker::until_failed() {
    return parts_->until_failed();
}
runtime::endpoint broker::address() const {
    return parts_->address();
}
runtime::endpoint broker::metrics_address() const {
    return parts_->metrics_address();
}
const metrics& broker::measured() const {
    return parts_->measured();
}
const topic_registry& broker::topics() const {
    return parts_->topics();
}

namespace {

runtime::awaitable<void> end_when_requested(runtime::notification& stop_requested,
                                            runtime::scope& serving) {
    co_await stop_requested.wait();
    serving.cancel();
}

runtime::awaitable<void> start_and_watch(broker& node,
                                         start_result& result,
                                         runtime::scope& serving) {
    result = co_await node.start();
    if (result) {
        co_await node.until_failed();
        result = std::unexpected(std::string("the log directory failed"));
    }
    serving.cancel();
}

/// A stop that is requested while the broker starts ends the start: recovery may take long.
runtime::awaitable<start_result> serve(runtime::environment& world,
                                       broker& node,
                                       runtime::notification& stop_requested) {
    start_result result;
    runtime::scope serving(world.get_executor());
    serving.spawn(end_when_requested(stop_requested, serving));
    serving.spawn(start_and_watch(node, result, serving));
    co_await serving.join();
    co_return result;
}

}  // namespace

runtime::awaitable<start_result> run_broker(runtime::environment& world,
                                            broker_config config,
                                            runtime::notification& stop_requested) {
    broker node(world, std::move(config));
    start_result result;
    std::exception_ptr failure;
    try {
        result = co_await serve(world, node, stop_requested);
    } catch (...) {
        failure = std::current_exception();
    }
    co_await node.stop();
    if (failure) std::rethrow_exception(failure);
    co_return result;
}

}  // namespace verdikt::broker::server
