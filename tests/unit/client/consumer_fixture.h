/// What tests of consumers share: a log full of numbers, and reading them back.
#pragma once

#include "client/closing.h"
#include "client/consumer.h"
#include "client/producer.h"
#include "tests/unit/client/toy_cluster.h"

#include <vector>

namespace verdikt::client {

inline const topic_partition only_partition{.topic = "t", .partition = kafka::partition_index(0)};

class consumer_test : public testing::Test {
  protected:
    using story = runtime::awaitable<void> (*)(consumer_test&, runtime::environment&);

    consumer_test() {
        config = world.config();
        config.auto_offset_reset = "earliest";
        config.request_timeout_ms = std::chrono::seconds(2);
        config.default_api_timeout_ms = std::chrono::seconds(10);
        world.prepare = [this](toy_broker& broker) {
            broker.behave = [this](kafka::api_key key, int nth) { return behave(key, nth); };
            broker.versions = versions;
        };
    }

    /// Plays the story in the user's program to its end.
    void play(story what) {
        world.run([this, what](runtime::environment& env) { return what(*this, env); });
    }

  public:
    /// Appends records that carry `first` to `first + count - 1`, in batches of about three.
    runtime::awaitable<void> write_numbers(runtime::environment& env, int first, int count);

    /// The numbers of the next `count` records, or of as many as come within a minute.
    static runtime::awaitable<std::vector<int>> read_numbers(consumer& from, std::size_t count);

    /// The first error of the polls of a minute. Requires: there is one.
    static runtime::awaitable<error> poll_for_error(consumer& from);

    toy_cluster world;
    client_config config;
    toy_broker::decide behave = [](kafka::api_key, int) { return manners(); };
    std::map<std::int16_t, std::pair<std::int16_t, std::int16_t>> versions;
};

/// `first` to `last`, both included.
[[nodiscard]] std::vector<int> numbers(int first, int last);

}  // namespace verdikt::client
