#include "broker/storage/file_names.h"
#include "broker/storage/leftovers.h"
#include "broker/storage/small_file.h"
#include "tests/unit/storage/log_bench.h"

#include <gmock/gmock.h>

#include <algorithm>

namespace verdikt::broker::storage {
namespace {

using kafka::offset;
using runtime::awaitable;
using testing::Contains;
using testing::Not;

class recovery_test : public log_test {
  protected:
    const std::filesystem::path partition_directory = data_directory / "topic-0";

    std::vector<std::string> names() const {
        std::vector<std::string> found;
        for (const auto& path : node.disk().files_below(partition_directory)) {
            found.push_back(path.filename().string());
        }
        return found;
    }

    static std::string log_name(int base) {
        return to_string({.base = offset(base), .kind = file_kind::log});
    }

    void append_ten(std::size_t padding = 0) {
        run_log([padding](stored_log& log) -> awaitable<void> {
            for (int at = 0; at < 10; ++at) {
                EXPECT_TRUE(co_await append(log,
                                            {.values = {std::to_string(at)},
                                             .producer = 3,
                                             .sequence = at,
                                             .padding = padding}));
            }
            (void)co_await log.flush();
        });
    }

    void put(const std::string& name, std::string content) {
        node.start([this, name, content](runtime::environment& env) -> awaitable<void> {
            const auto done =
                co_await replace_file(env.files(), partition_directory / name, content);
            CHECK(done.has_value());
        });
        universe.run(node.until_stopped());
    }

    void crash_after_everything_was_written() { remove(data_directory / clean_shutdown_name); }
};

TEST_F(recovery_test, a_clean_shutdown_tells_the_next_incarnation_its_broker_epoch_once) {
    run([](log_directory& directory) -> awaitable<void> {
        EXPECT_EQ(directory.former_broker_epoch(), kafka::no_broker_epoch);
        directory.set_broker_epoch(kafka::broker_epoch(42));
        co_return;
    });
    run([](log_directory& directory) -> awaitable<void> {
        EXPECT_EQ(directory.former_broker_epoch(), kafka::broker_epoch(42));
        co_return;
    });
    run([](log_directory& directory) -> awaitable<void> {
        EXPECT_EQ(directory.former_broker_epoch(), kafka::no_broker_epoch) << "it had none itself";
        co_return;
    });
}

TEST_F(recovery_test, a_clean_shutdown_leaves_all_of_kafkas_files) {
    append_ten(segment::read_at_once_max / 10);
    EXPECT_THAT(names(),
                testing::UnorderedElementsAre("00000000000000000000.index",
                                              "00000000000000000000.log",
                                              "00000000000000000000.timeindex",
                                              "00000000000000000010.snapshot",
                                              "leader-epoch-checkpoint",
                                              "partition.metadata"));
    run([](log_directory& directory) -> awaitable<void> {
        EXPECT_TRUE(directory.was_clean());
        co_return;
    });
}

TEST_F(recovery_test, a_small_log_that_was_closed_in_good_order_needs_no_indexes) {
    append_ten();
    EXPECT_THAT(names(),
                testing::UnorderedElementsAre(
                    log_name(0), "leader-epoch-checkpoint", "partition.metadata"));
    run([this](log_directory& directory) -> awaitable<void> {
        EXPECT_TRUE(directory.was_clean());
        auto& log = dynamic_cast<stored_log&>(*directory.partition(which));
        EXPECT_EQ(log.log_end(), offset(10));
        EXPECT_EQ(log.producers().producers().size(), 1U);
        EXPECT_EQ((co_await values(log, offset(7))).size(), 3U);
        const auto late = co_await log.offset_for_time(kafka::timestamp(1000), offset(10));
        EXPECT_EQ(late.value()->offset, offset(0));
    });
}

TEST_F(recovery_test, indexes_of_an_earlier_life_are_gone_once_a_small_log_needs_none) {
    append_ten(segment::read_at_once_max / 10);
    run_log([](stored_log& log) -> awaitable<void> {
        EXPECT_TRUE((co_await log.truncate_to(offset(2))).has_value());
    });
    EXPECT_THAT(names(), Not(Contains("00000000000000000000.index")));
    EXPECT_THAT(names(), Not(Contains("00000000000000000000.timeindex")));
}

TEST_F(recovery_test, a_partition_whose_metadata_was_lost_before_it_had_a_record_is_gone) {
    run([this](log_directory& directory) -> awaitable<void> {
        EXPECT_TRUE((co_await directory.create_partition(which, topic_id(), {})).has_value());
    });
    put("partition.metadata", "version: 0\ntopic");
    run([this](log_directory& directory) -> awaitable<void> {
        EXPECT_EQ(directory.partition(which), nullptr);
        EXPECT_TRUE((co_await directory.create_partition(which, topic_id(), {})).has_value());
    });
    EXPECT_THAT(names(), testing::UnorderedElementsAre(log_name(0), "partition.metadata"));
}

TEST_F(recovery_test, records_without_metadata_are_set_aside_and_no_other_topic_gets_them) {
    append_ten();
    put("partition.metadata", "");
    run([this](log_directory& directory) -> awaitable<void> {
        EXPECT_EQ(directory.partition(which), nullptr);
        co_return;
    });
    EXPECT_TRUE(names().empty());
    EXPECT_THAT(
        node.disk().files_below(data_directory),
        Contains(testing::ResultOf([](const std::filesystem::path& path) { return path.string(); },
                                   testing::HasSubstr("-stray/00000000000000000000.log"))));
}

TEST_F(recovery_test, the_name_of_a_log_outlives_a_power_loss_with_its_first_record) {
    // A power loss keeps some of what was not synced: of many names it hardly keeps all.
    std::vector<kafka::topic_partition> several;
    for (int index = 0; index < 20; ++index) {
        several.push_back({"topic", kafka::partition_index(index)});
    }
    run([&](log_directory& directory) -> awaitable<void> {
        for (const kafka::topic_partition& each : several) {
            const auto log = *co_await directory.create_partition(each, topic_id(), {});
            EXPECT_TRUE(co_await append(dynamic_cast<stored_log&>(*log), {}));
            (void)co_await log->wait_durable(offset(1));
        }
        node.power_loss();
        co_await universe.sleep_for(std::chrono::seconds(1));
    });
    run([&](log_directory& directory) -> awaitable<void> {
        for (const kafka::topic_partition& each : several) {
            const auto log = directory.partition(each);
            EXPECT_NE(log, nullptr);
            if (log == nullptr) co_return;
            EXPECT_EQ(log->topic_id(), topic_id());
            EXPECT_EQ(log->log_end(), offset(1));
        }
    });
}

// No checksum covers the offset, so any bit of it may flip unseen.
TEST_F(recovery_test, an_offset_beyond_what_an_index_can_say_ends_the_log) {
    append_ten();
    auto log = *node.disk().content(partition_directory / log_name(0));
    const std::size_t second = kafka::records::parse_batch_header(log)->size();
    log[second + 2] = std::byte{1};
    const auto* text = reinterpret_cast<const char*>(log.data());
    put(log_name(0), std::string(text, log.size()));
    crash_after_everything_was_written();
    remove(data_directory / recovery_point_checkpoint_name);
    run_log([](stored_log& found) -> awaitable<void> {
        EXPECT_EQ(found.log_end(), offset(1));
        EXPECT_TRUE(co_await append(found, {.values = {"next"}}));
    });
}

TEST_F(recovery_test, the_topic_id_and_the_directory_id_outlive_a_restart) {
    append_ten();
    kafka::uuid first;
    for (int life = 0; life < 2; ++life) {
        run([&](log_directory& directory) -> awaitable<void> {
            EXPECT_EQ(directory.partition(which)->topic_id(), topic_id());
            EXPECT_FALSE(directory.directory_id().is_zero());
            if (life == 0) first = directory.directory_id();
            EXPECT_EQ(directory.directory_id(), first);
            co_return;
        });
    }
}

TEST_F(recovery_test, a_directory_of_another_cluster_or_node_is_not_touched) {
    append_ten();
    const auto expect_refused = [this](directory_settings other) {
        node.start([other](runtime::environment& env) -> awaitable<void> {
            const auto opened = co_await log_directory::open(env, data_directory, other);
            CHECK(!opened && opened.error() == errc::wrong_identity);
        });
        universe.run(node.until_stopped());
    };
    directory_settings other = settings;
    other.cluster_id = "another";
    expect_refused(other);
    other = settings;
    other.node = kafka::node_id(9);
    expect_refused(other);
    run([](log_directory& directory) -> awaitable<void> {
        EXPECT_TRUE(directory.was_clean());
        co_return;
    });
}

TEST_F(recovery_test, a_directory_is_opened_once_at_a_time) {
    run([this](log_directory&) -> awaitable<void> {
        const auto second = co_await log_directory::open(node.current(), data_directory, settings);
        EXPECT_EQ(second.error(), errc::locked);
    });
}

TEST_F(recovery_test, the_log_is_cut_at_the_first_bad_batch) {
    append_ten();
    crash_after_everything_was_written();
    const auto content = node.disk().content(partition_directory / log_name(0));
    const std::uint64_t batch = content->size() / 10;
    ASSERT_TRUE(node.disk().flip_bits(partition_directory / log_name(0), batch * 7 + 30, 20, 3));
    run_log([](stored_log& log) -> awaitable<void> {
        EXPECT_EQ(log.log_end(), offset(7));
        EXPECT_EQ((co_await values(log, offset(0))).size(), 7U);
        EXPECT_EQ((co_await append(log, {.producer = 3, .sequence = 7}))->base_offset, offset(7));
    });
}

// Else a gap stays until the next recovery finds it, and what was appended behind it is lost then.
TEST_F(recovery_test, a_stop_less_clean_than_it_claimed_is_recovered_from_as_any_unclean_one) {
    append_ten();
    put(log_name(12), "a batch cut short");
    run([this](log_directory& directory) -> awaitable<void> {
        EXPECT_TRUE(directory.was_clean());
        EXPECT_EQ(directory.partition(which)->log_end(), offset(10));
        co_return;
    });
    EXPECT_THAT(names(), Not(Contains(log_name(12))));
}

TEST_F(recovery_test, indexes_are_not_believed_after_an_unclean_stop) {
    append_ten();
    crash_after_everything_was_written();
    put("00000000000000000000.index", "12345678");
    put("00000000000000000000.timeindex", std::string(24, 'x'));
    put("00000000000000000000.txnindex", std::string(34, '\0'));
    put("00000000000000000005.snapshot", "garbage");
    put("leader-epoch-checkpoint", "0\n1\n9 1000000\n");
    run_log([](stored_log& log) -> awaitable<void> {
        EXPECT_EQ((co_await values(log, offset(3))).size(), 7U);
        EXPECT_EQ(
            (co_await log.offset_for_time(kafka::timestamp(1000), offset(10))).value()->offset,
            offset(0));
        EXPECT_TRUE((co_await log.aborted_transactions(offset(0), offset(10)))->empty());
        EXPECT_EQ(log.latest_epoch(), kafka::leader_epoch(0));
        EXPECT_TRUE((co_await append(log, {.producer = 3, .sequence = 9}))->duplicate);
    });
}

TEST_F(recovery_test, a_missing_epoch_checkpoint_is_read_from_the_log) {
    run_log([](stored_log& log) -> awaitable<void> {
        for (int epoch = 2; epoch < 5; ++epoch) {
            (void)co_await append(log, {}, append_origin::client, kafka::leader_epoch(epoch));
        }
    });
    remove(partition_directory / epoch_checkpoint_name);
    run_log([](stored_log& log) -> awaitable<void> {
        EXPECT_EQ(log.epochs().entries(),
                  (std::vector<epoch_start>{{kafka::leader_epoch(2), offset(0)},
                                            {kafka::leader_epoch(3), offset(1)},
                                            {kafka::leader_epoch(4), offset(2)}}));
        co_return;
    });
}

TEST_F(recovery_test, what_was_never_finished_is_removed) {
    append_ten();
    for (const char* name : {"00000000000000000000.log.cleaned",
                             "00000000000000000003.log.deleted",
                             "00000000000000000003.index",
                             "00000000000000000003.timeindex.swap",
                             "leader-epoch-checkpoint.tmp"}) {
        put(name, "left over");
    }
    run_log([](stored_log& log) -> awaitable<void> {
        EXPECT_EQ(log.log_end(), offset(10));
        co_return;
    });
    for (const std::string& name : names()) {
        EXPECT_FALSE(name.ends_with(".tmp") || name.ends_with(".cleaned") ||
                     name.ends_with(".deleted") || name.ends_with(".swap") ||
                     name.starts_with("00000000000000000003"))
            << name;
    }
}

TEST_F(recovery_test, a_swap_that_was_decided_is_finished) {
    config.segment_bytes = 300;
    append_ten();
    ASSERT_THAT(names(), Contains(log_name(4)));
    // One segment that covers offsets 0 to 7 in place of those that there are.
    kafka::records::byte_buffer swap;
    for (const int at : {0, 7}) {
        auto batch = make_batch({.values = {"compacted"}});
        kafka::records::set_base_offset(batch.bytes(), offset(at));
        swap.append(batch.bytes());
    }
    put("00000000000000000000.log.swap",
        std::string(reinterpret_cast<const char*>(swap.data()), swap.size()));
    run_log([](stored_log& log) -> awaitable<void> {
        EXPECT_EQ(log.log_end(), offset(10));
        EXPECT_EQ(co_await values(log, offset(0)),
                  (std::vector<std::string>{"compacted", "compacted", "8", "9"}));
    });
    EXPECT_THAT(names(), Not(Contains(log_name(4))));
}

TEST_F(recovery_test, deleted_partitions_are_gone_and_may_come_back_empty) {
    append_ten();
    run([this](log_directory& directory) -> awaitable<void> {
        const auto old = directory.partition(which);
        EXPECT_TRUE((co_await directory.delete_partition(which)).has_value());
        EXPECT_EQ(directory.partition(which), nullptr);
        EXPECT_EQ((co_await append(*old, {})).error(), errc::stopped);
        EXPECT_EQ((co_await directory.delete_partition(which)).error(), errc::not_found);
        node.power_loss();
        co_await universe.sleep_for(std::chrono::seconds(1));
    });
    run([this](log_directory& directory) -> awaitable<void> {
        EXPECT_EQ(directory.partition(which), nullptr);
        const auto created = co_await directory.create_partition(which, {}, config);
        EXPECT_EQ((*created)->log_end(), offset(0));
        EXPECT_EQ((co_await directory.create_partition(which, {}, config)).error(),
                  errc::already_exists);
    });
}

TEST_F(recovery_test, a_flushed_partition_outlives_a_power_loss_without_a_record) {
    run([this](log_directory& directory) -> awaitable<void> {
        const auto log = *co_await directory.create_partition(which, topic_id(), config);
        EXPECT_TRUE((co_await log->flush()).has_value());
        node.power_loss();
        co_await universe.sleep_for(std::chrono::seconds(1));
    });
    run([this](log_directory& directory) -> awaitable<void> {
        const auto log = directory.partition(which);
        EXPECT_TRUE(log != nullptr && log->topic_id() == topic_id());
        co_return;
    });
}

TEST_F(recovery_test, the_recovery_point_within_a_segment_does_not_vouch_for_its_indexes) {
    run([this](log_directory& directory) -> awaitable<void> {
        const auto log = *co_await directory.create_partition(which, {}, config);
        (void)co_await append(*log, {.producer = 1, .sequence = 0, .transactional = true});
        (void)co_await append_marker(*log, 1, kafka::records::control_type::abort);
        (void)co_await log->wait_durable(offset(2));
        co_await universe.sleep_for(std::chrono::seconds(1));
        EXPECT_TRUE((co_await directory.checkpoint()).has_value());
        // The segment that ends at the recovery point is sealed, and its indexes are never written.
        (void)co_await log->roll();
        node.crash();
        co_await universe.sleep_for(std::chrono::seconds(1));
    });
    run_log([](stored_log& log) -> awaitable<void> {
        const auto aborted = co_await log.aborted_transactions(offset(0), offset(2));
        EXPECT_EQ(aborted->size(), 1U);
    });
}

}  // namespace
}  // namespace verdikt::broker::storage
