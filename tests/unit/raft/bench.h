/// One replica on a bench: what it is told by hand, and what it then wants done.
///
/// The replica is node 0; the voters are 0, 1 and 2 unless a test says otherwise. `out` holds the
/// effects of the last event alone. Nothing completes by itself: a test says when the vote or the
/// log is safe.
#pragma once

#include "broker/raft/replica.h"
#include "runtime/check.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <vector>

namespace verdikt::broker::raft {

using namespace std::chrono_literals;
using kafka::error_code;

inline constexpr node_id self{0};
inline constexpr node_id one{1};
inline constexpr node_id two{2};

[[nodiscard]] inline replica_key key(int node) {
    return {node_id(node), {}};
}

[[nodiscard]] voter_set voters_of(std::vector<int> nodes);
[[nodiscard]] payload bytes_of(std::size_t size);
/// A log of plain batches of one record each, their epochs as given.
[[nodiscard]] log_picture log_of(const voter_set& voters, const std::vector<int>& epochs);
/// A batch of one record.
[[nodiscard]] batch batch_at(std::int64_t base, int epoch, batch_content content = plain_records{});

class bench {
  public:
    bench() : bench(stored_replica{.log = log_picture(voters_of({0, 1, 2}))}) {}
    explicit bench(stored_replica found, settings configured = default_settings());

    [[nodiscard]] static settings default_settings() { return {.self = key(0)}; }

    // ---- Events.
    ticket receive(const request& what);
    void answer(const send& asked, const raft::answer& what);
    /// Completes the writes of the quorum state that are under way.
    void persist();
    /// Completes the sync that is under way.
    void sync();
    void pass(duration time) { now_ += time; }
    /// Lets the timer come due.
    void fire(timer which);
    offset append(int count = 1);

    // ---- Whole stretches of a life.
    /// Wins an election of a fresh epoch; its own records are not yet synced.
    void elect();
    /// Is elected, and commits its own records with the help of node 1.
    void lead();
    void follow(int epoch, node_id leader);
    /// Node `node` fetches all that there is.
    ticket fetch_all(int node);
    ticket fetch(int node, std::int64_t from, int last_epoch, duration wait = 0ms);
    /// Answers the fetch under way with batches.
    void told(const std::vector<batch>& batches, std::int64_t high_watermark = 0);

    // ---- What came of the last event.
    template <typename Effect>
    [[nodiscard]] std::vector<Effect> all() const {
        std::vector<Effect> found;
        for (const effect& each : out) {
            if (const auto* wanted = std::get_if<Effect>(&each)) found.push_back(*wanted);
        }
        return found;
    }
    template <typename Effect>
    [[nodiscard]] bool has() const {
        return !all<Effect>().empty();
    }
    template <typename Request>
    [[nodiscard]] std::vector<std::pair<send, Request>> sent() const {
        std::vector<std::pair<send, Request>> found;
        for (const send& each : all<send>()) {
            if (const auto* wanted = std::get_if<Request>(&each.what))
                found.emplace_back(each, *wanted);
        }
        return found;
    }
    /// The answer to a ticket among the last effects; nothing if it is not there.
    template <typename Answer>
    [[nodiscard]] std::optional<Answer> replied(ticket to) const {
        for (const reply& each : all<reply>()) {
            if (each.to == to) return std::get<Answer>(each.what);
        }
        return std::nullopt;
    }
    /// Requires: it is there.
    template <typename Answer>
    [[nodiscard]] Answer reply_to(ticket to) const {
        const auto found = replied<Answer>(to);
        CHECK(found.has_value(), "ticket {} is not answered", to);
        return *found;
    }
    /// The records that were to go with the answer to a ticket.
    [[nodiscard]] std::optional<log_range> records(ticket to) const;
    [[nodiscard]] bool is_armed(timer which) const { return timers_.contains(which); }

    [[nodiscard]] moment at() const { return {.now = now_, .chance = chance}; }
    [[nodiscard]] ticket next_ticket() { return ticket(++last_ticket_); }
    template <typename Event>
    void step(Event event) {
        out.clear();
        event(*core);
        core->check_invariants();
        keep_track();
    }

    std::unique_ptr<replica> core;
    effects out;
    std::uint64_t chance = 0;

  private:
    void keep_track();

    instant now_{};
    std::uint64_t last_ticket_ = 0;
    std::map<timer, instant> timers_;
    std::vector<write_id> writing_;
    std::optional<sync_id> syncing_;
    std::optional<send> fetching_;
};

}  // namespace verdikt::broker::raft
