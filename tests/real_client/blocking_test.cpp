// The blocking façade: producer, consumer and admin used without a coroutine, over real sockets.
#include "client/blocking.h"

#include "client/admin.h"
#include "client/consumer.h"
#include "client/producer.h"
#include "runtime/real/world.h"
#include "tests/real_client/broker_process.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace verdikt::tests {
namespace {

using namespace std::chrono_literals;
using namespace client;

class blocking_client : public testing::Test {
  protected:
    blocking_client() { config_.bootstrap_servers = {broker_.address()}; }

    void create_topic(const std::string& name, std::int32_t partitions) {
        admin asking(world_, config_);
        const auto made =
            loop_.wait(asking.create_topics({{.name = name, .partitions = partitions}}));
        loop_.wait(asking.close());
        ASSERT_TRUE(made && made->at(name)) << "the topic was not made";
    }

    std::vector<std::string> read(consumer& from, std::size_t count) {
        std::vector<std::string> values;
        for (int polls = 0; polls < 100 && values.size() < count; ++polls) {
            const auto records = loop_.wait(from.poll(200ms));
            if (!records) continue;
            for (const consumed_record& each : *records) values.emplace_back(as_text(*each.value));
        }
        return values;
    }

    broker_process broker_;
    boost::asio::io_context context_;
    runtime::real::world world_{context_, {}};
    blocking_loop loop_{context_};
    client_config config_;
};

TEST_F(blocking_client, records_are_sent_and_read_back) {
    create_topic("t", 1);
    producer sending(world_, config_);
    for (int number = 0; number < 3; ++number) {
        const std::string value = fmt::format("value {}", number);
        const delivery told = loop_.wait(sending.send({.topic = "t", .value = as_bytes(value)}));
        ASSERT_TRUE(std::holds_alternative<delivered>(told));
        EXPECT_EQ(std::get<delivered>(told).offset, kafka::offset(number));
    }
    loop_.wait(sending.close());

    config_.auto_offset_reset = "earliest";
    consumer reading(world_, config_);
    ASSERT_TRUE(reading.assign({{.topic = "t", .partition = kafka::partition_index(0)}}));
    EXPECT_EQ(read(reading, 3), (std::vector<std::string>{"value 0", "value 1", "value 2"}));
    EXPECT_TRUE(loop_.wait(reading.close()));
}

TEST_F(blocking_client, a_group_goes_on_where_it_committed_after_the_broker_was_killed) {
    create_topic("t", 1);
    config_.group_id = "g";
    config_.auto_offset_reset = "earliest";
    config_.enable_auto_commit = false;
    config_.max_poll_records = 1;
    // The coordinator answers a leave before it is on disk, as Kafka's does. Killed in between, it
    // waits for the member that left until its session ends.
    config_.session_timeout_ms = 6s;
    producer sending(world_, config_);
    for (const char* const value : {"a", "b", "c"}) {
        loop_.wait(sending.send({.topic = "t", .value = as_bytes(value)}));
    }
    consumer first(world_, config_);
    ASSERT_TRUE(first.subscribe({"t"}));
    EXPECT_EQ(read(first, 1), std::vector<std::string>{"a"});
    EXPECT_TRUE(loop_.wait(first.commit()));
    EXPECT_TRUE(loop_.wait(first.close()));

    broker_.kill_and_restart();
    const delivery told = loop_.wait(sending.send({.topic = "t", .value = as_bytes("d")}));
    EXPECT_TRUE(std::holds_alternative<delivered>(told)) << "the producer outlives its broker";
    loop_.wait(sending.close());

    consumer second(world_, config_);
    ASSERT_TRUE(second.subscribe({"t"}));
    EXPECT_EQ(read(second, 3), (std::vector<std::string>{"b", "c", "d"}));
    EXPECT_TRUE(loop_.wait(second.close()));
}

TEST_F(blocking_client, background_work_goes_on_by_turns) {
    create_topic("t", 1);
    producer sending(world_, config_);
    const auto placed = loop_.wait(sending.append({.topic = "t", .value = as_bytes("x")}));
    ASSERT_TRUE(placed);
    for (int turns = 0; turns < 10'000 && !placed->done(); ++turns) {
        loop_.turn();
        std::this_thread::sleep_for(1ms);
    }
    EXPECT_TRUE(placed->done());
    loop_.wait(sending.close());
}

TEST_F(blocking_client, what_the_work_throws_is_thrown_from_wait) {
    const auto fail = []() -> runtime::awaitable<int> {
        throw std::out_of_range("on purpose");
        co_return 0;
    };
    EXPECT_THROW(loop_.wait(fail()), std::out_of_range);
}

}  // namespace
}  // namespace verdikt::tests
