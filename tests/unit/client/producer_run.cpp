#include "tests/unit/client/producer_run.h"

#include <fmt/format.h>

#include <numeric>

namespace verdikt::client {

using runtime::awaitable;
using runtime::environment;

awaitable<std::vector<delivery>> send_numbers(producer& through, int count) {
    std::vector<pending_delivery> pending;
    std::vector<delivery> outcomes;
    for (int number = 0; number < count; ++number) {
        const std::string text = fmt::to_string(number);
        auto placed = co_await through.append({.topic = "t", .value = as_bytes(text)});
        if (placed) {
            pending.push_back(std::move(*placed));
        } else {
            outcomes.emplace_back(failed{.why = placed.error()});
        }
    }
    for (const pending_delivery& each : pending) outcomes.push_back(co_await each.wait());
    co_return outcomes;
}

run_result run_producer(toy_cluster& world, client_config config, int count) {
    run_result result;
    world.run([&](environment& env) -> awaitable<void> {
        return [](environment& mine,
                  client_config settings,
                  int records,
                  run_result& into) -> awaitable<void> {
            producer sending(mine, std::move(settings));
            into.outcomes = co_await send_numbers(sending, records);
            co_await sending.close();
            into.counters = sending.counters();
        }(env, config, count, result);
    });
    // What a closed connection still carries arrives after its end.
    world.universe.run_for(std::chrono::seconds(1));
    result.log = numbers_in(world.log);
    return result;
}

std::vector<int> up_to(int count) {
    std::vector<int> numbers(static_cast<std::size_t>(count));
    std::iota(numbers.begin(), numbers.end(), 0);
    return numbers;
}

}  // namespace verdikt::client
