#include "broker/replication/host/directory_reports.h"

#include "tests/unit/replica_host/lone_node.h"

#include <gtest/gtest.h>

namespace verdikt::broker::replication::host {
namespace {

replica_location located(int topic, std::int32_t partition, int directory) {
    return {.which = {.topic = uuid_of(topic), .partition = kafka::partition_index(partition)},
            .directory = uuid_of(directory)};
}

TEST(directory_reports, say_where_each_replica_lies_directory_by_directory_and_topic_by_topic) {
    const auto told =
        report_of(kafka::node_id(3),
                  kafka::broker_epoch(17),
                  {located(1, 0, 50), located(1, 1, 51), located(2, 0, 50), located(1, 2, 50)});
    EXPECT_EQ(told.broker_id, 3);
    EXPECT_EQ(told.broker_epoch, 17);
    ASSERT_EQ(told.directories.size(), 2U);
    EXPECT_EQ(told.directories[0].id, uuid_of(50));
    ASSERT_EQ(told.directories[0].topics.size(), 2U);
    EXPECT_EQ(told.directories[0].topics[0].topic_id, uuid_of(1));
    ASSERT_EQ(told.directories[0].topics[0].partitions.size(), 2U);
    EXPECT_EQ(told.directories[0].topics[0].partitions[1].partition_index, 2);
    EXPECT_EQ(told.directories[1].id, uuid_of(51));
    ASSERT_EQ(told.directories[1].topics.size(), 1U);
}

}  // namespace
}  // namespace verdikt::broker::replication::host
