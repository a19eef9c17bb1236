// One voter alone: what the host does with its disk, its listener and its users.
#include "broker/quorum/quorum_host.h"

#include "broker/raft/wire/election_messages.h"
#include "broker/raft/wire/fetch_messages.h"
#include "runtime/notification.h"
#include "tests/unit/quorum/program_bench.h"

#include <chrono>

namespace verdikt::broker::quorum {
namespace {

using kafka::error_code;
using raft::leader_epoch;
using raft::offset;
using runtime::awaitable;
using namespace std::chrono_literals;

class nobody final : public peers {
  public:
    awaitable<result> ask(raft::node_id, raft::request, runtime::duration) override {
        co_return std::unexpected(no_answer::lost);
    }
    void voters_are(const raft::voter_set& voters) override { told = voters; }

    raft::voter_set told;
};

class notebook final : public quorum_listener {
  public:
    awaitable<void> load(loaded_snapshot from) override {
        loaded = from.id;
        frames = std::move(from.frames);
        changed.notify_all();
        co_return;
    }
    awaitable<void> apply(std::vector<committed_batch> batches) override {
        for (const committed_batch& each : batches) {
            position = {each.epoch, each.end()};
            if (each.control) continue;
            const auto values = frames_in(*each.bytes);
            CHECK(values.has_value());
            for (const auto& value : *values) frames.emplace_back(value.begin(), value.end());
        }
        changed.notify_all();
        co_return;
    }
    void ready(leader_epoch epoch, offset log_end) override {
        CHECK(position.end >= log_end);
        leading = epoch;
        changed.notify_all();
    }
    void leadership_lost(leader_epoch) override {
        leading.reset();
        changed.notify_all();
    }
    void leader_changed(leader_epoch, std::optional<raft::node_id>) override {}
    void failed(std::string_view why) override {
        failure = why;
        changed.notify_all();
    }

    std::optional<raft::snapshot_id> loaded;
    raft::snapshot_id position;
    std::vector<frame> frames;
    std::optional<leader_epoch> leading;
    std::optional<std::string> failure;
    runtime::notification changed;
};

frame text(std::string_view letters) {
    const auto bytes = std::as_bytes(std::span(letters));
    return {bytes.begin(), bytes.end()};
}

/// A node that has started.
struct started {
    runtime::environment& world;
    quorum_host& host;
    notebook& heard;

    template <typename Condition>
    awaitable<void> until(Condition holds) {
        while (!holds()) co_await heard.changed.wait();
    }
    awaitable<void> until_leading() {
        return until([this] { return heard.leading.has_value(); });
    }
    std::expected<offset, error_code> append(const frame& what) {
        return host.append(
            heard.leading.value_or(leader_epoch(0)), host.replica().log().end(), {&what, 1});
    }
    awaitable<void> append_and_wait(const frame& what) {
        const auto appended = append(what);
        CHECK(appended.has_value());
        return until([this, end = appended->next()] { return heard.position.end >= end; });
    }
    awaitable<bool> snapshot() {
        return host.take_snapshot(heard.position, heard.frames, kafka::timestamp(1));
    }
};

class quorum_host_test : public program_test {
  protected:
    void live(std::function<awaitable<void>(started&)> what) {
        run([what](runtime::environment& world) -> awaitable<void> {
            auto opened = co_await storage::log_directory::open(
                world, "/data", {.cluster_id = "ours", .reserved_bytes = 0});
            CHECK(opened.has_value());
            const auto directory = *std::move(opened);
            nobody others;
            notebook heard;
            const raft::node_id self(1);
            quorum_host host(world,
                             *directory,
                             {.replica = {.self = {self, {}}},
                              .cluster_id = "ours",
                              .voters = raft::voter_set({{self, {}}})},
                             others,
                             heard);
            const auto begun = co_await host.start();
            CHECK(begun.has_value(), "{}", begun.error());
            started now{world, host, heard};
            co_await what(now);
            co_await host.stop();
            co_await directory->stop();
        });
    }
};

TEST_F(quorum_host_test, a_voter_alone_leads_at_once_and_commits_what_it_appends) {
    live([](started& on) -> awaitable<void> {
        const auto begun = on.world.now();
        co_await on.until_leading();
        EXPECT_LT(on.world.now() - begun, 50ms);
        co_await on.append_and_wait(text("a"));
        co_await on.append_and_wait(text("b"));
        EXPECT_EQ(on.heard.frames, (std::vector{text("a"), text("b")}));
        EXPECT_EQ(on.host.applied(), on.host.replica().log().end());
    });
}

TEST_F(quorum_host_test, an_append_elsewhere_than_at_the_end_or_in_another_epoch_is_refused) {
    live([](started& on) -> awaitable<void> {
        co_await on.until_leading();
        const frame what = text("a");
        const offset end = on.host.replica().log().end();
        EXPECT_EQ(on.host.append(*on.heard.leading, end.next(), {&what, 1}).error(),
                  error_code::invalid_request);
        EXPECT_EQ(on.host.append(on.heard.leading->next(), end, {&what, 1}).error(),
                  error_code::fenced_leader_epoch);
        EXPECT_EQ(*on.host.append(*on.heard.leading, end, {&what, 1}), end);
    });
}

TEST_F(quorum_host_test, all_is_there_in_the_next_life_and_the_epoch_is_a_new_one) {
    for (int life = 0; life < 4; ++life) {
        live([life](started& on) -> awaitable<void> {
            co_await on.until_leading();
            EXPECT_EQ(on.heard.frames.size(), static_cast<std::size_t>(life));
            EXPECT_EQ(on.heard.leading, leader_epoch(life + 1));
            co_await on.append_and_wait(text("x"));
        });
    }
}

TEST_F(quorum_host_test, a_restart_begins_with_the_newest_snapshot) {
    live([](started& on) -> awaitable<void> {
        co_await on.until_leading();
        for (const char* each : {"a", "b", "c"}) {
            co_await on.append_and_wait(text(each));
            EXPECT_TRUE(co_await on.snapshot());
            EXPECT_FALSE(co_await on.snapshot()) << "there is one already";
        }
        EXPECT_EQ(on.host.replica().snapshots().size(), 2U);
        EXPECT_EQ(on.host.replica().log().start(), on.host.replica().snapshots().front().id);
        co_await on.append_and_wait(text("d"));
    });
    live([](started& on) -> awaitable<void> {
        co_await on.until_leading();
        co_await on.until([&] { return on.heard.frames.size() == 4; });
        EXPECT_TRUE(on.heard.loaded.has_value());
        EXPECT_EQ(on.heard.frames, (std::vector{text("a"), text("b"), text("c"), text("d")}));
    });
}

TEST_F(quorum_host_test, whoever_resigns_appends_nothing_more_in_that_epoch) {
    live([](started& on) -> awaitable<void> {
        co_await on.until_leading();
        const leader_epoch before = *on.heard.leading;
        co_await on.host.resign(100ms);
        const frame what = text("late");
        const auto late = on.host.append(before, on.host.replica().log().end(), {&what, 1});
        EXPECT_EQ(late.error(), error_code::not_leader_or_follower);
        co_await on.until([&] { return !on.heard.leading; });
        co_await on.until_leading();
        EXPECT_GT(*on.heard.leading, before);
        co_await on.append_and_wait(text("a"));
    });
}

TEST_F(quorum_host_test, a_full_disk_ends_a_leadership_and_room_ends_the_wait) {
    live([this](started& on) -> awaitable<void> {
        co_await on.until_leading();
        machine.disk().set_capacity(machine.disk().used());
        (void)on.append(frame(20'000));
        co_await on.until([&] { return !on.heard.leading; });
        co_await on.world.sleep_for(5s);
        EXPECT_FALSE(on.heard.leading.has_value()) << "not even a vote can be written";
        EXPECT_FALSE(on.heard.failure.has_value());
        machine.disk().heal();
        machine.disk().set_capacity(std::uint64_t{1} << 30);
        co_await on.until_leading();
        co_await on.append_and_wait(text("a"));
        EXPECT_EQ(on.heard.frames.size(), 2U) << "what waited was committed by the next leader";
    });
}

TEST_F(quorum_host_test, a_failed_sync_stops_the_replica_for_good) {
    live([this](started& on) -> awaitable<void> {
        co_await on.until_leading();
        machine.disk().fail_next(runtime::sim::disk_operation::sync, 1);
        EXPECT_TRUE(on.append(text("a")).has_value());
        co_await on.until([&] { return on.heard.failure.has_value(); });
        EXPECT_FALSE(on.heard.leading.has_value());
        EXPECT_EQ(on.append(text("b")).error(), error_code::not_leader_or_follower);
        EXPECT_FALSE(co_await on.snapshot());
        const auto answer = co_await on.host.handle(raft::wire::to_wire(
            raft::vote_request{.epoch = leader_epoch(9), .voter = on.host.key()}, "ours"));
        EXPECT_EQ(answer.error_code, static_cast<std::int16_t>(error_code::broker_not_available));
    });
}

TEST_F(quorum_host_test, requests_of_another_cluster_are_turned_away) {
    live([](started& on) -> awaitable<void> {
        const auto refused = static_cast<std::int16_t>(error_code::inconsistent_cluster_id);
        const raft::vote_request vote{.epoch = leader_epoch(9), .voter = on.host.key()};
        EXPECT_EQ((co_await on.host.handle(raft::wire::to_wire(vote, "theirs"))).error_code,
                  refused);
        const raft::fetch_request fetch{.replica = {raft::node_id(4), {}}};
        EXPECT_EQ(
            (co_await on.host.handle(raft::wire::to_wire(fetch, "theirs", 100))).message.error_code,
            refused);
        EXPECT_LT(on.host.replica().epoch(), leader_epoch(9));
    });
}

TEST_F(quorum_host_test,
       a_fetch_is_answered_with_records_and_at_the_end_kept_until_there_are_some) {
    live([](started& on) -> awaitable<void> {
        co_await on.until_leading();
        co_await on.append_and_wait(text("a"));
        raft::fetch_request fetch{.replica = {raft::node_id(4), {}},
                                  .epoch = *on.heard.leading,
                                  .from = offset(0),
                                  .wait_max = 400ms};
        const auto all = co_await on.host.handle(raft::wire::to_wire(fetch, "ours", 10'000));
        const auto read = raft::wire::from_wire(all.message);
        EXPECT_EQ(read->batches.size(), 3U) << "leader change, voters, a";
        EXPECT_EQ(read->high_watermark, offset(3));
        const auto first = co_await on.host.handle(raft::wire::to_wire(fetch, "ours", 1));
        EXPECT_EQ(raft::wire::from_wire(first.message)->batches.size(), 1U);
        fetch.from = offset(3);
        fetch.last_fetched_epoch = *on.heard.leading;
        const auto asked_at = on.world.now();
        const auto nothing = co_await on.host.handle(raft::wire::to_wire(fetch, "ours", 10'000));
        EXPECT_TRUE(raft::wire::from_wire(nothing.message)->batches.empty());
        EXPECT_GE(on.world.now() - asked_at, 400ms);
    });
}

TEST_F(quorum_host_test, who_waits_for_an_answer_has_one_when_the_host_stops) {
    live([](started& on) -> awaitable<void> {
        co_await on.until_leading();
        co_await on.until([&] { return on.heard.position.end == offset(2); });
        std::optional<std::int16_t> answer;
        runtime::scope asking(on.world.get_executor());
        asking.spawn([](started& of, std::optional<std::int16_t>& told) -> awaitable<void> {
            const raft::fetch_request fetch{.replica = {raft::node_id(4), {}},
                                            .epoch = *of.heard.leading,
                                            .from = offset(2),
                                            .last_fetched_epoch = *of.heard.leading,
                                            .wait_max = 400ms};
            // The first is told the high watermark, and the next has nothing to be told.
            do {
                const auto response =
                    co_await of.host.handle(raft::wire::to_wire(fetch, "ours", 1));
                told = response.message.error_code;
            } while (told == 0);
        }(on, answer));
        co_await on.world.sleep_for(10ms);
        co_await on.host.stop();
        co_await asking.join();
        EXPECT_EQ(answer, static_cast<std::int16_t>(error_code::broker_not_available));
    });
}

TEST_F(quorum_host_test, the_quorum_is_described_and_its_last_voter_stays) {
    live([](started& on) -> awaitable<void> {
        co_await on.until_leading();
        kafka::messages::describe_quorum_request what;
        what.topics.push_back({.topic_name = "__cluster_metadata", .partitions = {{0}}});
        const auto told = co_await on.host.handle(what);
        EXPECT_EQ(told.topics.front().partitions.front().leader_id, 1);
        EXPECT_EQ(told.topics.front().partitions.front().current_voters.size(), 1U);
        const auto removed = co_await on.host.handle(
            kafka::messages::remove_raft_voter_request{.cluster_id = "ours", .voter_id = 1});
        EXPECT_EQ(removed.error_code, static_cast<std::int16_t>(error_code::invalid_request));
    });
}

}  // namespace
}  // namespace verdikt::broker::quorum
