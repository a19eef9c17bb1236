#include "checker/transactions/consistency_model.h"

#include <gtest/gtest.h>

#include <array>
#include <sstream>

namespace verdikt::checker::transactions {
namespace {

struct rule {
    std::string_view model;
    /// Of those below, in their order: x is forbidden.
    std::string_view forbidden;
};

constexpr std::array anomalies{"G0",
                               "duplicate-elements",
                               "cyclic-versions",
                               "G1a",
                               "G1b",
                               "G1c",
                               "future-read",
                               "dirty-update",
                               "incompatible-order",
                               "internal",
                               "lost-update",
                               "G-single-item",
                               "G-nonadjacent-item",
                               "G2-item",
                               "G0-process",
                               "G1c-process",
                               "G-single-item-process",
                               "G-nonadjacent-item-process",
                               "G2-item-process",
                               "G0-realtime",
                               "G1c-realtime",
                               "G-single-item-realtime",
                               "G-nonadjacent-item-realtime",
                               "G2-item-realtime"};

/// As Elle's tables have it.
constexpr std::array rules{
    rule{"read-uncommitted", "xxx.........../...../....."},
    rule{"read-committed", "xxxxxxxxx...../...../....."},
    rule{"cursor-stability", "xxxxxxxxx.x.../...../....."},
    rule{"update-atomic", "xxxxxxxxxxx.../...../....."},
    rule{"repeatable-read", "xxxxxxxxx.xxxx/...../....."},
    rule{"snapshot-isolation", "xxxxxxxxxxxxx./...../....."},
    rule{"serializable", "xxxxxxxxxxxxxx/...../....."},
    rule{"strong-session-snapshot-isolation", "xxxxxxxxxxxxx./xxxx./....."},
    rule{"strong-snapshot-isolation", "xxxxxxxxxxxxx./xxxx./xxxx."},
    rule{"strong-session-serializable", "xxxxxxxxxxxxxx/xxxxx/....."},
    rule{"strict-serializable", "xxxxxxxxxxxxxx/xxxxx/xxxxx"},
    rule{"strong-read-uncommitted", "xxx.........../x..../x...."},
    rule{"strong-read-committed", "xxxxxxxxx...../xx.../xx..."},
    rule{"kafka-log", ".xxx..xxx...../...../....."},
};

TEST(consistency_model, forbids_what_elle_says_it_forbids) {
    for (const rule& one : rules) {
        const auto model = consistency_model::named(one.model);
        ASSERT_TRUE(model);
        std::string text;
        for (std::size_t at = 0; at < anomalies.size(); ++at) {
            if (at == 14 || at == 19) text += '/';
            text += model->forbids(anomalies[at]) ? 'x' : '.';
        }
        EXPECT_EQ(text, one.forbidden) << one.model;
        EXPECT_TRUE(model->forbids("phantom"));
    }
}

TEST(consistency_model, asks_for_the_order_that_its_anomalies_need) {
    const auto order = [](std::string_view name) {
        return consistency_model::named(name)->order();
    };
    EXPECT_EQ(order("serializable"), 0);
    EXPECT_EQ(order("strong-session-serializable"), graph::process);
    EXPECT_EQ(order("strict-serializable"), graph::realtime);
    EXPECT_EQ(order("kafka-log"), graph::realtime);
}

TEST(consistency_model, may_be_several_at_once_or_have_another_name) {
    const auto both = consistency_model::named("snapshot-isolation,repeatable-read");
    ASSERT_TRUE(both);
    EXPECT_TRUE(both->forbids("G2-item"));
    EXPECT_TRUE(both->forbids("internal"));
    EXPECT_TRUE(consistency_model::named("strong-serializable")->forbids("G2-item-realtime"));
}

TEST(consistency_model, that_nobody_knows_is_named) {
    const auto none = consistency_model::named("snapshot-isolation,fast");
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error(), "fast");
}

TEST(consistency_model, can_be_had_by_each_of_its_listed_names) {
    for (const std::string_view name : all_models()) EXPECT_TRUE(consistency_model::named(name));
}

}  // namespace
}  // namespace verdikt::checker::transactions
