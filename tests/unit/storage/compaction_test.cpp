#include "broker/storage/compaction.h"
#include "broker/storage/file_names.h"
#include "tests/unit/storage/log_bench.h"

#include <gmock/gmock.h>
#include <rapidcheck.h>

#include <map>

namespace verdikt::broker::storage {
namespace {

using kafka::offset;
using kafka::timestamp;
using runtime::awaitable;
using std::chrono::milliseconds;

class cleaning_plan_test : public testing::Test {
  protected:
    cleaning_plan_test() { config.cleanup_compact = true; }

    cleaning_plan plan() const {
        return plan_cleaning({.segments = segments,
                              .first_dirty = first_dirty,
                              .last_stable_offset = last_stable,
                              .now = timestamp(10'000)},
                             config);
    }

    log_config config;
    std::vector<cleanable_segment> segments{{offset(0), offset(10), 100, timestamp(1000)},
                                            {offset(10), offset(20), 100, timestamp(2000)},
                                            {offset(20), offset(30), 100, timestamp(9500)},
                                            {offset(30), offset(40), 100, timestamp(9900)}};
    offset first_dirty{10};
    offset last_stable{40};
};

TEST_F(cleaning_plan_test, the_segment_that_grows_is_never_cleaned) {
    EXPECT_EQ(plan().segments, 3U);
    EXPECT_EQ(plan().first_dirty_segment, 1U);
    EXPECT_TRUE(plan().due);
}

TEST_F(cleaning_plan_test, nothing_undecided_is_cleaned) {
    last_stable = offset(29);
    EXPECT_EQ(plan().segments, 2U);
}

TEST_F(cleaning_plan_test, records_rest_before_they_are_cleaned) {
    config.min_compaction_lag_ms = milliseconds(1000);
    EXPECT_EQ(plan().segments, 2U);
}

TEST_F(cleaning_plan_test, a_log_is_cleaned_when_it_is_dirty_enough_or_has_waited_too_long) {
    first_dirty = offset(20);
    EXPECT_FALSE(plan().due);
    config.min_cleanable_dirty_ratio = 0.3;
    EXPECT_TRUE(plan().due);
    config.min_cleanable_dirty_ratio = 0.5;
    config.max_compaction_lag_ms = milliseconds(400);
    EXPECT_TRUE(plan().due);
    first_dirty = offset(30);
    EXPECT_FALSE(plan().due);
}

TEST_F(cleaning_plan_test, small_segments_are_joined_up_to_the_segment_size) {
    config.segment_bytes = 250;
    EXPECT_EQ(group_segments(segments, config),
              (std::vector<segment_group>{{.first = 0, .last = 2}, {.first = 2, .last = 4}}));
    segments[1].end = offset(std::int64_t{INT32_MAX} + 5);
    EXPECT_EQ(group_segments(segments, config).front(), (segment_group{.first = 0, .last = 1}));
}

/// Cleans batches as the compactor does: first all keys, then batch by batch.
class batch_cleaner_test : public testing::Test {
  protected:
    struct record {
        std::string key;
        std::optional<std::string> value;
        std::int64_t offset = 0;
        std::int64_t time = 0;

        bool operator==(const record&) const = default;
    };

    kafka::records::byte_buffer make(
        std::vector<std::pair<std::string, std::optional<std::string>>> records,
        kafka::records::batch_options options = {}) {
        kafka::records::batch_builder builder;
        for (const auto& [key, value] : records) {
            kafka::records::new_record made{.time = timestamp(time_++), .key = bytes_of(key)};
            if (value) made.value = bytes_of(*value);
            builder.append(made);
        }
        options.base_offset = next_;
        const auto built =
            builder.build(options, kafka::records::compression::of_this_thread()).value();
        kafka::records::byte_buffer batch;
        batch.append(built);
        next_ = next_ + static_cast<std::int64_t>(records.size());
        return batch;
    }

    void note(const kafka::records::byte_buffer& batch) {
        for (const record& each : records_of(batch.bytes())) {
            latest.note(bytes_of(each.key), offset(each.offset));
        }
    }

    static std::vector<record> records_of(std::span<const std::byte> bytes) {
        const auto batch = kafka::records::batch_view::parse(bytes).value();
        CHECK(batch.checksum_matches());
        kafka::records::byte_buffer scratch;
        const auto payload =
            kafka::records::uncompressed_payload(
                batch, kafka::records::compression::of_this_thread(), 1 << 20, scratch)
                .value();
        kafka::records::record_reader reader(payload, batch.record_count());
        std::vector<record> found;
        const auto text = [](std::span<const std::byte> from) {
            return std::string(reinterpret_cast<const char*>(from.data()), from.size());
        };
        while (!reader.done()) {
            const auto each = reader.next().value();
            found.push_back({.key = text(*each.key),
                             .offset = each.offset_in(batch.header()).value(),
                             .time = each.timestamp_in(batch.header()).value()});
            if (each.value) found.back().value = text(*each.value);
        }
        return found;
    }

    std::vector<std::byte> clean(const kafka::records::byte_buffer& batch, std::int64_t now = 0) {
        batch_cleaner cleaner(
            latest, aborted, needed, {.now = timestamp(now), .delete_retention_ms = 1000});
        const auto cleaned =
            cleaner.clean(kafka::records::batch_view::parse(batch.bytes()).value()).value();
        return {cleaned.begin(), cleaned.end()};
    }

    latest_offsets latest;
    aborted_ranges aborted;
    std::set<offset> needed;

  private:
    offset next_{100};
    std::int64_t time_ = 5000;
};

TEST_F(batch_cleaner_test, the_last_record_of_a_key_stays_where_it_was) {
    for (const auto codec : {kafka::records::codec::none, kafka::records::codec::lz4}) {
        latest = {};
        auto first = make({{"a", "1"}, {"b", "2"}, {"a", "3"}},
                          {.compression_codec = codec,
                           .producer_id = kafka::producer_id(9),
                           .producer_epoch = kafka::producer_epoch(2),
                           .base_sequence = kafka::sequence(40)});
        auto second = make({{"b", "4"}});
        note(first);
        note(second);
        const auto before = kafka::records::parse_batch_header(first.bytes()).value();
        const auto cleaned = clean(first);
        const auto after = kafka::records::parse_batch_header(cleaned).value();
        EXPECT_EQ(after.base_offset, before.base_offset);
        EXPECT_EQ(after.last_offset(), before.last_offset());
        EXPECT_EQ(after.last_sequence(), before.last_sequence());
        EXPECT_EQ(after.producer_id, before.producer_id);
        EXPECT_EQ(after.attributes.compression_codec(), codec);
        const auto left = records_of(cleaned);
        ASSERT_EQ(left.size(), 1U);
        EXPECT_EQ(left[0].value, "3");
        EXPECT_EQ(left[0].offset, before.base_offset.value() + 2);
        EXPECT_EQ(left[0].time, before.base_timestamp.value() + 2);
        EXPECT_EQ(records_of(clean(second)), records_of(second.bytes()));
    }
}

TEST_F(batch_cleaner_test, an_empty_batch_stays_only_if_a_producer_depends_on_it) {
    auto first = make({{"a", "1"}});
    auto second = make({{"a", "2"}});
    note(first);
    note(second);
    EXPECT_TRUE(clean(first).empty());
    needed.insert(offset(100));
    const auto kept = clean(first);
    EXPECT_EQ(kafka::records::parse_batch_header(kept)->record_count, 0);
    EXPECT_TRUE(kafka::records::batch_view::parse(kept)->checksum_matches());
}

// A replica that copies the log would otherwise believe that an epoch begins where its first record
// survived, and not find out that another replica differs in between.
TEST_F(batch_cleaner_test, the_first_batch_of_each_leader_epoch_stays_if_only_empty) {
    std::vector<kafka::records::byte_buffer> log;
    for (const int epoch : {3, 3, 5, 5}) {
        log.push_back(make({{"a", "1"}}));
        kafka::records::set_leader_epoch(log.back().bytes(), kafka::leader_epoch(epoch));
        note(log.back());
    }
    batch_cleaner cleaner(latest, aborted, needed, {.now = timestamp(0)});
    std::vector<std::int32_t> left;
    for (auto& batch : log) {
        const auto cleaned =
            cleaner.clean(kafka::records::batch_view::parse(batch.bytes()).value());
        if (cleaned->empty()) continue;
        left.push_back(kafka::records::parse_batch_header(*cleaned)->record_count);
    }
    EXPECT_EQ(left, (std::vector<std::int32_t>{0, 0, 1}));
}

TEST_F(batch_cleaner_test, a_tombstone_goes_once_its_horizon_has_passed) {
    auto batch = make({{"a", std::nullopt}, {"b", "1"}});
    note(batch);
    const auto marked = clean(batch, 10'000);
    const auto header = kafka::records::parse_batch_header(marked).value();
    EXPECT_TRUE(header.attributes.has_delete_horizon());
    EXPECT_EQ(header.base_timestamp, timestamp(11'000));
    EXPECT_EQ(records_of(marked), records_of(batch.bytes()));
    kafka::records::byte_buffer again;
    again.append(marked);
    EXPECT_EQ(records_of(clean(again, 11'000)).size(), 2U);
    const auto late = records_of(clean(again, 11'001));
    ASSERT_EQ(late.size(), 1U);
    EXPECT_EQ(late[0].key, "b");
    EXPECT_EQ(late[0].time, 5001);
}

TEST_F(batch_cleaner_test, aborted_records_go_and_markers_of_empty_transactions_follow) {
    auto data = make({{"a", "1"}},
                     {.producer_id = kafka::producer_id(4),
                      .producer_epoch = kafka::producer_epoch(0),
                      .base_sequence = kafka::sequence(0),
                      .transactional = true});
    note(data);
    auto marker = kafka::records::make_marker_batch({.producer_id = kafka::producer_id(4),
                                                     .producer_epoch = kafka::producer_epoch(0),
                                                     .coordinator_epoch = 1,
                                                     .time = timestamp(6000)});
    kafka::records::set_base_offset(marker.bytes(), offset(101));
    EXPECT_FALSE(clean(data).empty());
    aborted.add({.producer = kafka::producer_id(4),
                 .first_offset = offset(100),
                 .marker_offset = offset(101),
                 .last_stable_offset = offset(102)});
    EXPECT_TRUE(clean(data).empty());
    const auto marked = clean(marker, 10'000);
    kafka::records::byte_buffer again;
    again.append(marked);
    const auto read = kafka::records::parse_marker_batch(
        kafka::records::batch_view::parse(again.bytes()).value());
    EXPECT_EQ(read->producer_id, kafka::producer_id(4));
    EXPECT_FALSE(clean(again, 11'000).empty());
    EXPECT_TRUE(clean(again, 11'001).empty());
}

TEST_F(batch_cleaner_test, the_marker_of_a_transaction_with_records_stays) {
    auto data = make({{"a", "1"}},
                     {.producer_id = kafka::producer_id(4),
                      .producer_epoch = kafka::producer_epoch(0),
                      .base_sequence = kafka::sequence(0),
                      .transactional = true});
    note(data);
    auto marker =
        kafka::records::make_marker_batch({.producer_id = kafka::producer_id(4),
                                           .producer_epoch = kafka::producer_epoch(0),
                                           .outcome = kafka::records::control_type::commit,
                                           .time = timestamp(6000)});
    batch_cleaner cleaner(
        latest, aborted, needed, {.now = timestamp(1 << 30), .delete_retention_ms = 0});
    for (const auto* batch : {&data, &marker}) {
        const auto view = kafka::records::batch_view::parse(batch->bytes()).value();
        const auto cleaned = cleaner.clean(view);
        EXPECT_TRUE(std::ranges::equal(*cleaned, batch->bytes()));
    }
}

class compaction_test : public log_test {
  protected:
    compaction_test() {
        config.cleanup_compact = true;
        config.cleanup_delete = false;
        config.segment_bytes = 600;
        config.delete_retention_ms = milliseconds(0);
        settings.cleaner_interval = std::chrono::hours(1000);
    }

    void expect_latest(std::map<std::string, int> expected) {
        run_log([expected](stored_log& log) -> awaitable<void> {
            std::map<std::string, int> found;
            int records = 0;
            for (const std::string& value : co_await values(log, log.log_start())) {
                ++found[value];
                ++records;
            }
            for (const auto& [key, count] : expected) EXPECT_GE(found[key], 1) << key;
            EXPECT_LT(records, 100);
        });
    }
};

TEST_F(compaction_test, a_log_keeps_its_latest_records_over_compaction_and_restarts) {
    run([this](log_directory& directory) -> awaitable<void> {
        const auto log = *co_await directory.create_partition(which, {}, config);
        log->set_sole_replica(true);
        for (int round = 0; round < 40; ++round) {
            for (int key = 0; key < 5; ++key) {
                (void)co_await append(*log, {.values = {"key" + std::to_string(key)}});
            }
        }
        // The indexes of sealed segments are written behind the appends, and nothing is compacted
        // before.
        co_await universe.sleep_for(std::chrono::seconds(1));
        EXPECT_EQ(log->durable_end(), log->log_end());
        const std::uint64_t before = log->size();
        co_await directory.compact();
        EXPECT_LT(log->size(), before / 5);
        EXPECT_EQ(log->log_end(), offset(200));
        EXPECT_EQ((co_await append(*log, {.values = {"last"}}))->base_offset, offset(200));
        node.crash();
        co_await universe.sleep_for(std::chrono::seconds(1));
    });
    expect_latest({{"key0", 1}, {"key4", 1}, {"last", 1}});
    run([this](log_directory& directory) -> awaitable<void> {
        EXPECT_EQ(directory.partition(which)->log_end(), offset(201));
        co_return;
    });
}

TEST_F(compaction_test, power_loss_during_compaction_loses_no_key) {
    for (int delay_us = 0; delay_us < 8000; delay_us += 400) {
        const kafka::topic_partition mine{"at", kafka::partition_index(delay_us)};
        run([this, mine, delay_us](log_directory& directory) -> awaitable<void> {
            node.disk().set_latency(runtime::sim::disk_operation::metadata,
                                    {.base = std::chrono::microseconds(50)});
            node.disk().set_latency(runtime::sim::disk_operation::sync,
                                    {.base = std::chrono::microseconds(50)});
            const auto log = *co_await directory.create_partition(mine, {}, config);
            log->set_sole_replica(true);
            for (int at = 0; at < 60; ++at) {
                (void)co_await append(*log, {.values = {"key" + std::to_string(at % 7)}});
            }
            (void)co_await log->wait_committed(log->log_end());
            runtime::scope cleaning(universe.get_executor());
            cleaning.spawn(directory.compact());
            std::exception_ptr killed;
            try {
                co_await universe.sleep_for(std::chrono::microseconds(delay_us));
                node.power_loss();
                co_await universe.sleep_for(std::chrono::seconds(1));
            } catch (...) {
                killed = std::current_exception();
            }
            co_await cleaning.cancel_and_join();
            if (killed) std::rethrow_exception(killed);
        });
        // Twice: what the first recovery writes down must serve the second.
        for (int life = 0; life < 2; ++life) {
            run([this, mine](log_directory& directory) -> awaitable<void> {
                const auto log = directory.partition(mine);
                EXPECT_EQ(log->log_end(), offset(60));
                std::map<std::string, int> found;
                for (const std::string& value : co_await values(*log, offset(0))) ++found[value];
                EXPECT_EQ(found.size(), 7U);
                dynamic_cast<stored_log&>(*log).check_invariants();
                node.power_loss();
                co_await universe.sleep_for(std::chrono::seconds(1));
            });
        }
    }
}

TEST_F(compaction_test, gaps_are_no_damage_however_often_the_node_is_killed) {
    const auto kill = [this]() -> awaitable<void> {
        node.crash();
        co_await universe.sleep_for(std::chrono::seconds(1));
    };
    run([&](log_directory& directory) -> awaitable<void> {
        const auto log = *co_await directory.create_partition(which, {}, config);
        log->set_sole_replica(true);
        for (int at = 0; at < 60; ++at) {
            (void)co_await append(*log, {.values = {"key" + std::to_string(at % 7)}});
        }
        co_await universe.sleep_for(std::chrono::seconds(1));
        co_await directory.compact();
        // An epoch in which nothing was appended is forgotten at the next start, so that the epochs
        // have to be written anew.
        EXPECT_TRUE((co_await log->assign_epoch(kafka::leader_epoch(5))).has_value());
        (void)co_await log->flush();
        co_await kill();
    });
    for (int life = 0; life < 3; ++life) {
        run([&](log_directory& directory) -> awaitable<void> {
            const auto log = directory.partition(which);
            EXPECT_EQ(log->log_end(), offset(60));
            EXPECT_GE((co_await values(*log, offset(0))).size(), 7U);
            co_await kill();
        });
        // Checkpoints are hints: without them all is read, and nothing is lost.
        if (life == 1) remove(data_directory / recovery_point_checkpoint_name);
    }
}

TEST_F(compaction_test, retention_removes_what_is_old_and_keeps_the_rest) {
    config.cleanup_compact = false;
    config.cleanup_delete = true;
    config.retention_bytes = 1500;
    config.file_delete_delay_ms = milliseconds(100);
    run([this](log_directory& directory) -> awaitable<void> {
        const auto log = *co_await directory.create_partition(which, {}, config);
        log->set_sole_replica(true);
        for (int at = 0; at < 50; ++at) (void)co_await append(*log, {.padding = 50});
        (void)co_await log->wait_committed(offset(50));
        co_await directory.apply_retention();
        EXPECT_GT(log->log_start(), offset(20));
        EXPECT_LT(log->size(), 1500U + 2 * 600U);
        EXPECT_EQ((co_await values(*log, log->log_start())).size(),
                  static_cast<std::size_t>(log->log_end() - log->log_start()));
        co_await universe.sleep_for(std::chrono::seconds(1));
        for (const auto& path : node.disk().files_below(data_directory)) {
            EXPECT_NE(path.extension(), ".deleted");
        }
    });
}

}  // namespace
}  // namespace verdikt::broker::storage
