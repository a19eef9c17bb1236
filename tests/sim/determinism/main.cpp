// verdikt-sim-hashes [--scenario NAME] [--seeds N] [--first N]
//
// Prints a line a scenario and seed: name, seed, trace hash, events, virtual milliseconds.
#include "runtime/sim/seeds.h"
#include "tests/sim/determinism/scenario.h"

#include <fmt/format.h>
#include "runtime/parse_number.h"

#include <optional>
#include <string_view>
#include <vector>

namespace verdikt::tests {

std::map<std::string, scenario>& scenarios() {
    static std::map<std::string, scenario> registered;
    return registered;
}

namespace {

struct arguments {
    std::string only;
    runtime::sim::seed_range seeds = runtime::sim::seeds_from_environment(20);
};

std::optional<arguments> parse(const std::vector<std::string_view>& words) {
    arguments wanted;
    if (words.size() % 2 != 0) return std::nullopt;
    for (std::size_t at = 0; at < words.size(); at += 2) {
        const std::string_view flag = words[at];
        const std::optional<std::uint64_t> count =
            runtime::parse_number<std::uint64_t>(words[at + 1]);
        if (flag == "--scenario" && scenarios().contains(std::string(words[at + 1]))) {
            wanted.only = words[at + 1];
        } else if (flag == "--seeds" && count) {
            wanted.seeds.count = *count;
        } else if (flag == "--first" && count) {
            wanted.seeds.first = *count;
        } else {
            return std::nullopt;
        }
    }
    return wanted;
}

void print_hash(const std::string& name, scenario run, std::uint64_t seed) {
    runtime::sim::set_replay_command("verdikt-sim-hashes --scenario " + name);
    runtime::sim::world universe(seed);
    run(universe);
    const auto time =
        std::chrono::floor<std::chrono::milliseconds>(universe.now().time_since_epoch());
    fmt::print("{} {} {:016x} {} {}\n",
               name,
               seed,
               universe.trace_hash(),
               universe.events_fired(),
               time.count());
}

}  // namespace
}  // namespace verdikt::tests

int main(int count, char** words) {
    using namespace verdikt::tests;
    const auto wanted = parse({words + 1, words + count});
    if (!wanted) {
        fmt::print(stderr, "usage: verdikt-sim-hashes [--scenario NAME] [--seeds N] [--first N]\n");
        for (const auto& [name, run] : scenarios()) fmt::print(stderr, "  {}\n", name);
        return 254;
    }
    for (const auto& [name, run] : scenarios()) {
        if (!wanted->only.empty() && wanted->only != name) continue;
        for (std::uint64_t seed = wanted->seeds.first; seed != wanted->seeds.end(); ++seed) {
            print_hash(name, run, seed);
        }
    }
    return 0;
}
