#include "broker/lifecycle/host/lifecycle_host.h"

#include "tests/unit/controller_host/one_node.h"

#include <utility>

namespace verdikt::broker::lifecycle::host {
namespace {

using namespace std::chrono_literals;
using controller::host::controller_host;
using controller::host::controller_route;
using controller::host::registration_of;
using controller::host::uuid_of;

class diary final : public lifecycle_owner {
  public:
    void standing_changed(standing now, kafka::broker_epoch epoch) override {
        standings.push_back(now);
        last_epoch = epoch;
    }
    void controller_reachable(bool reachable) override { reached.push_back(reachable); }

    std::vector<standing> standings;
    std::vector<bool> reached;
    kafka::broker_epoch last_epoch = kafka::no_broker_epoch;
};

class lifecycle_host_test : public controller::host::one_node {
  protected:
    using story = std::function<runtime::awaitable<void>(runtime::environment&, lifecycle_host&)>;

    /// Runs `what` with a broker 1 on this node, which is the only controller.
    void live(story what) {
        run([this, what](runtime::environment& env) -> runtime::awaitable<void> {
            link::node_links links(env, {});
            controller_route route(env, kafka::node_id(1), *host, links);
            lifecycle_host life(env, registration_of(1), {}, *host, route, owner);
            life.start();
            co_await what(env, life);
            life.check_invariants();
            co_await life.stop();
            co_await links.stop();
        });
    }

    [[nodiscard]] bool is_fenced() const {
        return host->image().find_broker(kafka::node_id(1))->fenced;
    }

    diary owner;
};

TEST_F(lifecycle_host_test, registers_and_is_unfenced_once_its_logs_are_recovered) {
    live([this](runtime::environment& env, lifecycle_host& life) -> runtime::awaitable<void> {
        co_await env.sleep_for(1s);
        EXPECT_TRUE(owner.standings.empty()) << "nobody leads";
        log->lead();
        co_await env.sleep_for(5s);
        EXPECT_EQ(owner.standings, (std::vector{standing::fenced}));
        EXPECT_TRUE(is_fenced());
        life.recovered();
        co_await env.sleep_for(50ms);
        EXPECT_EQ(owner.standings, (std::vector{standing::fenced, standing::active}));
        EXPECT_FALSE(is_fenced());
        EXPECT_EQ(life.epoch(), host->image().find_broker(kafka::node_id(1))->epoch);
        EXPECT_EQ(owner.last_epoch, life.epoch());
        co_await env.sleep_for(60s);
        EXPECT_EQ(owner.standings.size(), 2U) << "heartbeats keep the session";
        EXPECT_FALSE(is_fenced());
    });
    EXPECT_TRUE(owner.reached.empty());
}

TEST_F(lifecycle_host_test, says_when_no_controller_has_answered_for_too_long) {
    live([this](runtime::environment& env, lifecycle_host& life) -> runtime::awaitable<void> {
        log->lead();
        life.recovered();
        co_await env.sleep_for(10s);
        EXPECT_TRUE(owner.reached.empty());
        log->lose_leadership();
        co_await env.sleep_for(2400ms);
        EXPECT_TRUE(life.is_controller_reachable());
        co_await env.sleep_for(2200ms);
        EXPECT_EQ(owner.reached, (std::vector{false}));
        log->lead();
        co_await env.sleep_for(200ms);
        EXPECT_EQ(owner.reached, (std::vector{false, true}));
        co_await env.sleep_for(20s);
        EXPECT_EQ(owner.reached.size(), 2U);
    });
}

TEST_F(lifecycle_host_test, a_request_that_hangs_is_given_up_when_another_leads) {
    live([this](runtime::environment& env, lifecycle_host& life) -> runtime::awaitable<void> {
        log->lead();
        co_await env.sleep_for(1s);
        log->commit_delay = 1h;
        life.recovered();
        co_await env.sleep_for(100ms);
        EXPECT_EQ(life.where(), standing::fenced) << "unfencing waits for its commit";
        log->lose_leadership();
        log->commit_delay = 10ms;
        log->lead();
        co_await env.sleep_for(300ms);
        EXPECT_EQ(life.where(), standing::active);
    });
}

TEST_F(lifecycle_host_test, leaves_when_the_controller_lets_it) {
    live([this](runtime::environment& env, lifecycle_host& life) -> runtime::awaitable<void> {
        log->lead();
        life.recovered();
        co_await env.sleep_for(1s);
        const bool may_stop = co_await life.leave(5s);
        EXPECT_TRUE(may_stop);
        EXPECT_LT(env.now(), runtime::instant(2s));
        EXPECT_TRUE(is_fenced());
    });
    EXPECT_EQ(owner.standings.back(), standing::stopped);
}

TEST_F(lifecycle_host_test, leaves_without_leave_when_no_controller_answers) {
    live([this](runtime::environment& env, lifecycle_host& life) -> runtime::awaitable<void> {
        log->lead();
        life.recovered();
        co_await env.sleep_for(1s);
        log->lose_leadership();
        const auto begun = env.now();
        const bool may_stop = co_await life.leave(5s);
        EXPECT_FALSE(may_stop);
        EXPECT_EQ(env.now() - begun, 5s);
    });
}

TEST_F(lifecycle_host_test, one_that_was_never_registered_may_leave_at_once) {
    live([](runtime::environment& env, lifecycle_host& life) -> runtime::awaitable<void> {
        co_await env.sleep_for(1s);
        const bool may_stop = co_await life.leave(5s);
        EXPECT_TRUE(may_stop);
        EXPECT_EQ(env.now(), runtime::instant(1s));
    });
}

TEST_F(lifecycle_host_test, a_broker_that_was_forgotten_registers_again) {
    live([this](runtime::environment& env, lifecycle_host& life) -> runtime::awaitable<void> {
        log->lead();
        life.recovered();
        co_await env.sleep_for(1s);
        const kafka::broker_epoch before = life.epoch();
        (void)co_await host->handle(kafka::messages::unregister_broker_request{.broker_id = 1});
        co_await env.sleep_for(3s);
        EXPECT_EQ(life.where(), standing::active);
        EXPECT_GT(life.epoch(), before);
    });
}

TEST_F(lifecycle_host_test, stops_for_good_when_another_process_has_its_id) {
    live([this](runtime::environment& env, lifecycle_host& life) -> runtime::awaitable<void> {
        log->lead();
        life.recovered();
        co_await env.sleep_for(1s);
        host->connection_lost(kafka::node_id(1), life.epoch());
        co_await env.sleep_for(600ms);
        const auto other = co_await host->handle(registration_of(1, 1));
        EXPECT_EQ(other.error_code, 0);
        co_await env.sleep_for(3s);
        EXPECT_EQ(life.where(), standing::replaced);
    });
}

TEST_F(lifecycle_host_test, one_that_the_cluster_will_never_take_is_told_why) {
    settings.controller.cluster_id = "elsewhere";
    live([this](runtime::environment& env, lifecycle_host& life) -> runtime::awaitable<void> {
        log->lead();
        co_await env.sleep_for(1s);
        EXPECT_EQ(life.where(), standing::refused);
        EXPECT_EQ(life.refusal(), kafka::error_code::inconsistent_cluster_id);
    });
}

TEST_F(lifecycle_host_test, a_lost_disk_is_reported) {
    live([this](runtime::environment& env, lifecycle_host& life) -> runtime::awaitable<void> {
        log->lead();
        life.recovered();
        co_await env.sleep_for(1s);
        life.directory_failed(uuid_of(1));
        co_await env.sleep_for(100ms);
        EXPECT_TRUE(is_fenced()) << "its only one";
    });
}

}  // namespace
}  // namespace verdikt::broker::lifecycle::host
