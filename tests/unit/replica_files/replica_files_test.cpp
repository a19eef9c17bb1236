/// Log directories as brokers leave them, read back and compared.
#include "trial/replicas/replica_files.h"

#include "broker/storage/file_names.h"
#include "tests/unit/storage/log_bench.h"

#include <gmock/gmock.h>

namespace verdikt::trial {
namespace {

namespace storage = broker::storage;
using checker::replica_logs::comparison;
using checker::replica_logs::difference;
using runtime::awaitable;
using testing::HasSubstr;

std::filesystem::path folder_of(std::int32_t number) {
    return fmt::format("/data/{}", number);
}

/// Replicas of one partition, each in a directory of its own.
class replica_files_test : public storage::log_test {
  protected:
    using log_body = std::function<awaitable<void>(storage::stored_log&)>;

    /// One life of a broker that has the partition; it ends in good order.
    void live_on(std::int32_t number, const log_body& what) {
        node.start([this, number, what](runtime::environment& world) -> awaitable<void> {
            auto opened = co_await storage::log_directory::open(world, folder_of(number), settings);
            CHECK(opened.has_value());
            auto log = (*opened)->partition(which);
            if (log == nullptr) {
                auto made = co_await (*opened)->create_partition(which, topic_id(), config);
                CHECK(made.has_value());
                log = *made;
            }
            log->set_sole_replica(true);
            co_await what(dynamic_cast<storage::stored_log&>(*log));
            // Indexes are written behind the appends, and nothing is compacted before.
            co_await world.sleep_for(std::chrono::seconds(1));
            if (config.cleanup_compact) co_await (*opened)->compact();
            co_await (*opened)->stop();
        });
        universe.run(node.until_stopped());
        if (node.failure()) std::rethrow_exception(node.failure());
    }

    /// Ten batches of two records, and a control batch.
    void write_log(std::int32_t number) {
        live_on(number, [](storage::stored_log& log) -> awaitable<void> {
            for (int at = 0; at < 10; ++at) {
                (void)co_await append(log,
                                      {.values = {fmt::format("a{}", at % 3), "b"},
                                       .producer = 2,
                                       .sequence = at * 2,
                                       .transactional = true});
            }
            (void)co_await append_marker(log, 2, kafka::records::control_type::commit);
        });
    }

    void damage(std::int32_t number, std::uint64_t position) {
        const auto path = folder_of(number) / "topic-0" / "00000000000000000000.log";
        ASSERT_TRUE(node.disk().flip_bits(path, position, 1, 1));
    }

    std::uint64_t size_of_log(std::int32_t number) {
        const auto path = folder_of(number) / "topic-0" / "00000000000000000000.log";
        return node.disk().content(path).value().size();
    }

    /// The reason, if one of them cannot be opened.
    std::string compare(const std::vector<std::int32_t>& numbers, bool compacted = false) {
        std::string problem;
        seen = {};
        node.start([&, numbers](runtime::environment& world) -> awaitable<void> {
            checker::replica_logs::partition all{
                .name = "topic/0", .compacted = compacted, .replicas = {}};
            for (const std::int32_t number : numbers) {
                auto files = co_await replica_files::open(world.files(), number, folder_of(number));
                if (!files) {
                    problem = files.error();
                    co_return;
                }
                cleaned = cleaned || files->was_compacted(which);
                EXPECT_EQ(files->partitions().at(which), topic_id());
                auto one = co_await files->read(which, compacted);
                CHECK(one.has_value());
                all.replicas.push_back(std::move(*one));
            }
            seen.add(all);
        });
        universe.run(node.until_stopped());
        if (node.failure()) std::rethrow_exception(node.failure());
        return problem;
    }

    comparison seen;
    bool cleaned = false;
};

TEST_F(replica_files_test, replicas_that_were_written_alike_are_the_same) {
    for (const std::int32_t number : {1, 2, 3}) write_log(number);
    EXPECT_EQ(compare({1, 2, 3}), "");
    EXPECT_EQ(seen.partitions, 1U);
    EXPECT_EQ(seen.batches, 11U);
    EXPECT_EQ(seen.differing, 0U);
}

TEST_F(replica_files_test, metadata_logs_are_compared_though_no_high_watermark_is_stored) {
    which.topic = kafka::metadata_log_topic;
    write_log(1);
    live_on(2, [](storage::stored_log& log) -> awaitable<void> {
        (void)co_await append(log, {.values = {"c", "b"}, .producer = 2, .sequence = 0});
        (void)co_await append(log, {.values = {"c", "b"}, .producer = 2, .sequence = 2});
    });
    EXPECT_EQ(compare({1, 2}), "");
    ASSERT_EQ(seen.differences.size(), 1U);
    EXPECT_EQ(seen.differences[0].offset, 0);
}

TEST_F(replica_files_test, a_flipped_byte_in_one_segment_is_found_at_its_batch) {
    for (const std::int32_t number : {1, 2, 3}) write_log(number);
    // Within the records of the fourth batch of ten; the marker at the end is smaller than any.
    const std::uint64_t batch = (size_of_log(2) - 78) / 10;
    damage(2, 3 * batch + batch - 3);
    EXPECT_EQ(compare({1, 2, 3}), "");
    ASSERT_EQ(seen.differences.size(), 1U);
    const difference& found = seen.differences[0];
    EXPECT_EQ(found.partition, "topic/0");
    EXPECT_EQ(found.offset, 6);
    EXPECT_THAT(found.what, HasSubstr("node 2 cannot be read"));
    EXPECT_THAT(found.what, HasSubstr("a checksum that does not match"));
    ASSERT_EQ(found.slices.size(), 3U);
    EXPECT_THAT(found.slices[0].lines.at(3).text, HasSubstr("6–7 epoch 0 checksum"));
    EXPECT_THAT(found.slices[1].lines.back().text, HasSubstr("6 and on"));
}

TEST_F(replica_files_test, another_epoch_or_another_record_is_found_at_its_offset) {
    write_log(1);
    live_on(2, [](storage::stored_log& log) -> awaitable<void> {
        (void)co_await append(log, {.values = {"a0", "b"}});
        (void)co_await append(
            log, {.values = {"c", "b"}}, storage::append_origin::client, kafka::leader_epoch(1));
    });
    EXPECT_EQ(compare({1, 2}), "");
    ASSERT_EQ(seen.differences.size(), 1U);
    EXPECT_EQ(seen.differences[0].offset, 0);
    EXPECT_THAT(seen.differences[0].what, HasSubstr("nodes 1 and 2 have different batches there"));
}

TEST_F(replica_files_test, what_one_has_beyond_the_others_high_watermark_is_not_compared) {
    write_log(1);
    live_on(2, [](storage::stored_log& log) -> awaitable<void> {
        (void)co_await append(
            log, {.values = {"a0", "b"}, .producer = 2, .sequence = 0, .transactional = true});
    });
    EXPECT_EQ(compare({1, 2}), "");
    EXPECT_EQ(seen.differing, 0U);
    EXPECT_EQ(seen.batches, 1U);
}

TEST_F(replica_files_test, a_broker_that_did_not_stop_in_good_order_leaves_nothing_to_compare) {
    write_log(1);
    node.start([](runtime::environment& world) -> awaitable<void> {
        const auto removed =
            co_await world.files().remove(folder_of(1) / storage::clean_shutdown_name);
        EXPECT_TRUE(removed.has_value());
    });
    universe.run(node.until_stopped());
    EXPECT_EQ(compare({1}), "node 1 did not stop in good order");
}

TEST_F(replica_files_test,
       replicas_that_were_compacted_each_for_itself_are_the_same_in_what_is_left) {
    write_log(1);
    config.cleanup_compact = true;
    config.cleanup_delete = false;
    config.min_cleanable_dirty_ratio = 0;
    config.segment_bytes = 400;
    write_log(2);
    EXPECT_EQ(compare({1, 2}, true), "");
    EXPECT_TRUE(cleaned);
    EXPECT_EQ(seen.differing, 0U);
    EXPECT_GT(seen.records, 0U);
    EXPECT_LT(seen.records, 21U);
    // Batch by batch they would not be.
    EXPECT_EQ(compare({1, 2}, false), "");
    EXPECT_EQ(seen.differing, 1U);
}

}  // namespace
}  // namespace verdikt::trial
