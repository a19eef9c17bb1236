/// What storms of workloads share that are judged as trials are.
#pragma once

#include "tests/sim/workloads/workload_storm.h"
#include "tests/unit/judged_text.h"
#include "trial/kinds.h"

#include <gtest/gtest.h>

namespace verdikt::tests {

/// What a trial is told of its load, small enough for the simulated world.
inline workloads::load_options small_load(std::uint64_t seed) {
    workloads::load_options load;
    load.seed = seed;
    load.partitions = 3;
    load.concurrency = 4;
    load.rate = 60;
    load.operations_min = 1;
    return load;
}

inline checker::judgement judged(const workload_storm& storm,
                                 const trial::kind& by,
                                 const workloads::load_options& load) {
    checker::history::text_source text(storm.text());
    auto said = by.judge(text, load);
    if (said) return *std::move(said);
    ADD_FAILURE() << said.error().what;
    return {.says = checker::verdict::crash};
}

using checker::names_of;

inline void expect_valid(const checker::judgement& said) {
    for (const checker::finding& each : said.violations) {
        ADD_FAILURE() << each.name << ", " << each.count
                      << " times: " << each.examples.front().what;
    }
    for (const std::string& why : said.doubts) ADD_FAILURE() << why;
}

}  // namespace verdikt::tests
