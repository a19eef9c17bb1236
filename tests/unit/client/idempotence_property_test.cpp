/// The queue against a naive model of a leader, over a network that loses and delays.
///
/// Requests travel over connections: within one, in order; a connection breaks with requests and
/// answers still in it, and what was in it may still reach the leader later, behind the retries
/// that overtook it. Whatever chance does, three things must hold with idempotence:
///  - no record is in the log twice, and their order is that of the appends;
///  - what is called delivered is in the log, at the offset told;
///  - what is called failed is not, not even in the end.
#include "client/partition_queue.h"
#include "runtime/random.h"
#include "tests/unit/client/log_model.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <map>
#include <set>

namespace verdikt::client {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

struct message {
    std::shared_ptr<producer_batch> batch;
    model_batch content;
    std::optional<model_answer> answer;
};

class storm {
  public:
    explicit storm(std::uint64_t seed) : chance_(seed) {
        queue_.adopt({kafka::producer_id(1), kafka::producer_epoch(0)});
    }

    void run() {
        for (int step = 0; step < 400; ++step) act();
        drain();
    }

    void judge() {
        const std::vector<int>& log = leader_.records();
        std::set<int> once(log.begin(), log.end());
        EXPECT_EQ(once.size(), log.size()) << "a record is in the log twice";
        EXPECT_TRUE(std::ranges::is_sorted(log)) << "records changed places";
        for (const auto& [number, place] : places_) {
            ASSERT_TRUE(place.batch->settled()) << number;
            const auto& verdict = place.batch->get();
            if (std::holds_alternative<failed>(verdict)) {
                EXPECT_FALSE(once.contains(number)) << "failed, yet in the log: " << number;
            }
            const auto* const written = std::get_if<batch_outcome::written>(&verdict);
            if (written == nullptr) continue;
            ++delivered_;
            ASSERT_TRUE(once.contains(number)) << "delivered, yet not in the log: " << number;
            const auto at = static_cast<std::size_t>(written->base.value() + place.index);
            EXPECT_EQ(log.at(at), number);
        }
    }

    [[nodiscard]] std::size_t delivered() const { return delivered_; }
    [[nodiscard]] const partition_queue& queue() const { return queue_; }

  private:
    void act() {
        switch (chance_.below(8)) {
            case 0:
            case 1:
                append();
                break;
            case 2:
            case 3:
                send();
                break;
            case 4:
                serve(connection_);
                break;
            case 5:
                deliver();
                break;
            case 6:
                if (chance_.chance(0.2)) break_connection();
                if (!ghosts_.empty()) serve(ghosts_);
                break;
            case 7:
                now_ += milliseconds(static_cast<std::int64_t>(chance_.below(1'500)));
                queue_.expire(now_);
                break;
            default:
                break;
        }
        queue_.check_invariants();
    }

    void append() {
        const std::string text = fmt::to_string(next_record_);
        const auto place = queue_.append(
            {.time = kafka::timestamp(1), .key = std::nullopt, .value = as_bytes(text)},
            now_,
            next_batch_++);
        auto& content = contents_[place.batch.get()];
        content.push_back(next_record_);
        places_.emplace(next_record_++, place);
    }

    void send() {
        const auto ready = queue_.ready_at(true);
        if (!ready || *ready > now_) return;
        const auto batch = queue_.take(now_);
        connection_.push_back({.batch = batch,
                               .content = {.producer_id = batch->producer_id.value(),
                                           .epoch = batch->epoch.value(),
                                           .first_sequence = batch->first_sequence.value(),
                                           .records = contents_.at(batch->outcome.get())}});
    }

    void serve(std::deque<message>& over) {
        for (message& each : over) {
            if (each.answer) continue;
            // A leader that is busy with an election refuses, before or after it has appended.
            const double mood = chance_.fraction();
            if (mood < 0.05) {
                each.answer = {kafka::error_code::not_enough_replicas};
            } else {
                each.answer = leader_.append(each.content);
                if (mood < 0.1) each.answer = {kafka::error_code::not_leader_or_follower};
                if (mood > 0.98) each.answer = {kafka::error_code::request_timed_out};
            }
            break;
        }
        if (&over == &ghosts_ && ghosts_.front().answer) ghosts_.pop_front();
    }

    void deliver() {
        if (connection_.empty() || !connection_.front().answer) return;
        const message told = std::move(connection_.front());
        connection_.pop_front();
        queue_.answered(*told.batch,
                        {.code = told.answer->code, .base = kafka::offset(told.answer->base)},
                        now_ + milliseconds(100));
    }

    void break_connection() {
        for (message& each : std::exchange(connection_, {})) {
            queue_.lost(
                *each.batch, {.reason = errc::disconnected}, true, now_ + milliseconds(100));
            if (!each.answer) ghosts_.push_back(std::move(each));
        }
    }

    /// Lets everything come to its end, late requests of broken connections last.
    void drain() {
        now_ += seconds(121);
        queue_.expire(now_);
        break_connection();
        queue_.abandon({.reason = errc::closed});
        while (!ghosts_.empty()) {
            leader_.append(ghosts_.front().content);
            ghosts_.pop_front();
        }
    }

    runtime::random_source chance_;
    producer_limits limits_{.batch_size = 90, .delivery_timeout = seconds(20)};
    partition_queue queue_{{.topic = "t", .partition = kafka::partition_index(0)}, limits_};
    log_model leader_;
    runtime::instant now_{};
    int next_record_ = 0;
    std::uint64_t next_batch_ = 0;
    std::map<int, partition_queue::place> places_;
    std::map<const batch_outcome*, std::vector<int>> contents_;
    std::deque<message> connection_;
    std::deque<message> ghosts_;  ///< In the buffers of broken connections.
    std::size_t delivered_ = 0;
};

TEST(idempotence_property, no_duplicates_no_disorder_and_true_outcomes_over_a_bad_network) {
    std::size_t delivered = 0;
    std::uint64_t bumps = 0;
    for (std::uint64_t seed = 1; seed <= 2'000; ++seed) {
        SCOPED_TRACE(seed);
        storm one(seed);
        one.run();
        one.judge();
        delivered += one.delivered();
        bumps += one.queue().counted().epoch_bumps;
        if (testing::Test::HasFailure()) return;
    }
    EXPECT_GT(delivered, 2'000U);
    EXPECT_GT(bumps, 100U) << "the storm never forced a new epoch";
}

}  // namespace
}  // namespace verdikt::client
