#include "client/produce_verdict.h"

#include <gtest/gtest.h>

namespace verdikt::client {
namespace {

using kafka::error_code;

TEST(produce_verdict, success_and_an_old_duplicate_are_written) {
    EXPECT_EQ(judge(error_code::none, true).fate, attempt_fate::written);
    EXPECT_EQ(judge(error_code::duplicate_sequence_number, true).fate, attempt_fate::written);
}

TEST(produce_verdict, what_can_follow_an_append_is_in_doubt) {
    for (const error_code code : {error_code::request_timed_out,
                                  error_code::not_enough_replicas_after_append,
                                  error_code::kafka_storage_error,
                                  error_code::unknown_server_error}) {
        EXPECT_EQ(judge(code, true).fate, attempt_fate::in_doubt) << kafka::name(code);
        EXPECT_EQ(judge(code, false).fate, attempt_fate::in_doubt) << kafka::name(code);
    }
}

TEST(produce_verdict, every_code_is_either_through_or_says_what_to_do) {
    for (std::int16_t wire = -1; wire <= 133; ++wire) {
        const auto code = static_cast<error_code>(wire);
        const produce_verdict verdict = judge(code, true);
        EXPECT_EQ(verdict.next == next_step::done, verdict.fate == attempt_fate::written);
        if (verdict.next == next_step::start_over) {
            EXPECT_EQ(verdict.fate, attempt_fate::not_written) << kafka::name(code);
        }
    }
}

TEST(produce_verdict, stale_metadata_is_refreshed) {
    EXPECT_TRUE(judge(error_code::not_leader_or_follower, true).refresh_metadata);
    EXPECT_FALSE(judge(error_code::not_enough_replicas, true).refresh_metadata);
}

}  // namespace
}  // namespace verdikt::client
