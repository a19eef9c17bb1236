#include "broker/storage/checkpoint_file.h"

#include <gtest/gtest.h>

namespace verdikt::broker::storage {
namespace {

using kafka::offset;
using kafka::partition_index;

TEST(checkpoint_file, has_kafkas_format) {
    const offset_checkpoint offsets{{{"a", partition_index(0)}, offset(5)},
                                    {{"a.b-c", partition_index(12)}, offset(0)}};
    EXPECT_EQ(print_offset_checkpoint(offsets), "0\n2\na 0 5\na.b-c 12 0\n");
    EXPECT_EQ(parse_offset_checkpoint("0\n2\na 0 5\na.b-c 12 0\n"), offsets);
    const std::vector<epoch_start> epochs{{kafka::leader_epoch(3), offset(7)}};
    EXPECT_EQ(print_epoch_checkpoint(epochs), "0\n1\n3 7\n");
    EXPECT_EQ(parse_epoch_checkpoint("0\n1\n3 7\n"), epochs);
}

TEST(checkpoint_file, that_is_not_whole_is_refused) {
    for (const char* text : {"",
                             "0",
                             "1\n0\n",
                             "0\n2\na 0 5\n",
                             "0\n1\na 0\n",
                             "0\n1\na x 5\n",
                             "0\n1\na 0 5 6\n",
                             "0\nx\n"}) {
        EXPECT_EQ(parse_offset_checkpoint(text), std::nullopt) << text;
    }
    for (const char* text : {"0\n1\n3\n", "0\n1\n3 x\n", "0\n1\n3 4 5\n"}) {
        EXPECT_EQ(parse_epoch_checkpoint(text), std::nullopt) << text;
    }
}

TEST(checkpoint_file, properties_ignore_comments_and_blanks) {
    const properties parsed =
        parse_properties("#Sat Nov 21\n\n cluster.id = abc=d \r\nnode.id=3\nnonsense\n");
    EXPECT_EQ(parsed, (properties{{"cluster.id", "abc=d"}, {"node.id", "3"}}));
    EXPECT_EQ(parse_properties(print_properties(parsed)), parsed);
}

TEST(checkpoint_file, partition_metadata_names_the_topic) {
    kafka::uuid id;
    id.bytes[0] = std::byte{1};
    EXPECT_EQ(print_partition_metadata(id), "version: 0\ntopic_id: AQAAAAAAAAAAAAAAAAAAAA\n");
    EXPECT_EQ(parse_partition_metadata(print_partition_metadata(id)), id);
    EXPECT_EQ(parse_partition_metadata("version: 0\n"), std::nullopt);
}

}  // namespace
}  // namespace verdikt::broker::storage
