#include "kafka/records/validation.h"

#include "kafka/endian.h"
#include "kafka/records/control.h"
#include "sample.h"

#include <gtest/gtest.h>

#include <vector>

namespace verdikt::kafka::records {
namespace {

constexpr std::int64_t now = 1'700'000'000'000;
constexpr codec every_codec[] = {codec::none, codec::gzip, codec::snappy, codec::lz4, codec::zstd};

produce_rules rules_now() {
    return {.now = timestamp(now)};
}

std::vector<sample_record> two_records() {
    return {{.time = now, .key = "a", .value = "1", .headers = {}},
            {.time = now - 5, .key = "b", .value = "2", .headers = {}}};
}

class validation : public testing::Test {
  protected:
    std::expected<accepted_batch, rejection> validate(const byte_buffer& batch,
                                                      const produce_rules& rules = rules_now()) {
        return validate_produce_batch(
            batch.bytes(), rules, compression::of_this_thread(), scratch_);
    }
    error_code code_of(const byte_buffer& batch, const produce_rules& rules = rules_now()) {
        const auto verdict = validate(batch, rules);
        return verdict ? error_code::none : verdict.error().code;
    }

    byte_buffer scratch_;
};

/// Changes a header field and makes the checksum right again.
template <typename T>
byte_buffer with_field(std::size_t at,
                       std::type_identity_t<T> value,
                       const batch_options& options = {}) {
    byte_buffer batch = batch_of(two_records(), options);
    store_big_endian<T>(&batch.bytes()[at], value);
    store_checksum(batch.bytes());
    return batch;
}

TEST_F(validation, accepts_a_good_batch_of_every_codec) {
    for (const codec which : every_codec) {
        const byte_buffer batch = batch_of(two_records(), {.compression_codec = which});
        const auto verdict = validate(batch);
        ASSERT_TRUE(verdict.has_value()) << name_of(which) << ": " << verdict.error().message;
        EXPECT_EQ(verdict->header.record_count, 2);
        EXPECT_EQ(verdict->max_timestamp, timestamp(now));
        EXPECT_EQ(verdict->max_timestamp_offset_delta, 0);
        EXPECT_EQ(verdict->recompress_to, std::nullopt);
    }
}

TEST_F(validation, refuses_anything_but_one_whole_batch) {
    byte_buffer two = batch_of(two_records());
    two.append(batch_of(two_records()).bytes());
    EXPECT_EQ(code_of(two), error_code::invalid_record);
    byte_buffer cut = batch_of(two_records());
    cut.truncate(cut.size() - 1);
    EXPECT_EQ(code_of(cut), error_code::invalid_record);
    EXPECT_EQ(code_of(byte_buffer()), error_code::invalid_record);
}

TEST_F(validation, refuses_older_formats_and_impossible_lengths) {
    EXPECT_EQ(code_of(with_field<std::int8_t>(16, 1)), error_code::invalid_record);
    EXPECT_EQ(code_of(with_field<std::int32_t>(8, 3)), error_code::corrupt_message);
}

TEST_F(validation, refuses_a_wrong_checksum_as_corrupt) {
    byte_buffer batch = batch_of(two_records());
    batch.bytes()[batch.size() - 1] ^= std::byte{1};
    EXPECT_EQ(code_of(batch), error_code::corrupt_message);
}

TEST_F(validation, holds_the_size_against_max_message_bytes) {
    const byte_buffer batch = batch_of(two_records());
    produce_rules rules = rules_now();
    rules.message_bytes_max = batch.size();
    EXPECT_EQ(code_of(batch, rules), error_code::none);
    rules.message_bytes_max = batch.size() - 1;
    EXPECT_EQ(code_of(batch, rules), error_code::message_too_large);
}

TEST_F(validation, knows_zstd_from_produce_version_7_on) {
    const byte_buffer batch = batch_of(two_records(), {.compression_codec = codec::zstd});
    produce_rules rules = rules_now();
    rules.produce_version = 6;
    EXPECT_EQ(code_of(batch, rules), error_code::unsupported_compression_type);
    EXPECT_EQ(code_of(batch_of(two_records(), {.compression_codec = codec::lz4}), rules),
              error_code::none);
    rules.produce_version = 7;
    EXPECT_EQ(code_of(batch, rules), error_code::none);
}

TEST_F(validation, refuses_codecs_that_do_not_exist) {
    for (const std::int16_t bits : {5, 6, 7}) {
        EXPECT_EQ(code_of(with_field<std::int16_t>(21, bits)),
                  error_code::unsupported_compression_type);
    }
}

TEST_F(validation, wants_as_many_records_as_the_header_says) {
    for (const codec which : every_codec) {
        const batch_options options{.compression_codec = which};
        EXPECT_EQ(code_of(with_field<std::int32_t>(57, 3, options)), error_code::invalid_record);
        EXPECT_EQ(code_of(with_field<std::int32_t>(57, 0, options)), error_code::invalid_record);
        EXPECT_EQ(code_of(with_field<std::int32_t>(57, -1, options)), error_code::invalid_record);
        EXPECT_EQ(code_of(with_field<std::int32_t>(23, 2, options)), error_code::invalid_record);
        for (const std::int32_t count : {1, 3}) {
            byte_buffer batch = with_field<std::int32_t>(57, count, options);
            store_big_endian<std::int32_t>(&batch.bytes()[23], count - 1);
            store_checksum(batch.bytes());
            EXPECT_EQ(code_of(batch), error_code::invalid_record) << name_of(which) << " " << count;
        }
    }
}

TEST_F(validation, wants_offset_deltas_without_gaps) {
    batch_builder builder;
    builder.append_at(0, {.time = timestamp(now), .key = {}, .value = bytes_of("v")});
    builder.append_at(2, {.time = timestamp(now), .key = {}, .value = bytes_of("v")});
    for (const std::int32_t last : {1, 2}) {
        byte_buffer batch;
        batch.append(
            builder.build({.last_offset_delta = last}, compression::of_this_thread()).value());
        EXPECT_EQ(code_of(batch), error_code::invalid_record);
    }
}

TEST_F(validation, wants_no_bytes_behind_the_last_record) {
    byte_buffer batch = batch_of(two_records());
    batch.append(bytes_of("x"));
    store_big_endian<std::int32_t>(&batch.bytes()[8], static_cast<std::int32_t>(batch.size() - 12));
    store_checksum(batch.bytes());
    EXPECT_EQ(code_of(batch), error_code::invalid_record);
}

TEST_F(validation, lets_coordinators_but_not_clients_write_control_records) {
    const byte_buffer marker = make_marker_batch({.producer_id = producer_id(1),
                                                  .producer_epoch = producer_epoch(0),
                                                  .outcome = control_type::commit,
                                                  .coordinator_epoch = 0,
                                                  .time = timestamp(now)});
    EXPECT_EQ(code_of(marker), error_code::invalid_record);
    produce_rules rules = rules_now();
    rules.origin = batch_origin::coordinator;
    rules.compression_codec = codec::gzip;
    const auto verdict = validate(marker, rules);
    ASSERT_TRUE(verdict.has_value());
    EXPECT_EQ(verdict->recompress_to, std::nullopt) << "control records are never compressed";
}

TEST_F(validation, wants_a_sequence_beside_a_producer_id_and_ignores_one_without) {
    EXPECT_EQ(code_of(batch_of(two_records(),
                               {.producer_id = producer_id(0), .base_sequence = sequence(-1)})),
              error_code::invalid_record);
    EXPECT_EQ(code_of(batch_of(two_records(),
                               {.producer_id = producer_id(0), .base_sequence = sequence(0)})),
              error_code::none);
    EXPECT_EQ(code_of(batch_of(two_records(), {.base_sequence = sequence(0)})), error_code::none);
}

TEST_F(validation, wants_keys_where_the_topic_is_compacted) {
    const byte_buffer keyless =
        batch_of({{.time = now, .key = "a", .value = "1", .headers = {}},
                  {.time = now, .key = std::nullopt, .value = "2", .headers = {}}});
    produce_rules rules = rules_now();
    EXPECT_EQ(code_of(keyless, rules), error_code::none);
    rules.keys_required = true;
    EXPECT_EQ(code_of(batch_of(two_records()), rules), error_code::none);
    const auto verdict = validate(keyless, rules);
    ASSERT_FALSE(verdict.has_value());
    EXPECT_EQ(verdict.error().code, error_code::invalid_record);
    ASSERT_EQ(verdict.error().record_errors.size(), 1U);
    EXPECT_EQ(verdict.error().record_errors.front().batch_index, 1);
}

TEST_F(validation, wants_create_times_within_the_topics_window) {
    produce_rules rules = rules_now();
    rules.timestamp_before_ms_max = 1000;
    rules.timestamp_after_ms_max = 100;
    const auto code_at = [&](std::int64_t time) {
        return code_of(batch_of({{.time = time, .key = "k", .value = "v", .headers = {}}}), rules);
    };
    EXPECT_EQ(code_at(now - 1000), error_code::none);
    EXPECT_EQ(code_at(now - 1001), error_code::invalid_timestamp);
    EXPECT_EQ(code_at(now + 100), error_code::none);
    EXPECT_EQ(code_at(now + 101), error_code::invalid_timestamp);
    EXPECT_EQ(code_at(-1), error_code::none) << "a record without timestamp";
}

TEST_F(validation, by_default_takes_any_past_and_an_hour_of_future) {
    const auto code_at = [&](std::int64_t time) {
        return code_of(batch_of({{.time = time, .key = "k", .value = "v", .headers = {}}}));
    };
    EXPECT_EQ(code_at(0), error_code::none);
    EXPECT_EQ(code_at(now + 3'600'000), error_code::none);
    EXPECT_EQ(code_at(now + 3'600'001), error_code::invalid_timestamp);
}

TEST_F(validation, names_every_refused_record_up_to_a_bound) {
    std::vector<sample_record> records(
        record_errors_max + 50, {.time = now, .key = std::nullopt, .value = "v", .headers = {}});
    records[1].time = now + 99'999'999;
    produce_rules rules = rules_now();
    rules.keys_required = true;
    const auto verdict = validate(batch_of(records), rules);
    ASSERT_FALSE(verdict.has_value());
    EXPECT_EQ(verdict.error().record_errors.size(), record_errors_max);
    EXPECT_EQ(verdict.error().code, error_code::invalid_record);
    rules.keys_required = false;
    const auto late = validate(batch_of(records), rules);
    ASSERT_FALSE(late.has_value());
    EXPECT_EQ(late.error().code, error_code::invalid_timestamp);
    EXPECT_EQ(late.error().record_errors.front().batch_index, 1);
}

TEST_F(validation, refuses_producers_that_claim_append_time) {
    const byte_buffer batch =
        batch_of(two_records(),
                 {.timestamps = timestamp_type::log_append_time, .max_timestamp = timestamp(now)});
    EXPECT_EQ(code_of(batch), error_code::invalid_timestamp);
    produce_rules rules = rules_now();
    rules.timestamps = timestamp_type::log_append_time;
    EXPECT_EQ(code_of(batch, rules), error_code::invalid_timestamp);
}

TEST_F(validation, bounds_what_a_compressed_batch_may_grow_to) {
    const std::vector<sample_record> zeros{
        {.time = now, .key = "k", .value = std::string(100'000, '\0'), .headers = {}}};
    produce_rules rules = rules_now();
    rules.uncompressed_bytes_max = 90'000;
    for (const codec which : {codec::gzip, codec::snappy, codec::lz4, codec::zstd}) {
        const byte_buffer batch = batch_of(zeros, {.compression_codec = which});
        EXPECT_EQ(code_of(batch), error_code::none);
        EXPECT_EQ(code_of(batch, rules), error_code::message_too_large) << name_of(which);
    }
}

TEST_F(validation, refuses_a_compressed_batch_that_does_not_decompress) {
    for (const codec which : {codec::gzip, codec::snappy, codec::lz4, codec::zstd}) {
        const auto bits = batch_attributes().with(which).bits();
        EXPECT_EQ(code_of(with_field<std::int16_t>(21, bits)), error_code::invalid_record)
            << name_of(which);
    }
}

TEST_F(validation, an_accepted_batch_gets_its_place_without_a_new_checksum) {
    byte_buffer batch = batch_of(two_records());
    const std::uint32_t crc = batch_view::parse(batch.bytes())->crc();
    const auto verdict = validate(batch);
    prepare_for_append(batch.bytes(), verdict.value(), {offset(1000), leader_epoch(4)});
    const batch_view placed = batch_view::parse(batch.bytes()).value();
    EXPECT_EQ(placed.base_offset(), offset(1000));
    EXPECT_EQ(placed.last_offset(), offset(1001));
    EXPECT_EQ(placed.epoch(), leader_epoch(4));
    EXPECT_EQ(placed.crc(), crc);
    EXPECT_TRUE(placed.checksum_matches());
}

TEST_F(validation, a_wrong_largest_timestamp_is_put_right) {
    byte_buffer batch = with_field<std::int64_t>(35, 7);
    const auto verdict = validate(batch);
    prepare_for_append(batch.bytes(), verdict.value(), {offset(0), leader_epoch(0)});
    const batch_view placed = batch_view::parse(batch.bytes()).value();
    EXPECT_EQ(placed.max_timestamp(), timestamp(now));
    EXPECT_TRUE(placed.checksum_matches());
}

TEST_F(validation, append_time_replaces_the_producers_and_frees_it_from_the_window) {
    produce_rules rules = rules_now();
    rules.timestamps = timestamp_type::log_append_time;
    rules.timestamp_before_ms_max = 0;
    byte_buffer batch = batch_of({{.time = 5, .key = "k", .value = "v", .headers = {}}});
    const auto verdict = validate(batch, rules);
    ASSERT_TRUE(verdict.has_value());
    prepare_for_append(batch.bytes(), *verdict, {offset(0), leader_epoch(0)});
    const batch_view placed = batch_view::parse(batch.bytes()).value();
    EXPECT_TRUE(placed.checksum_matches());
    EXPECT_EQ(read_all(placed).value().front().time, now);
}

TEST_F(validation, a_topics_own_codec_replaces_any_other_and_keeps_the_records) {
    EXPECT_TRUE(rc::check([this](codec from, codec to, bool append_time) {
        produce_rules rules = rules_now();
        rules.compression_codec = to;
        if (append_time) rules.timestamps = timestamp_type::log_append_time;
        const byte_buffer batch = batch_of(two_records(),
                                           {.compression_codec = from,
                                            .producer_id = producer_id(5),
                                            .producer_epoch = producer_epoch(1),
                                            .base_sequence = sequence(3),
                                            .transactional = true});
        const auto verdict = validate(batch, rules);
        RC_ASSERT(verdict.has_value());
        RC_ASSERT(verdict->recompress_to.has_value() == (from != to));
        if (from == to) return;
        byte_buffer output;
        auto& codecs = compression::of_this_thread();
        RC_ASSERT(recompress(batch.bytes(), *verdict, rules, codecs, scratch_, output).has_value());
        prepare_for_append(output.bytes(), *verdict, {offset(10), leader_epoch(2)});
        const batch_view stored = batch_view::parse(output.bytes()).value();
        RC_ASSERT(stored.size() == output.size());
        RC_ASSERT(stored.checksum_matches());
        RC_ASSERT(stored.attributes().compression_codec() == to);
        RC_ASSERT(stored.attributes().is_transactional());
        RC_ASSERT(stored.base_sequence() == sequence(3));
        std::vector<sample_record> expected = two_records();
        if (append_time) {
            for (sample_record& record : expected) record.time = now;
        }
        RC_ASSERT(read_all(stored).value() == expected);
    }));
}

TEST_F(validation, a_batch_that_grows_past_the_limit_by_recompression_is_refused) {
    const byte_buffer batch =
        batch_of({{.time = now, .key = "k", .value = std::string(10'000, 'x'), .headers = {}}},
                 {.compression_codec = codec::zstd});
    produce_rules rules = rules_now();
    rules.compression_codec = codec::none;
    rules.message_bytes_max = 5000;
    const auto verdict = validate(batch, rules);
    ASSERT_TRUE(verdict.has_value());
    byte_buffer output;
    const auto done =
        recompress(batch.bytes(), *verdict, rules, compression::of_this_thread(), scratch_, output);
    ASSERT_FALSE(done.has_value());
    EXPECT_EQ(done.error().code, error_code::message_too_large);
}

TEST_F(validation, a_mutated_batch_is_refused_or_equal_where_the_checksum_looks) {
    for (const codec which : every_codec) {
        const byte_buffer original = batch_of(two_records(), {.compression_codec = which});
        for (std::size_t at = 0; at < original.size(); ++at) {
            byte_buffer batch;
            batch.append(original.bytes());
            batch.bytes()[at] ^= std::byte{0x10};
            const bool is_covered = at >= 17 || (at >= 8 && at < 12) || at == 16;
            EXPECT_EQ(validate(batch).has_value(), !is_covered) << name_of(which) << " " << at;
        }
    }
}

}  // namespace
}  // namespace verdikt::kafka::records
