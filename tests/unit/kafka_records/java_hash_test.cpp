#include "kafka/records/java_hash.h"

#include "sample.h"

#include <gtest/gtest.h>

namespace verdikt::kafka::records {
namespace {

TEST(java_hash, murmur2_equals_the_java_producers) {
    EXPECT_EQ(murmur2(bytes_of("21")), -973932308);
    EXPECT_EQ(murmur2(bytes_of("foobar")), -790332482);
    EXPECT_EQ(murmur2(bytes_of("a-little-bit-long-string")), -985981536);
    EXPECT_EQ(murmur2(bytes_of("a-little-bit-longer-string")), -1486304829);
    EXPECT_EQ(murmur2(bytes_of("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8")), -58897971);
    EXPECT_EQ(murmur2(bytes_of("abc")), 479470107);
}

TEST(java_hash, a_key_with_a_negative_hash_gets_a_partition_in_range) {
    EXPECT_EQ(partition_for_key(bytes_of("21"), 10), (-973932308 & 0x7fffffff) % 10);
    EXPECT_TRUE(rc::check([](const std::string& key) {
        const auto partitions = *rc::gen::inRange(1, 1000);
        const std::int32_t partition = partition_for_key(bytes_of(key), partitions);
        RC_ASSERT(partition >= 0 && partition < partitions);
    }));
}

TEST(java_hash, string_hash_equals_javas) {
    EXPECT_EQ(java_string_hash(""), 0);
    EXPECT_EQ(java_string_hash("a"), 97);
    EXPECT_EQ(java_string_hash("hello"), 99162322);
    EXPECT_EQ(java_string_hash("Aa"), java_string_hash("BB"));
    // Its hash is the smallest integer, whose absolute value does not exist.
    EXPECT_EQ(java_string_hash("polygenelubricants"), INT32_MIN);
}

TEST(java_hash, string_hash_counts_utf16_code_units) {
    EXPECT_EQ(java_string_hash("\xc3\xa9"), 0xe9);
    EXPECT_EQ(java_string_hash("\xe2\x82\xac"), 0x20ac);
    EXPECT_EQ(java_string_hash("\xf0\x9f\x98\x80"), 31 * 0xd83d + 0xde00);
}

TEST(java_hash, malformed_utf8_counts_as_the_replacement_character) {
    EXPECT_EQ(java_string_hash("\xff"), 0xfffd);
    EXPECT_EQ(java_string_hash("\xe2\x82"), 0xfffd);
    EXPECT_EQ(java_string_hash("\xc0\x80"), 31 * 0xfffd + 0xfffd);
    EXPECT_EQ(java_string_hash("\xc3x"), 31 * 0xfffd + 'x');
}

TEST(java_hash, a_group_lives_on_the_partition_that_kafka_puts_it_on) {
    EXPECT_EQ(coordinator_partition("hello", 50), 99162322 % 50);
    // Its hash is -1906497762: the magnitude counts, not the number without its sign bit.
    EXPECT_EQ(coordinator_partition("my-group", 50), 12);
    EXPECT_EQ(coordinator_partition("polygenelubricants", 50), 0);
}

}  // namespace
}  // namespace verdikt::kafka::records
