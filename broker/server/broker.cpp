#include "broker/server/broker.h"

#include "broker/coordinator/group_coordinator.h"
#include "broker/coordinator/stored_coordinator_log.h"
#include "broker/metadata/topic_names.h"
#include "broker/server/api_table.h"
#include "broker/server/client_host.h"
#include "broker/server/cluster_node.h"
#include "broker/server/hosted_coordinator_partition.h"
#include "broker/server/http_endpoint.h"
#include "broker/server/internal_topics.h"
#include "broker/server/metrics.h"
#include "broker/server/node_services.h"
#include "broker/server/node_transactions.h"
#include "broker/server/producer_ids.h"
#include "broker/server/request_memory.h"
#include "runtime/check.h"

#include <chrono>
#include <optional>
#include <vector>

namespace verdikt::broker::server {

namespace {

using start_result = std::expected<void, std::string>;
using namespace std::chrono_literals;

/// How long a shutdown waits for its leaderships to move away, and for requests under way.
constexpr std::chrono::seconds leave_grace = 10s;
constexpr std::chrono::seconds shutdown_grace = 10s;

listener_address advertised_for(const broker_config& config,
                                const listener_address& listening,
                                std::uint16_t bound_port) {
    listener_address told = listening;
    for (const std::string& text : config.list("advertised.listeners")) {
        auto advertised = parse_listener(text);
        CHECK(advertised.has_value(), "advertised.listeners passed its check");
        if (advertised->name == listening.name) told = std::move(*advertised);
    }
    if (told.at.host.empty()) told.at.host = "localhost";
    if (told.at.port == 0) told.at.port = bound_port;
    return told;
}

}  // namespace

/// In the order in which they depend on one another, so that they are destroyed the other way
/// round.
class broker::parts {
  public:
    parts(runtime::environment& world, broker_config config)
        : world_(world),
          config_(std::move(config)),
          memory_(static_cast<std::uint64_t>(config_.integer("queued.max.request.bytes"))),
          node_(world, config_) {}

    runtime::awaitable<start_result> start() {
        if (auto opened = co_await node_.open(); !opened) co_return opened;
        node_.assemble(
            {.led = [this](const auto& which, auto epoch) { led(which, epoch); },
             .topic_deleted = [this](const std::string& name) { groups_->topic_deleted(name); },
             .disk_stalled = [this](bool stalled) { disk_stalled(stalled); }});
        make_coordinators();
        make_services();
        std::vector<metadata::endpoint> advertised;
        if (auto bound = co_await bind(advertised); !bound) co_return bound;
        open_listeners(true);
        if (auto joined = co_await node_.join(std::move(advertised)); !joined) co_return joined;
        open_listeners(false);
        co_return co_await listen_for_http();
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
        if (!is_serving_) co_return;
        services_->stopping = true;
        co_await node_.leave(leave_grace);
        node_.partitions().stop_waiting();
        // Members that wait for one another would hold the shutdown up: they are sent away.
        resign_coordinators();
        co_await clients_->finish(world_.now() + shutdown_grace);
    }

    /// What must end before anything is destroyed, whatever state the node is in.
    runtime::awaitable<void> abandon() {
        if (http_) co_await http_->stop();
        if (clients_) co_await clients_->stop();
        if (transactions_) co_await transactions_->coordinator().stop();
        if (groups_) co_await groups_->stop();
        co_await node_.stop();
    }

    runtime::awaitable<std::string> until_failed() { return node_.until_failed(); }

    [[nodiscard]] const runtime::endpoint& address() const { return addresses_.front(); }
    [[nodiscard]] const runtime::endpoint& metrics_address() const { return metrics_address_; }
    [[nodiscard]] const metrics& measured() const { return measured_; }
    [[nodiscard]] const node_services& services() const { return *services_; }

  private:
    void make_coordinators() {
        producers_.emplace(world_, node_.place().self, node_.controller(), node_.partitions());
        lookup_.emplace(node_);
        transactions_.emplace(
            world_,
            config_,
            node_transactions::surroundings{.node = node_,
                                            .end_offsets =
                                                [this](kafka::partition_index partition,
                                                       transactional::transaction_marker marker) {
                                                    return groups_->write_marker(partition, marker);
                                                },
                                            .producer_ids = *producers_,
                                            .topics = *lookup_});
        offsets_log_.emplace(
            world_, transactions_->verifier(), [this](kafka::partition_index partition) {
                return find_coordinator_partition(
                    {std::string(metadata::offsets_topic_name), partition});
            });
        groups_.emplace(world_, coordinator_config_of(config_), *offsets_log_, *lookup_);
        groups_->start();
        transactions_->coordinator().start();
    }

    std::shared_ptr<coordinator::coordinator_partition> find_coordinator_partition(
        const kafka::topic_partition& which) {
        auto found = node_.partitions().find(which);
        if (found == nullptr) return nullptr;
        return std::make_shared<hosted_coordinator_partition>(world_, std::move(found));
    }

    /// This broker began to lead a partition, or ceased to.
    void led(const replication::host::hosted_partition& which,
             std::optional<kafka::leader_epoch> epoch) {
        const auto& [topic, partition] = which.name();
        auto& transactions = transactions_->coordinator();
        if (topic == metadata::offsets_topic_name) {
            epoch ? groups_->elected(partition, *epoch) : groups_->resigned(partition);
        } else if (topic == metadata::transactions_topic_name) {
            epoch ? transactions.partition_elected(partition, *epoch)
                  : transactions.partition_resigned(partition);
        }
    }

    /// Where others can take over, nobody is served meanwhile: even to say who leads may be wrong
    /// by now, since the metadata log may be on the disk that hangs.
    void disk_stalled(bool stalled) {
        if (stalled) clients_->abandon_waiting();
        if (!node_.place().stands_alone) clients_->turn_away(stalled);
    }

    /// Whoever waits for a coordinator here is sent away.
    void resign_coordinators() {
        for (const auto& which : node_.partitions().each()) led(*which, std::nullopt);
    }

    void make_services() {
        services_.reset(new node_services{.world = world_,
                                          .config = config_,
                                          .node = node_.place().self,
                                          .cluster_id = node_.cluster_id(),
                                          .directories = node_.directories(),
                                          .topics = node_.topics(),
                                          .metadata = node_.metadata(),
                                          .controller = node_.controller(),
                                          .quorum = node_.quorum(),
                                          .controllers = node_.controllers(),
                                          .partitions = node_.partitions(),
                                          .producers = *producers_,
                                          .groups = *groups_,
                                          .transactions = *transactions_,
                                          .measured = measured_});
        clients_.emplace(*services_, memory_, client_limits_of(config_));
    }

    runtime::awaitable<start_result> bind(std::vector<metadata::endpoint>& advertised) {
        for (const std::string& text : config_.list("listeners")) {
            const auto listening = parse_listener(text);
            CHECK(listening.has_value(), "listeners passed its check");
            const bool for_controllers = is_controller_listener(config_, listening->name);
            const auto bound = co_await clients_->bind(
                listening->at,
                {.name = listening->name,
                 .apis = for_controllers ? controller_apis() : broker_apis()});
            if (!bound) {
                co_return std::unexpected(
                    fmt::format("cannot listen on {}: {}", text, runtime::describe(bound.error())));
            }
            world_.log().write(
                runtime::log_level::info,
                "listening",
                {{"listener", listening->name}, {"host", bound->host}, {"port", bound->port}});
            if (for_controllers) continue;
            addresses_.push_back(*bound);
            listener_address told = advertised_for(config_, *listening, bound->port);
            advertised.push_back({.name = std::move(told.name),
                                  .host = std::move(told.at.host),
                                  .port = told.at.port});
        }
        co_return start_result{};
    }

    void open_listeners(bool of_controllers) {
        for (const std::string& text : config_.list("listeners")) {
            const auto listening = parse_listener(text);
            if (is_controller_listener(config_, listening->name) == of_controllers) {
                clients_->open(listening->name);
            }
        }
        is_serving_ = is_serving_ || !of_controllers;
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
    cluster_node node_;
    std::optional<producer_ids> producers_;
    std::optional<known_topics> lookup_;
    std::optional<node_transactions> transactions_;
    std::optional<coordinator::stored_coordinator_log> offsets_log_;
    std::optional<coordinator::group_coordinator> groups_;
    std::unique_ptr<node_services> services_;
    std::optional<client_host> clients_;
    std::optional<http_endpoint> http_;
    bool is_serving_ = false;
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
runtime::awaitable<std::string> broker::until_failed() {
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
const node_services& broker::services() const {
    return parts_->services();
}

}  // namespace verdikt::broker::server
