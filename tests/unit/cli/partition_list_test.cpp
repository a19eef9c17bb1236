#include "cli/partition_list.h"

#include <gtest/gtest.h>

namespace verdikt::cli {
namespace {

kafka::topic_partition partition(std::string topic, std::int32_t index) {
    return {.topic = std::move(topic), .partition = kafka::partition_index(index)};
}

TEST(partition_list, reads_partitions_and_topics) {
    const auto partitions = parse_partitions(
        R"({"partitions": [{"topic": "a", "partition": 1}, {"topic": "b", "partition": 0}]})");
    ASSERT_TRUE(partitions.has_value()) << partitions.error();
    EXPECT_EQ(*partitions, (std::set{partition("a", 1), partition("b", 0)}));
    const auto topics = parse_topics(R"({"version": 1, "topics": [{"topic": "a"}]})");
    ASSERT_TRUE(topics.has_value()) << topics.error();
    EXPECT_EQ(*topics, std::set<std::string>{"a"});
}

TEST(partition_list, an_assignment_is_printed_as_kafka_prints_it_and_read_back) {
    const partition_assignment assignment{{partition("a", 0), {2, 1}}, {partition("a", 1), {3}}};
    const std::string text = print_assignment(assignment);
    EXPECT_EQ(text,
              R"({"version":1,"partitions":[)"
              R"({"topic":"a","partition":0,"replicas":[2,1],"log_dirs":["any","any"]},)"
              R"({"topic":"a","partition":1,"replicas":[3],"log_dirs":["any"]}]})");
    const auto again = parse_assignment(text);
    ASSERT_TRUE(again.has_value()) << again.error();
    EXPECT_EQ(*again, assignment);
}

TEST(partition_list, says_what_is_wrong_with_an_assignment) {
    const auto fault = [](std::string_view text) {
        const auto parsed = parse_assignment(text);
        return parsed ? "" : parsed.error();
    };
    const auto of_one = [&fault](std::string_view entry) {
        return fault(std::string(R"({"version":1,"partitions":[)") + std::string(entry) + "]}");
    };
    EXPECT_EQ(fault("nonsense"), "it is no JSON");
    EXPECT_EQ(fault("[]"), "it has no list \"partitions\"");
    EXPECT_EQ(fault(R"({"version":2,"partitions":[]})"), "its version is not 1");
    EXPECT_NE(of_one(R"({"partition":0,"replicas":[1]})").find("names no topic"),
              std::string::npos);
    EXPECT_NE(of_one(R"({"topic":"a","partition":-1,"replicas":[1]})").find("no partition"),
              std::string::npos);
    EXPECT_NE(of_one(R"({"topic":"a","partition":5000000000,"replicas":[1]})").find("no partition"),
              std::string::npos);
    EXPECT_NE(of_one(R"({"topic":"a","partition":0,"replicas":[]})").find("names no replicas"),
              std::string::npos);
    EXPECT_NE(of_one(R"({"topic":"a","partition":0,"replicas":[1,1]})").find("a replica twice"),
              std::string::npos);
    EXPECT_NE(
        of_one(R"({"topic":"a","partition":0,"replicas":[1],"log_dirs":["/x"]})").find("\"any\""),
        std::string::npos);
    EXPECT_EQ(of_one(R"({"topic":"a","partition":0,"replicas":[1]},)"
                     R"({"topic":"a","partition":0,"replicas":[2]})"),
              "it names a-0 twice");
}

}  // namespace
}  // namespace verdikt::cli
