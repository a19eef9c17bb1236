/// What the tests of this folder share: three brokers, a moment, and the effects that came out.
#pragma once

#include "broker/replication/effects.h"
#include "broker/replication/partition_leader.h"
#include "broker/replication/partition_state.h"
#include "tests/unit/replication/sample_log.h"

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace verdikt::broker::replication {

using kafka::error_code;
using std::chrono::seconds;

inline constexpr kafka::node_id n1{1};
inline constexpr kafka::node_id n2{2};
inline constexpr kafka::node_id n3{3};

using nodes = std::set<kafka::node_id>;

inline kafka::offset at(std::int64_t value) {
    return kafka::offset(value);
}
inline kafka::leader_epoch epoch(std::int32_t value) {
    return kafka::leader_epoch(value);
}
inline broker_epoch incarnation(std::int64_t value) {
    return broker_epoch(value);
}

/// Broker n is registered with epoch 10n.
inline broker_standings three_brokers() {
    return {{n1, {.epoch = incarnation(10)}},
            {n2, {.epoch = incarnation(20)}},
            {n3, {.epoch = incarnation(30)}}};
}

inline partition_state led_by_1(std::int32_t leader_epoch, std::int32_t epoch, nodes isr) {
    return {.replicas = {n1, n2, n3},
            .isr = std::move(isr),
            .leader = n1,
            .leader_epoch = kafka::leader_epoch(leader_epoch),
            .epoch = partition_epoch(epoch)};
}

/// The effects of one kind, in their order.
template <typename Effect>
std::vector<Effect> only(const effects& out) {
    std::vector<Effect> found;
    for (const effect& each : out) {
        if (const auto* match = std::get_if<Effect>(&each)) found.push_back(*match);
    }
    return found;
}

inline nodes nodes_of(const std::vector<proposed_member>& members) {
    nodes result;
    for (const proposed_member& member : members) result.insert(member.node);
    return result;
}

/// Broker 1 leads epoch 5 from offset 10 on; its log has epoch 3 before that.
class leader_bench : public testing::Test {
  protected:
    leader_bench() { log.append(3, 10); }

    void lead(nodes isr = {n1, n2, n3}, recovery_state recovery = recovery_state::recovered) {
        state = led_by_1(5, 7, std::move(isr));
        state.recovery = recovery;
        leader.emplace(n1, settings, state, brokers, hint, proposal_number(0), now);
        log.assign(5);
        leader->epoch_assigned(log, now, out);
    }

    fetch_verdict fetch(kafka::node_id from,
                        std::int64_t offset,
                        std::int32_t last_epoch,
                        kafka::offset log_start) {
        const auto verdict = leader->fetch({.replica = from,
                                            .epoch = brokers[from].epoch,
                                            .current_leader_epoch = epoch(5),
                                            .from = at(offset),
                                            .last_fetched_epoch = epoch(last_epoch),
                                            .log_start = log_start},
                                           log,
                                           now,
                                           out);
        leader->check_invariants(log);
        return verdict;
    }
    fetch_verdict fetch(kafka::node_id from, std::int64_t offset, std::int32_t last_epoch) {
        return fetch(from, offset, last_epoch, log.start());
    }
    /// It holds all up to `offset` of epoch 5 (or of what was before).
    void follows(kafka::node_id from, std::int64_t offset) {
        EXPECT_EQ(fetch(from, offset, offset > 10 ? 5 : 3).error, error_code::none);
    }
    void append(std::int64_t count) {
        log.append(5, count);
        leader->log_moved(log, now, out);
    }
    void metadata(std::int32_t partition_epoch_now, nodes isr) {
        state = led_by_1(5, partition_epoch_now, std::move(isr));
        leader->apply(state, brokers, log, now, out);
        leader->check_invariants(log);
    }
    void answered(proposal_number number, const alter_outcome& outcome) {
        leader->alter_partition_answered(number, outcome, log, now, out);
        leader->check_invariants(log);
    }
    void later(milliseconds by) {
        now += by;
        leader->tick(log, now, out);
        leader->check_invariants(log);
    }
    [[nodiscard]] std::vector<send_alter_partition> proposals() const {
        return only<send_alter_partition>(out);
    }
    [[nodiscard]] kafka::offset high_watermark() const { return leader->high_watermark(); }
    /// Nothing if that wait was not answered.
    [[nodiscard]] std::optional<error_code> outcome_of(std::uint64_t wait) const {
        for (const auto& answer : only<answer_produce>(out)) {
            if (answer.to == ticket(wait)) return answer.error;
        }
        return std::nullopt;
    }

    [[nodiscard]] std::optional<error_code> outcome_of_deletion(std::uint64_t wait) const {
        for (const auto& answer : only<answer_deletion>(out)) {
            if (answer.to == ticket(wait)) return answer.error;
        }
        return std::nullopt;
    }

    replica_settings settings{.min_insync_replicas = 2};
    sample_log log;
    broker_standings brokers = three_brokers();
    partition_state state;
    kafka::offset hint{0};
    runtime::instant now{seconds(1'000)};
    effects out;
    std::optional<partition_leader> leader;
};

}  // namespace verdikt::broker::replication
