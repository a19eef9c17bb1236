// What a crash may leave on the disk, made by hand, and what recovery makes of it.
#include "broker/quorum/stored_quorum.h"

#include "broker/quorum/snapshot_content.h"
#include "broker/raft/wire/batches.h"
#include "broker/raft/wire/stored_names.h"
#include "broker/raft/wire/topic.h"
#include "broker/storage/log_directory.h"
#include "broker/storage/small_file.h"
#include "tests/unit/quorum/program_bench.h"

namespace verdikt::broker::quorum {
namespace {

using raft::leader_epoch;
using raft::offset;
using runtime::awaitable;

raft::voter_set voters_of(std::initializer_list<int> nodes) {
    raft::voter_set voters;
    for (const int node : nodes) voters = voters.with(raft::node_id(node), {});
    return voters;
}

raft::snapshot_id at(std::int64_t end, int epoch) {
    return {leader_epoch(epoch), offset(end)};
}

/// The disk as a test arranges it.
struct arranged {
    runtime::environment& world;
    std::filesystem::path path = "/data/__cluster_metadata-0";
    std::shared_ptr<storage::partition_log> log = nullptr;
    snapshot_files snapshots{world.files(), path};

    /// One record each, of these epochs.
    awaitable<void> append(std::vector<int> epochs) {
        for (const int epoch : epochs) {
            const raft::batch next{.base = log->log_end(),
                                   .epoch = leader_epoch(epoch),
                                   .bytes = std::make_shared<std::vector<std::byte>>(
                                       batch_of(std::vector<frame>{frame(20)}, {}))};
            std::vector<std::byte> bytes = *raft::wire::encode_batch(next, {});
            const auto done =
                co_await log->append(bytes, storage::append_origin::follower, leader_epoch(epoch));
            CHECK(done.has_value());
        }
    }

    awaitable<void> snapshot(raft::snapshot_id id, raft::voter_set voters) {
        const auto done =
            co_await snapshots.write(id, encode_snapshot({.voters = std::move(voters)}, id.epoch));
        CHECK(done.has_value());
    }

    awaitable<void> file(std::string name, std::string content) {
        CHECK((co_await storage::replace_file(world.files(), path / name, content)).has_value());
    }

    awaitable<std::expected<raft::stored_replica, std::string>> recover() {
        co_return co_await recover_quorum(
            {.world = world, .log = *log, .directory = path, .snapshots = snapshots},
            voters_of({1, 2, 3}));
    }
};

class stored_quorum_test : public program_test {
  protected:
    void arrange(std::function<awaitable<void>(arranged&)> what) {
        run([what](runtime::environment& world) -> awaitable<void> {
            auto opened =
                co_await storage::log_directory::open(world, "/data", {.cluster_id = "c"});
            CHECK(opened.has_value());
            const auto directory = *std::move(opened);
            const auto which = kafka::topic_partition{std::string(raft::wire::topic_name),
                                                      kafka::partition_index(0)};
            (void)co_await directory->delete_partition(which);
            auto made = co_await directory->create_partition(which, raft::wire::topic_id, {});
            CHECK(made.has_value());
            arranged disk{.world = world, .log = *made};
            co_await what(disk);
            co_await directory->stop();
        });
    }
};

TEST_F(stored_quorum_test, nothing_is_a_replica_that_knows_the_configured_voters) {
    arrange([](arranged& disk) -> awaitable<void> {
        const auto found = co_await disk.recover();
        EXPECT_EQ(found->state, raft::quorum_state{});
        EXPECT_EQ(found->log.end(), offset(0));
        EXPECT_EQ(found->log.voters(), voters_of({1, 2, 3}));
        EXPECT_TRUE(found->snapshots.empty());
    });
}

TEST_F(stored_quorum_test, the_first_voters_may_have_been_formatted) {
    arrange([](arranged& disk) -> awaitable<void> {
        co_await disk.snapshot(bootstrap_snapshot, voters_of({7}));
        const auto found = co_await disk.recover();
        EXPECT_EQ(found->log.voters(), voters_of({7}));
        EXPECT_TRUE(found->snapshots.empty()) << "it stands for no records";
    });
}

TEST_F(stored_quorum_test, log_vote_and_snapshots_are_found) {
    arrange([](arranged& disk) -> awaitable<void> {
        co_await disk.append({1, 1, 2, 2, 2, 5});
        co_await disk.snapshot(at(2, 1), voters_of({1, 2}));
        co_await disk.snapshot(at(4, 2), voters_of({1, 2, 4}));
        const raft::quorum_state voted{.epoch = leader_epoch(6), .voted = {{raft::node_id(2), {}}}};
        co_await disk.file("quorum-state", raft::wire::encode_quorum_state(voted));
        const auto found = co_await disk.recover();
        EXPECT_EQ(found->state, voted);
        EXPECT_EQ(found->log.start(), at(2, 1));
        EXPECT_EQ(found->log.last(), at(6, 5));
        EXPECT_EQ(found->log.voters(), voters_of({1, 2})) << "those at the start of the log";
        EXPECT_EQ(found->snapshots.size(), 2U);
        EXPECT_EQ(found->snapshots.back().id, at(4, 2));
        EXPECT_EQ(disk.log->log_start(), offset(2)) << "trimming is made up for";
    });
}

TEST_F(stored_quorum_test, a_log_that_a_fetched_snapshot_was_to_replace_is_emptied) {
    arrange([](arranged& disk) -> awaitable<void> {
        co_await disk.append({1, 1, 1});
        co_await disk.snapshot(at(2, 1), voters_of({1, 2}));
        co_await disk.snapshot(at(40, 3), voters_of({1, 4}));
        co_await disk.file("00000000000000000090-0000000003.checkpoint.part", "half");
        const auto found = co_await disk.recover();
        EXPECT_EQ(found->log.start(), at(40, 3));
        EXPECT_EQ(found->log.end(), offset(40));
        EXPECT_EQ(found->log.voters(), voters_of({1, 4}));
        EXPECT_EQ(found->snapshots.size(), 1U);
        EXPECT_EQ(disk.log->log_end(), offset(40));
        EXPECT_EQ((co_await disk.snapshots.find())->size(), 1U) << "the older one is gone";
        for (const auto& entry : *co_await disk.world.files().list(disk.path))
            EXPECT_FALSE(entry.name.ends_with(".part")) << entry.name;
    });
}

TEST_F(stored_quorum_test, a_longer_log_of_another_history_is_emptied_too) {
    arrange([](arranged& disk) -> awaitable<void> {
        co_await disk.append({1, 1, 2, 2, 2, 2});
        co_await disk.snapshot(at(4, 3), voters_of({1, 2}));
        const auto found = co_await disk.recover();
        EXPECT_EQ(found->log.start(), at(4, 3));
        EXPECT_EQ(found->log.end(), offset(4));
    });
}

TEST_F(stored_quorum_test, of_many_snapshots_two_are_kept) {
    arrange([](arranged& disk) -> awaitable<void> {
        co_await disk.append({1, 1, 1, 1, 1});
        for (const int end : {1, 2, 3, 4}) co_await disk.snapshot(at(end, 1), voters_of({end}));
        const auto found = co_await disk.recover();
        EXPECT_EQ(found->snapshots.size(), 2U);
        EXPECT_EQ(found->log.start(), at(3, 1));
        EXPECT_EQ(found->log.voters(), voters_of({3}));
        EXPECT_EQ((co_await disk.snapshots.find())->size(), 2U);
    });
}

TEST_F(stored_quorum_test, damage_is_an_error_and_not_a_fresh_start) {
    arrange([](arranged& disk) -> awaitable<void> {
        co_await disk.file("quorum-state", "{}");
        EXPECT_FALSE((co_await disk.recover()).has_value());
    });
    arrange([](arranged& disk) -> awaitable<void> {
        co_await disk.append({1, 1, 1, 1});
        disk.log->advance_high_watermark(offset(2));
        EXPECT_TRUE((co_await disk.log->delete_records(offset(2))).has_value());
        EXPECT_FALSE((co_await disk.recover()).has_value()) << "nobody has what was before";
        co_await disk.snapshot(at(1, 1), voters_of({1}));
        EXPECT_FALSE((co_await disk.recover()).has_value()) << "the snapshot is too old";
        co_await disk.file("00000000000000000003-0000000001.checkpoint", "rubbish");
        EXPECT_FALSE((co_await disk.recover()).has_value()) << "the snapshot is damaged";
    });
}

}  // namespace
}  // namespace verdikt::broker::quorum
