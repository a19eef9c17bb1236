#include "workloads/load_options.h"

#include <gtest/gtest.h>

namespace verdikt::workloads {
namespace {

TEST(load_options, that_are_told_as_texts_come_back_as_they_were) {
    load_options told;
    told.rate = 12.5;
    told.concurrency = 3;
    told.acks = "1";
    told.no_transactions = true;
    told.expect_durable = true;
    told.expect_processed = true;
    auto texts = texts_of(told);
    texts.emplace_back("time-limit", "20 s");  // As the settings of a run have it.
    const auto read = load_options_from(texts);
    ASSERT_TRUE(read.has_value()) << read.error();
    EXPECT_EQ(texts_of(*read), texts_of(told));
}

TEST(load_options, that_make_no_sense_are_refused_by_name) {
    const auto reason = [](const char* flag, const char* value) {
        const auto read = load_options_from({{flag, value}});
        return read ? std::string() : read.error();
    };
    EXPECT_EQ(reason("acks", "2"), "acks is 0, 1 or all");
    for (const char* const rate : {"0", "nan", "inf", "1e-300"}) {
        EXPECT_EQ(reason("rate", rate), "rate is from 0.001 to 1000000");
    }
    EXPECT_EQ(reason("rate", "fast"), "rate is 'fast', which makes no sense");
    EXPECT_EQ(reason("no-txn", "perhaps"), "no-txn is 'perhaps', which makes no sense");
    EXPECT_EQ(reason("sub-via", "both"), "");
}

TEST(load_options, promise_what_their_settings_can_keep) {
    load_options load;
    EXPECT_TRUE(load.promises_durable() && load.promises_idempotent() && load.transactional());
    load.acks = "1";
    EXPECT_FALSE(load.promises_durable() || load.promises_idempotent() || load.transactional());
    load.expect_durable = true;
    EXPECT_TRUE(load.promises_durable());
    load = {};
    load.unclean_elections = true;
    EXPECT_FALSE(load.promises_durable());
    load.isolation_level = "read_uncommitted";
    EXPECT_FALSE(load.promises_committed());
}

}  // namespace
}  // namespace verdikt::workloads
