#include "kafka/error_codes.h"

#include "kafka/api_keys.h"

#include <gtest/gtest.h>

#include <set>
#include <string_view>

namespace verdikt::kafka {
namespace {

TEST(error_codes, have_the_numbers_and_names_of_kafka) {
    EXPECT_EQ(name(error_code::unknown_server_error), "UNKNOWN_SERVER_ERROR");
    EXPECT_EQ(to_wire(error_code::not_leader_or_follower), 6);
    EXPECT_EQ(name(error_code::not_leader_or_follower), "NOT_LEADER_OR_FOLLOWER");
    EXPECT_EQ(to_wire(error_code::kafka_storage_error), 56);
    EXPECT_EQ(name(error_code::kafka_storage_error), "KAFKA_STORAGE_ERROR");
    EXPECT_EQ(to_wire(error_code::transaction_abortable), 120);
    EXPECT_EQ(name(error_code::transaction_abortable), "TRANSACTION_ABORTABLE");
}

TEST(error_codes, have_names_and_descriptions_of_their_own) {
    std::set<std::string_view> names;
    std::set<std::string_view> descriptions;
    for (std::int16_t wire = -1; wire <= 133; ++wire) {
        names.insert(name(to_error_code(wire)));
        descriptions.insert(describe(to_error_code(wire)));
    }
    EXPECT_EQ(names.size(), 135U);
    EXPECT_EQ(descriptions.size(), 135U);
}

TEST(error_codes, take_a_number_from_the_future_for_an_unknown_error) {
    for (const std::int16_t wire : {-2, 134, -32768, 32767})
        EXPECT_EQ(to_error_code(wire), error_code::unknown_server_error);
    EXPECT_FALSE(retriable(static_cast<error_code>(999)));
}

TEST(error_codes, tell_what_to_refresh_before_the_next_attempt) {
    EXPECT_TRUE(retriable(error_code::not_enough_replicas));
    EXPECT_FALSE(invalidates_metadata(error_code::not_enough_replicas));
    EXPECT_TRUE(retriable(error_code::fenced_leader_epoch));
    EXPECT_TRUE(invalidates_metadata(error_code::fenced_leader_epoch));
    EXPECT_TRUE(retriable(error_code::not_coordinator));
    EXPECT_TRUE(invalidates_coordinator(error_code::not_coordinator));
    EXPECT_FALSE(retriable(error_code::none));
    EXPECT_FALSE(retriable(error_code::rebalance_in_progress));
    EXPECT_EQ(classify(error_code::producer_fenced), error_class::producer_fenced);
}

TEST(api_keys, are_known_by_name_and_number) {
    EXPECT_EQ(to_api_key(18), api_key::api_versions);
    EXPECT_EQ(name(api_key::api_versions), "ApiVersions");
    EXPECT_EQ(to_api_key(-1), std::nullopt);
    EXPECT_EQ(to_api_key(32000), std::nullopt);
}

}  // namespace
}  // namespace verdikt::kafka
