#include "broker/storage/file_names.h"

#include <gtest/gtest.h>

namespace verdikt::broker::storage {
namespace {

using kafka::offset;

TEST(file_names, are_those_of_kafka) {
    EXPECT_EQ(to_string({.base = offset(42), .kind = file_kind::log}), "00000000000000000042.log");
    EXPECT_EQ(to_string({.base = offset(7), .kind = file_kind::offset_index}),
              "00000000000000000007.index");
    EXPECT_EQ(to_string({.base = offset(7), .kind = file_kind::time_index}),
              "00000000000000000007.timeindex");
    EXPECT_EQ(to_string({.base = offset(7), .kind = file_kind::transaction_index}),
              "00000000000000000007.txnindex");
    EXPECT_EQ(to_string({.base = offset(INT64_MAX), .kind = file_kind::producer_snapshot}),
              "09223372036854775807.snapshot");
    EXPECT_EQ(to_string({.base = offset(0), .kind = file_kind::log, .state = file_state::swap}),
              "00000000000000000000.log.swap");
}

TEST(file_names, are_read_back) {
    for (const file_kind kind : {file_kind::log,
                                 file_kind::offset_index,
                                 file_kind::time_index,
                                 file_kind::transaction_index,
                                 file_kind::producer_snapshot}) {
        for (const file_state state :
             {file_state::valid, file_state::deleted, file_state::cleaned, file_state::swap}) {
            const log_file_name name{.base = offset(123456789), .kind = kind, .state = state};
            EXPECT_EQ(parse_log_file_name(to_string(name)), name);
        }
    }
}

TEST(file_names, of_other_files_are_refused) {
    for (const char* name : {"",
                             "leader-epoch-checkpoint",
                             "00000000000000000042",
                             "00000000000000000042.logs",
                             "0000000000000000004x.log",
                             "99999999999999999999.log",
                             "00000000000000000042.log.tmp",
                             "-0000000000000000042.log"}) {
        EXPECT_EQ(parse_log_file_name(name), std::nullopt) << name;
    }
}

TEST(file_names, of_partitions_split_at_the_last_dash) {
    const kafka::topic_partition which{.topic = "a-b-3", .partition = kafka::partition_index(12)};
    EXPECT_EQ(directory_name(which), "a-b-3-12");
    EXPECT_EQ(parse_directory_name("a-b-3-12"), which);
    for (const char* name : {"",
                             "-1",
                             "topic",
                             "topic-",
                             "topic-x",
                             "topic-1.abc-delete",
                             "topic-1.abc-future",
                             "topic-99999999999"}) {
        EXPECT_EQ(parse_directory_name(name), std::nullopt) << name;
    }
}

TEST(file_names, of_deleted_partitions_fit_the_file_system) {
    const kafka::topic_partition which{.topic = std::string(249, 't'),
                                       .partition = kafka::partition_index(100)};
    const std::string name = deleted_directory_name(which, "0123456789abcdef");
    EXPECT_LE(name.size(), 255U);
    EXPECT_TRUE(is_deleted_directory_name(name));
    EXPECT_TRUE(name.ends_with(".0123456789abcdef-delete"));
    EXPECT_EQ(parse_directory_name(name), std::nullopt);
}

}  // namespace
}  // namespace verdikt::broker::storage
