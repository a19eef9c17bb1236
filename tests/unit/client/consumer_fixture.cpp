#include "tests/unit/client/consumer_fixture.h"

#include <fmt/format.h>

#include <numeric>

namespace verdikt::client {

using runtime::awaitable;
using runtime::environment;

std::vector<int> numbers(int first, int last) {
    std::vector<int> all(static_cast<std::size_t>(last - first + 1));
    std::iota(all.begin(), all.end(), first);
    return all;
}

awaitable<void> consumer_test::write_numbers(environment& env, int first, int count) {
    client_config settings = world.config();
    settings.batch_size = 85;
    producer sending(env, settings);
    for (int number = first; number < first + count; ++number) {
        const std::string text = fmt::to_string(number);
        auto placed = co_await sending.append({.topic = "t", .value = as_bytes(text)});
        CHECK(placed.has_value());
    }
    co_await sending.close();
}

awaitable<std::vector<int>> consumer_test::read_numbers(consumer& from, std::size_t count) {
    std::vector<int> read;
    for (int polls = 0; polls < 60 && read.size() < count; ++polls) {
        const auto records = co_await from.poll(std::chrono::seconds(1));
        if (!records) continue;
        for (const consumed_record& each : *records) {
            read.push_back(std::stoi(std::string(as_text(*each.value))));
        }
    }
    co_return read;
}

awaitable<error> consumer_test::poll_for_error(consumer& from) {
    for (int polls = 0; polls < 60; ++polls) {
        const auto records = co_await from.poll(std::chrono::seconds(1));
        if (!records) co_return records.error();
    }
    CHECK(false, "no error came");
    co_return error();
}

}  // namespace verdikt::client
