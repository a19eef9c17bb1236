#include "tests/sim/replica_host/metadata_court.h"

#include "runtime/check.h"

namespace verdikt::tests {

using namespace broker;
using namespace std::chrono_literals;
using kafka::messages::alter_partition_request;
using kafka::messages::broker_heartbeat_request;
using kafka::messages::broker_registration_request;

namespace {

controller::controller_settings court_settings(std::int64_t min_insync_replicas) {
    controller::controller_settings settings{.cluster_id = "court"};
    settings.session_timeout = 1'500ms;
    settings.min_insync_replicas = min_insync_replicas;
    settings.auto_leader_rebalance_enable = true;
    settings.leader_imbalance_check_interval = 3s;
    return settings;
}

}  // namespace

std::expected<std::string, controller::fault> no_rules::checked(
    const metadata::config_resource& /*of*/,
    const std::string& /*key*/,
    const std::string& value) const {
    return value;
}

std::optional<std::string> no_rules::default_list(const metadata::config_resource& /*of*/,
                                                  const std::string& /*key*/) const {
    return std::nullopt;
}

std::optional<controller::fault> no_rules::conflict(
    const metadata::config_resource& /*of*/, const metadata::config_values& /*values*/) const {
    return std::nullopt;
}

metadata_court::metadata_court(runtime::sim::world& universe, std::int64_t min_insync_replicas)
    : universe_(universe), controller_(court_settings(min_insync_replicas), rules_) {
    metadata::image empty;
    empty.skip_to({kafka::offset(0), kafka::leader_epoch(1)});
    take(controller_.activate(empty, kafka::leader_epoch(1), when()));
}

controller::moment metadata_court::when() const {
    return {.now = universe_.now(), .log_end = log_end_};
}

template <typename Answer>
Answer metadata_court::take(controller::decision<Answer> made) {
    metadata_batch batch;
    for (metadata::record& each : made.records) {
        batch.emplace_back(std::move(each),
                           metadata::log_position{log_end_, kafka::leader_epoch(1)});
        log_end_ = log_end_.next();
    }
    if (!batch.empty()) log_.push_back(std::move(batch));
    controller_.check_invariants();
    return std::move(made.answer);
}

bool metadata_court::create_topic(const std::string& name,
                                  std::int32_t partitions,
                                  std::int32_t brokers) {
    kafka::messages::create_topics_request request;
    auto& topic = request.topics.emplace_back();
    topic.name = name;
    topic.num_partitions = -1;
    topic.replication_factor = -1;
    for (std::int32_t index = 0; index < partitions; ++index) {
        auto& assignment = topic.assignments.emplace_back();
        assignment.partition_index = index;
        for (std::int32_t at = 0; at < brokers; ++at) {
            assignment.broker_ids.push_back(1 + (index + at) % brokers);
        }
    }
    const auto answer = take(controller_.create_topics(request, when(), universe_.random()));
    return answer.topics.at(0).error_code == 0;
}

void metadata_court::delete_topic(const kafka::uuid& id) {
    kafka::messages::delete_topics_request request;
    request.topics.push_back({.name = std::nullopt, .topic_id = id});
    const auto answer = take(controller_.delete_topics(request, when()));
    CHECK(answer.responses.at(0).error_code == 0, "{}", answer.responses.at(0).error_code);
}

runtime::awaitable<reaction> metadata_court::react(runtime::environment& world, asked what) {
    // Until it would be committed.
    co_await world.sleep_for(std::chrono::microseconds(world.random().between(200, 3'000)));
    switch (what.key) {
        case kafka::api_key::broker_registration:
            co_return reaction{what.answered_by(
                take(controller_.register_broker(what.as<broker_registration_request>(), when())))};
        case kafka::api_key::broker_heartbeat:
            co_return reaction{what.answered_by(
                take(controller_.heartbeat(what.as<broker_heartbeat_request>(), when())))};
        case kafka::api_key::alter_partition:
            co_return reaction{what.answered_by(
                take(controller_.alter_partition(what.as<alter_partition_request>(), when())))};
        default:
            CHECK(false, "the controller does not serve {}", static_cast<int>(what.key));
            co_return reaction{};
    }
}

runtime::awaitable<void> metadata_court::run_ticks(runtime::environment& world) {
    for (;;) {
        co_await world.sleep_for(50ms);
        take(controller_.tick(when()));
    }
}

runtime::awaitable<void> metadata_court::run(runtime::environment& world) {
    runtime::scope living(world.get_executor());
    request_server server(world, [this, &world](asked what) { return react(world, what); });
    living.spawn(server.serve(9093));
    living.spawn(run_ticks(world));
    co_await living.join();
}

}  // namespace verdikt::tests
