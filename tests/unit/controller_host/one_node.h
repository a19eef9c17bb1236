/// One node with a controller host over a toy log, for cases about what the host does when.
#pragma once

#include "broker/controller/host/controller_host.h"
#include "runtime/check.h"
#include "runtime/sim/world.h"
#include "tests/unit/controller_host/toy_log.h"

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace verdikt::broker::controller::host {

using namespace std::chrono_literals;
namespace messages = kafka::messages;

/// Every setting is fine.
class lenient_rules final : public config_rules {
  public:
    [[nodiscard]] std::expected<std::string, fault> checked(
        const metadata::config_resource& /*of*/,
        const std::string& /*key*/,
        const std::string& value) const override {
        return value;
    }
    [[nodiscard]] std::optional<std::string> default_list(
        const metadata::config_resource& /*of*/, const std::string& /*key*/) const override {
        return std::nullopt;
    }
    [[nodiscard]] std::optional<fault> conflict(
        const metadata::config_resource& /*of*/,
        const metadata::config_values& /*values*/) const override {
        return std::nullopt;
    }
};

[[nodiscard]] inline kafka::uuid uuid_of(int number) {
    kafka::uuid result;
    result.bytes[15] = static_cast<std::byte>(number);
    return result;
}

[[nodiscard]] inline messages::broker_registration_request registration_of(std::int32_t id,
                                                                           int process = 0) {
    messages::broker_registration_request request{
        .broker_id = id,
        .cluster_id = "court",
        .incarnation_id = uuid_of(100 + 10 * id + process),
        .rack = std::nullopt,
        .log_dirs = {uuid_of(id)}};
    request.listeners.push_back({.name = "PLAINTEXT", .host = "broker", .port = 9092});
    return request;
}

[[nodiscard]] inline messages::create_topics_request creation_of(const std::string& name,
                                                                 std::int32_t partitions = 1) {
    messages::create_topics_request request;
    request.topics.push_back({.name = name, .num_partitions = partitions, .replication_factor = 1});
    return request;
}

class one_node : public ::testing::Test {
  protected:
    using program = std::function<runtime::awaitable<void>(runtime::environment&)>;

    /// Runs `what` on the node, with `host` and `log` in place.
    void run(program what) {
        node.start([this, what](runtime::environment& env) -> runtime::awaitable<void> {
            controller_host here(env, settings, rules);
            toy_log below(env, here);
            host = &here;
            log = &below;
            here.follow(below);
            co_await what(env);
            here.check_invariants();
            co_await below.stop();
            co_await here.stop();
        });
        universe.run(node.until_stopped());
        EXPECT_EQ(node.failure(), nullptr);
    }

    /// Leads, with a broker 1 that is active.
    runtime::awaitable<void> start_cluster() {
        log->lead();
        co_await log->settle();
        EXPECT_TRUE(host->is_active());
        co_await enroll(1);
    }

    runtime::awaitable<void> enroll(std::int32_t id) {
        const auto registered = co_await host->handle(registration_of(id));
        EXPECT_EQ(registered.error_code, 0);
        epochs[id] = registered.broker_epoch;
        const auto beaten = co_await beat(id);
        EXPECT_FALSE(beaten.is_fenced);
    }

    runtime::awaitable<messages::broker_heartbeat_response> beat(std::int32_t id) {
        return host->handle(messages::broker_heartbeat_request{
            .broker_id = id,
            .broker_epoch = epochs[id],
            .current_metadata_offset = host->image().position().offset.value()});
    }

    static runtime::awaitable<void> create_into(
        controller_host& at,
        std::string name,
        std::vector<messages::create_topics_response>& answers) {
        answers.push_back(co_await at.handle(creation_of(name)));
    }

    static kafka::error_code error_of(const messages::create_topics_response& answer) {
        return kafka::to_error_code(answer.topics.at(0).error_code);
    }

    runtime::sim::world universe{1};
    runtime::sim::node& node = universe.add_node("node");
    host_settings settings{.controller = {.cluster_id = "court"}};
    lenient_rules rules;
    controller_host* host = nullptr;
    toy_log* log = nullptr;
    std::map<std::int32_t, std::int64_t> epochs;
};

}  // namespace verdikt::broker::controller::host
