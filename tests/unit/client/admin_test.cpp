// The admin client against a scripted broker: what it repeats, and what it must not.
#include "client/admin.h"

#include "tests/unit/client/toy_cluster.h"

namespace verdikt::client {
namespace {

using kafka::api_key;
using kafka::error_code;
using runtime::awaitable;
using runtime::environment;
using std::chrono::seconds;

class client_admin : public testing::Test {
  protected:
    using story = awaitable<void> (*)(client_admin&, admin&);

    client_admin() {
        config = world.config();
        config.request_timeout_ms = seconds(2);
        config.default_api_timeout_ms = seconds(10);
        world.prepare = [this](toy_broker& broker) {
            broker.behave = [this](api_key key, int nth) { return behave(key, nth); };
            broker.versions = versions;
        };
    }

    void play(story what) {
        world.run([this, what](environment& env) -> awaitable<void> {
            return [](client_admin& test, environment& mine, story told) -> awaitable<void> {
                admin asking(mine, test.config);
                co_await told(test, asking);
                co_await asking.close();
            }(*this, env, what);
        });
    }

    /// What becomes of the first request of a kind.
    void first(api_key which, manners how) {
        behave = [which, how](api_key key, int nth) {
            return key == which && nth == 1 ? how : manners();
        };
    }
    [[nodiscard]] int served(api_key key) const { return world.running->served(key); }

  public:
    toy_cluster world;
    client_config config;
    toy_broker::decide behave = [](api_key, int) { return manners(); };
    std::map<std::int16_t, std::pair<std::int16_t, std::int16_t>> versions;
};

const topic_partition only_partition{.topic = "t", .partition = kafka::partition_index(0)};
const config_resource topic_resource{.type = config_resource_type::topic, .name = "t"};

TEST_F(client_admin, a_question_is_repeated_when_its_answer_is_lost) {
    first(api_key::list_groups, {.swallow = true});
    play([](client_admin&, admin& asking) -> awaitable<void> {
        const auto groups = co_await asking.list_groups();
        EXPECT_TRUE(groups && groups->size() == 1 && groups->front().group_id == "g");
    });
    EXPECT_EQ(served(api_key::list_groups), 2);
}

TEST_F(client_admin, a_question_is_repeated_while_the_broker_is_not_ready) {
    first(api_key::list_groups, {.error = error_code::coordinator_load_in_progress});
    play([](client_admin&, admin& asking) -> awaitable<void> {
        EXPECT_TRUE(co_await asking.list_groups());
    });
}

TEST_F(client_admin, a_change_is_not_repeated_once_it_may_have_arrived) {
    first(api_key::create_topics, {.swallow = true});
    play([](client_admin&, admin& asking) -> awaitable<void> {
        const auto made = co_await asking.create_topics({{.name = "new", .partitions = 1}});
        EXPECT_EQ(made.error().reason, errc::disconnected) << "not: topic already exists";
    });
    EXPECT_EQ(served(api_key::create_topics), 1);
    EXPECT_TRUE(world.log.controller.topics.contains("new")) << "right not to call it failed";
}

TEST_F(client_admin, a_change_that_a_former_controller_refused_is_repeated) {
    first(api_key::create_topics, {.error = error_code::not_controller});
    play([](client_admin&, admin& asking) -> awaitable<void> {
        const auto made = co_await asking.create_topics({{.name = "new", .partitions = 1}});
        EXPECT_TRUE(made && made->at("new"));
    });
    EXPECT_EQ(served(api_key::create_topics), 2);
}

TEST_F(client_admin, a_change_waits_for_a_broker_that_is_down) {
    play([](client_admin& test, admin& asking) -> awaitable<void> {
        test.world.broker.crash();
        test.world.broker.restart();
        const auto made = co_await asking.create_topics({{.name = "new", .partitions = 1}});
        EXPECT_TRUE(made && made->at("new"));
    });
}

TEST_F(client_admin, a_cluster_that_never_comes_up_is_an_error_in_time) {
    play([](client_admin& test, admin& asking) -> awaitable<void> {
        test.world.broker.crash();
        const auto before = test.world.universe.now();
        const auto listed = co_await asking.list_topics();
        EXPECT_TRUE(!listed && listed.error().retriable());
        EXPECT_LE(test.world.universe.now() - before, seconds(10));
    });
}

TEST_F(client_admin, each_topic_has_its_own_outcome) {
    play([](client_admin&, admin& asking) -> awaitable<void> {
        const auto made = co_await asking.create_topics({{.name = "new", .partitions = 1}});
        EXPECT_TRUE(made && made->at("new"));
        const auto again = co_await asking.create_topics({{.name = "new"}, {.name = "other"}});
        EXPECT_TRUE(again && again->at("other"));
        EXPECT_EQ(again->at("new").error().code, error_code::topic_already_exists);
        const auto described = co_await asking.describe_topics({"t", "nobody"});
        EXPECT_EQ(described->at("t")->partitions.size(), 1U);
        EXPECT_EQ(described->at("nobody").error().code, error_code::unknown_topic_or_partition);
    });
}

TEST_F(client_admin, offsets_are_asked_for_again_after_the_leader_moved) {
    first(api_key::list_offsets, {.error = error_code::not_leader_or_follower});
    play([](client_admin& test, admin& asking) -> awaitable<void> {
        test.world.log.end = 7;
        const auto found = co_await asking.list_offsets({{only_partition, offset_spec::latest}});
        EXPECT_TRUE(found && found->at(only_partition));
        EXPECT_EQ(found->at(only_partition)->offset, kafka::offset(7));
    });
    EXPECT_EQ(served(api_key::list_offsets), 2);
}

TEST_F(client_admin, group_offsets_follow_the_coordinator) {
    behave = [](api_key key, int nth) {
        manners how;
        if (nth != 1) return how;
        if (key == api_key::offset_commit) how.error = error_code::not_coordinator;
        if (key == api_key::offset_fetch) how.error = error_code::coordinator_load_in_progress;
        return how;
    };
    play([](client_admin&, admin& asking) -> awaitable<void> {
        const auto moved = co_await asking.alter_group_offsets(
            "g", {{only_partition, {.offset = kafka::offset(5)}}});
        EXPECT_TRUE(moved && moved->at(only_partition));
        const auto found = co_await asking.list_group_offsets("g", std::set{only_partition});
        EXPECT_TRUE(found && found->at(only_partition).offset == kafka::offset(5));
    });
    EXPECT_EQ(served(api_key::find_coordinator), 3);
}

TEST_F(client_admin, configurations_are_changed_one_by_one) {
    play([](client_admin& test, admin& asking) -> awaitable<void> {
        test.world.log.controller.configs = {{"kept", "1"}, {"removed", "2"}};
        const auto done = co_await asking.alter_configs(
            {{topic_resource,
              {{.name = "added", .value = "3"},
               {.name = "removed", .operation = alter_operation::remove}}}});
        EXPECT_TRUE(done && done->at(topic_resource));
    });
    EXPECT_EQ(world.log.controller.configs,
              (std::map<std::string, std::string>{{"added", "3"}, {"kept", "1"}}));
    EXPECT_EQ(served(api_key::alter_configs), 0);
}

TEST_F(client_admin, a_broker_before_kafka_2_3_is_told_all_that_stays) {
    versions[static_cast<std::int16_t>(api_key::incremental_alter_configs)] = {100, 100};
    play([](client_admin& test, admin& asking) -> awaitable<void> {
        test.world.log.controller.configs = {{"kept", "1"}, {"list", "a,b"}, {"removed", "2"}};
        const auto done = co_await asking.alter_configs(
            {{topic_resource,
              {{.name = "added", .value = "3"},
               {.name = "list", .operation = alter_operation::append, .value = "c"},
               {.name = "removed", .operation = alter_operation::remove}}}});
        EXPECT_TRUE(done && done->at(topic_resource));
    });
    EXPECT_EQ(
        world.log.controller.configs,
        (std::map<std::string, std::string>{{"added", "3"}, {"kept", "1"}, {"list", "a,b,c"}}));
    EXPECT_EQ(served(api_key::alter_configs), 1);
}

TEST_F(client_admin, after_close_nothing_is_asked) {
    play([](client_admin&, admin& asking) -> awaitable<void> {
        co_await asking.close();
        EXPECT_EQ((co_await asking.list_topics()).error().reason, errc::closed);
    });
}

}  // namespace
}  // namespace verdikt::client
