// What trials of transactions over keys demand, setting by setting.
#include "trial/transaction_promises.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace verdikt::trial {
namespace {

constexpr std::array anomalies{"phantom",
                               "G1a",
                               "dirty-update",
                               "incompatible-order",
                               "duplicate-elements",
                               "cyclic-versions",
                               "lost-write",
                               "torn-transaction",
                               "G0",
                               "G-single-item-realtime"};

/// An x for each that may not happen.
std::string demands(const workloads::load_options& load) {
    const auto promised = transaction_promises(load);
    std::string text;
    for (const char* each : anomalies) text += promised.forbids(each) ? 'x' : '.';
    return text;
}

TEST(transaction_promises, are_those_of_a_log_where_settings_are_safe) {
    EXPECT_EQ(demands({}), "xxxxxxxx..");
    EXPECT_FALSE(transaction_promises({}).forbids_cycles());
}

TEST(transaction_promises, end_where_settings_take_them_away) {
    workloads::load_options load{.isolation_level = "read_uncommitted"};
    EXPECT_EQ(demands(load), "x..xxxx...");
    load.expect_committed = true;
    EXPECT_EQ(demands(load), "xxxxxxxx..");
    EXPECT_EQ(demands({.acks = "1"}), "xxxx......");
    EXPECT_EQ(demands({.acks = "1", .expect_durable = true, .expect_idempotent = true}),
              "xxxxxxx...");
    EXPECT_EQ(demands({.no_idempotence = true}), "xxxx..x...");
    EXPECT_EQ(demands({.no_transactions = true}), "xxxxxxx...");
    EXPECT_EQ(demands({.unclean_elections = true}), "xxx.x.....");
    EXPECT_EQ(demands({.unclean_elections = true, .expect_durable = true}), "xxxxxxxx..");
}

TEST(transaction_promises, ask_a_run_for_as_much_as_its_options_say) {
    const auto least = transaction_floor({.operations_min = 7});
    EXPECT_EQ(least.writes_min, 7U);
    EXPECT_EQ(least.reads_min, 7U);
    EXPECT_TRUE(least.final_reads);
}

}  // namespace
}  // namespace verdikt::trial
