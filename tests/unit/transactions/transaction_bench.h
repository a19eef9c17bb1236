/// One transactional id, its producer and a log that answers when it is told to.
#pragma once

#include "broker/coordinator/transactions/transaction.h"
#include "runtime/check.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

namespace verdikt::broker::coordinator::transactions {

using kafka::error_code;

inline const kafka::topic_partition orders{"orders", kafka::partition_index(0)};
inline const kafka::topic_partition payments{"payments", kafka::partition_index(3)};

inline producer_identity identity(std::int64_t id, std::int16_t epoch) {
    return {kafka::producer_id(id), kafka::producer_epoch(epoch)};
}

template <typename Effect>
std::vector<Effect> only(const effects& out) {
    std::vector<Effect> found;
    for (const effect& each : out) {
        if (const auto* match = std::get_if<Effect>(&each)) found.push_back(*match);
    }
    return found;
}

class transaction_bench : public testing::Test {
  protected:
    // ---- Requests; each gives the answer that it got at once, if it did.

    std::optional<answer> init(std::optional<producer_identity> expected = {}) {
        const ticket from = next_ticket();
        id.init({.from = from,
                 .timeout = milliseconds(60'000),
                 .expected = expected,
                 .fresh_id = kafka::producer_id(++fresh),
                 .now = now()},
                out);
        return answer_to(from);
    }
    std::optional<answer> add(producer_identity who, transactions::partitions where) {
        const ticket from = next_ticket();
        id.add_partitions({from, who, std::move(where), spoken, now()}, out);
        return answer_to(from);
    }
    std::optional<answer> end(producer_identity who, bool commit) {
        const ticket from = next_ticket();
        id.end({.from = from,
                .producer = who,
                .commit = commit,
                .spoken = spoken,
                .fresh_id = kafka::producer_id(++fresh),
                .now = now()},
               out);
        return answer_to(from);
    }

    // ---- What comes of effects.

    /// The write under way has that outcome. Gives the answer that follows.
    std::optional<answer> stored(error_code outcome = error_code::none) {
        CHECK(id.is_storing());
        if (outcome == error_code::none && !only<store_transaction>(out).empty()) {
            written = only<store_transaction>(out).back().state;
        }
        const std::size_t before = only<answer>(out).size();
        id.stored(outcome, now(), out);
        id.check_invariants();
        const auto answers = only<answer>(out);
        if (answers.size() == before) return std::nullopt;
        return answers.back();
    }
    void marked(const kafka::topic_partition& where, error_code outcome = error_code::none) {
        id.marker_answered(markers().back().round, where, outcome, now(), out);
        id.check_invariants();
    }
    [[nodiscard]] std::vector<send_markers> markers() const { return only<send_markers>(out); }

    // ---- Shortcuts.

    /// The producer's first identity.
    producer_identity begin_life() {
        EXPECT_FALSE(init().has_value());
        return stored()->producer;
    }
    /// A transaction over `orders` is open.
    producer_identity open() {
        const producer_identity who = begin_life();
        EXPECT_FALSE(add(who, {orders}).has_value());
        EXPECT_EQ(stored()->error, error_code::none);
        return who;
    }
    /// Ends it, to the last marker and record.
    producer_identity finish(producer_identity who, bool commit) {
        EXPECT_FALSE(end(who, commit).has_value());
        const producer_identity next = stored()->producer;
        marked(orders);
        stored();
        return spoken == protocol::epoch_bump ? next : who;
    }
    void restart() {
        out.clear();
        id = transaction::restore("billing", written, out);
        id.check_invariants();
    }

    [[nodiscard]] transaction_state state() const { return id.state().state; }
    [[nodiscard]] kafka::timestamp now() const { return kafka::timestamp(clock); }

    std::optional<answer> answer_to(ticket from) {
        id.check_invariants();
        for (const answer& each : only<answer>(out)) {
            if (each.to == from) return each;
        }
        return std::nullopt;
    }
    ticket next_ticket() { return last_ticket = last_ticket.next(); }

    protocol spoken = protocol::initial;
    std::int64_t clock = 1'000'000;
    std::int64_t fresh = 100;
    ticket last_ticket{0};
    effects out;
    transaction id{"billing"};
    stored_transaction written;
};

}  // namespace verdikt::broker::coordinator::transactions
