#include "client/group_protocol.h"

#include <gtest/gtest.h>

namespace verdikt::client {
namespace {

TEST(group_protocol, what_is_written_is_read_again) {
    const subscription wants{.topics = {"a", "b"},
                             .owned = {{.topic = "a", .partition = kafka::partition_index(2)}},
                             .generation = 9};
    EXPECT_EQ(read_subscription(write_subscription(wants)), wants);
    EXPECT_EQ(read_assignment(write_assignment(wants.owned)), wants.owned);
}

TEST(group_protocol, no_bytes_are_an_empty_assignment_and_garbage_is_none) {
    EXPECT_EQ(read_assignment({}), std::set<topic_partition>());
    EXPECT_EQ(read_assignment(as_bytes("zzz")), std::nullopt);
    EXPECT_EQ(read_subscription({}), std::nullopt);
}

TEST(group_protocol, a_subscription_of_a_newer_version_is_read_as_far_as_we_know) {
    auto bytes = write_subscription({.topics = {"a"}});
    bytes[1] = std::byte{9};
    bytes.push_back(std::byte{1});
    EXPECT_EQ(read_subscription(bytes)->topics, std::set<std::string>{"a"});
}

}  // namespace
}  // namespace verdikt::client
