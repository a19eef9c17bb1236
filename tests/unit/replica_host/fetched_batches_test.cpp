// What a follower believes.
#include "broker/replication/host/fetched_batches.h"
#include "tests/unit/replica_host/lone_node.h"

namespace verdikt::broker::replication::host {
namespace {

std::vector<std::byte> batch_at(std::int64_t base, std::int32_t epoch, int records = 2) {
    std::vector<std::byte> batch = make_batch({.records = records});
    kafka::records::set_base_offset(batch, offset(base));
    kafka::records::set_leader_epoch(batch, kafka::leader_epoch(epoch));
    return batch;
}

std::vector<std::byte> joined(std::vector<std::byte> first, const std::vector<std::byte>& second) {
    first.insert(first.end(), second.begin(), second.end());
    return first;
}

TEST(fetched_batches, are_whole_and_say_what_they_hold) {
    const auto bytes = joined(batch_at(10, 3), batch_at(12, 4));
    const auto checked = check_fetched(bytes);
    ASSERT_TRUE(checked && checked->records);
    EXPECT_EQ(checked->bytes.size(), bytes.size());
    EXPECT_EQ(checked->records->first, offset(10));
    EXPECT_EQ(checked->records->last, offset(13));
    EXPECT_EQ(checked->records->newest_epoch, kafka::leader_epoch(4));
}

TEST(fetched_batches, leave_out_what_a_size_limit_cut_in_two) {
    auto bytes = joined(batch_at(10, 3), batch_at(12, 3));
    const std::size_t whole = batch_at(10, 3).size();
    bytes.resize(bytes.size() - 5);
    EXPECT_EQ(check_fetched(bytes)->bytes.size(), whole);
    bytes.resize(whole - 5);
    EXPECT_FALSE(check_fetched(bytes)->records.has_value());
}

TEST(fetched_batches, with_a_wrong_checksum_or_going_back_are_refused) {
    auto bytes = batch_at(10, 3);
    bytes.back() ^= std::byte{1};
    EXPECT_EQ(check_fetched(bytes).error(), error_code::corrupt_message);
    EXPECT_EQ(check_fetched(joined(batch_at(10, 3), batch_at(11, 3))).error(),
              error_code::corrupt_message);
    EXPECT_EQ(check_fetched(joined(batch_at(10, 3), batch_at(12, 2))).error(),
              error_code::corrupt_message);
}

}  // namespace
}  // namespace verdikt::broker::replication::host
