// Random events in random order, writes that fail, restarts: what must hold whatever happens.
#include "broker/coordinator/group.h"
#include "runtime/check.h"
#include "runtime/random.h"

#include <gtest/gtest.h>

#include <deque>
#include <map>
#include <set>

namespace verdikt::broker::coordinator {
namespace {

using kafka::error_code;

constexpr int partition_count = 6;

/// A careless client population around one group: it remembers what the group told it, mixes that
/// up now and then, and checks every answer.
class storm {
  public:
    explicit storm(std::uint64_t seed) : random_(seed) {
        settings_.initial_delay = milliseconds(random_.chance(0.5) ? 3'000 : 0);
        settings_.max_size = random_.chance(0.2) ? 3 : 100;
        group_ = group(settings_);
    }

    void step() {
        effects out;
        const generation before = group_.in();
        const bool restarted = random_.chance(0.02);
        if (restarted) {
            restart(out);
        } else {
            act(out);
        }
        group_.check_invariants();
        if (!restarted) ASSERT_GE(group_.in(), before);
        for (const effect& which : out) carry_out(which);
        check_timers();
    }

    /// Lets every timer run out and every write complete: nobody may be left waiting.
    void end() {
        for (int left = 1'000; left > 0 && !(timers_.empty() && writing_.empty()); --left) {
            effects out;
            if (!writing_.empty()) {
                complete_write(out);
            } else {
                fire(*timers_.begin(), out);
            }
            group_.check_invariants();
            for (const effect& which : out) carry_out(which);
        }
        EXPECT_TRUE(timers_.empty());
        EXPECT_TRUE(waiting_.empty()) << waiting_.size() << " requests were never answered";
        EXPECT_EQ(group_.state(), group_state::empty);
    }

    [[nodiscard]] int assignments_told() const { return told_; }

  private:
    struct client {
        std::string member_id;
        generation in = no_generation;
        std::optional<std::string> instance_id;
    };

    void act(effects& out) {
        switch (random_.below(10)) {
            case 0:
            case 1:
                join({}, out);
                return;
            case 2:
            case 3:
                join(any_client(), out);
                return;
            case 4:
            case 5:
                sync(random_.chance(0.4) ? leader() : any_client(), out);
                return;
            case 6:
                heartbeat(any_client(), out);
                return;
            case 7:
                if (!timers_.empty() && random_.chance(0.2)) fire(any_timer(), out);
                return;
            case 8:
                if (random_.chance(0.05)) leave(any_client(), out);
                return;
            default:
                if (!writing_.empty()) complete_write(out);
        }
    }

    client any_client() {
        if (clients_.empty()) return {};
        auto which = clients_.begin();
        std::advance(which, random_.below(clients_.size()));
        client chosen = which->second;
        if (random_.chance(0.05)) chosen.in = chosen.in.previous();
        return chosen;
    }

    client leader() {
        const auto found = clients_.find(group_.leader().value_or(""));
        return found == clients_.end() ? any_client() : found->second;
    }

    timer_name any_timer() {
        const timer_name rebalance{timer_kind::rebalance, {}};
        if (timers_.contains(rebalance) && random_.chance(0.8)) return rebalance;
        auto which = timers_.begin();
        std::advance(which, random_.below(timers_.size()));
        return *which;
    }

    void join(const client& as, effects& out) {
        const ticket from = next_ticket();
        join_event event{.from = from,
                         .member_id = as.member_id,
                         .instance_id = as.instance_id,
                         .session_timeout = milliseconds(10'000),
                         .rebalance_timeout = milliseconds(60'000),
                         .protocol_type = "consumer",
                         .protocols = {{"range", {std::byte{7}}}},
                         .fresh_member_id = fmt::format("m{:05}", from),
                         .member_id_required = random_.chance(0.5),
                         .may_skip_assignment = random_.chance(0.5)};
        if (as.member_id.empty() && random_.chance(0.3)) {
            event.instance_id = fmt::format("i{}", random_.below(3));
        }
        if (random_.chance(0.3)) event.protocols.push_back({"sticky", {}});
        if (random_.chance(0.05)) event.protocols = {{"unheard-of", {}}};
        waiting_[from] = {as.member_id, as.in, event.instance_id};
        group_.join(std::move(event), out);
    }

    void sync(const client& as, effects& out) {
        const ticket from = next_ticket();
        sync_event event{.from = from, .who = {as.member_id, as.instance_id, as.in}};
        if (group_.leader() == as.member_id) event.assignments = assign();
        waiting_[from] = as;
        group_.sync(std::move(event), out);
    }

    /// Deals the partitions out among the members, another way each time.
    std::vector<member_assignment> assign() {
        std::vector<member_assignment> dealt;
        for (const auto& [id, member] : group_.members()) dealt.push_back({id, {}});
        for (int partition = 0; partition < partition_count; ++partition) {
            dealt[random_.below(dealt.size())].assignment.push_back(std::byte(partition));
        }
        return dealt;
    }

    void heartbeat(const client& as, effects& out) {
        const member_identity who{as.member_id, as.instance_id, as.in};
        const error_code answer =
            random_.chance(0.5) ? group_.heartbeat(who, out) : group_.admit_commit(who, out);
        if (answer == error_code::none && as.in > generation(0)) EXPECT_EQ(as.in, group_.in());
    }

    void leave(const client& as, effects& out) {
        const error_code answer = group_.leave({as.member_id, as.instance_id, as.in}, out);
        if (answer == error_code::none) clients_.erase(as.member_id);
    }

    void fire(const timer_name which, effects& out) {
        timers_.erase(which);
        group_.timer_fired(which, out);
    }

    void complete_write(effects& out) {
        const store_group done = std::move(writing_.front());
        writing_.pop_front();
        const bool fails = random_.chance(0.2);
        if (!fails) stored_ = done.state;
        group_.stored(done.why, fails ? error_code::not_coordinator : error_code::none, out);
    }

    /// What was being written may or may not have got there; the requests are gone with their
    /// connections.
    void restart(effects& out) {
        while (!writing_.empty() && random_.chance(0.5)) {
            stored_ = writing_.front().state;
            writing_.pop_front();
        }
        writing_.clear();
        timers_.clear();
        waiting_.clear();
        group_ = group::restore(settings_, stored_, out);
        EXPECT_GE(group_.in(), told_up_to_) << "a generation was told of and forgotten";
    }

    void carry_out(const effect& which) {
        if (const auto* arm = std::get_if<arm_timer>(&which)) timers_.insert(arm->which);
        if (const auto* cancel = std::get_if<cancel_timer>(&which)) {
            EXPECT_EQ(timers_.erase(cancel->which), 1U) << "cancelled what was not armed";
        }
        if (const auto* store = std::get_if<store_group>(&which)) writing_.push_back(*store);
        if (const auto* answer = std::get_if<answer_join>(&which)) take_join(*answer);
        if (const auto* answer = std::get_if<answer_sync>(&which)) take_sync(*answer);
    }

    client answered(ticket to) {
        const auto found = waiting_.find(to);
        CHECK(found != waiting_.end(), "request {} was answered twice or never made", to);
        client who = found->second;
        waiting_.erase(found);
        return who;
    }

    void take_join(const answer_join& answer) {
        client who = answered(answer.to);
        const join_reply& reply = answer.reply;
        if (reply.error == error_code::unknown_member_id) clients_.erase(who.member_id);
        if (reply.error != error_code::none && reply.error != error_code::member_id_required)
            return;
        who.member_id = reply.member_id;
        who.in = reply.in;
        clients_[who.member_id] = who;
        EXPECT_EQ(reply.members.empty(), reply.leader != reply.member_id);
        EXPECT_LE(reply.members.size(), settings_.max_size);
    }

    void take_sync(const answer_sync& answer) {
        const client who = answered(answer.to);
        if (answer.reply.error == error_code::unknown_member_id) clients_.erase(who.member_id);
        if (answer.reply.error != error_code::none) return;
        EXPECT_EQ(who.in, stored_.in) << "an assignment was told before it was stored";
        told_up_to_ = std::max(told_up_to_, who.in);
        ++told_;
        const std::string itself = who.instance_id.value_or(who.member_id);
        for (const std::byte partition : answer.reply.assignment) {
            const auto [owner, first] = owners_.try_emplace({who.in, partition}, itself);
            EXPECT_EQ(owner->second, itself)
                << "two members own a partition in generation " << who.in.value();
        }
    }

    void check_timers() {
        std::size_t armed = 0;
        for (const auto& [id, member] : group_.members()) armed += member.session_armed ? 1 : 0;
        armed += group_.pending_members().size();
        std::size_t known = 0;
        for (const timer_name& which : timers_) known += which.member_id.empty() ? 0 : 1;
        ASSERT_EQ(known, armed) << "timers outside disagree with the group";
    }

    ticket next_ticket() { return last_ticket_ = last_ticket_.next(); }

    runtime::random_source random_;
    group_settings settings_;
    group group_{settings_};
    ticket last_ticket_{0};
    std::set<timer_name> timers_;
    std::map<ticket, client> waiting_;
    std::map<std::string, client> clients_;
    std::deque<store_group> writing_;
    stored_group stored_;
    generation told_up_to_{0};
    std::map<std::pair<generation, std::byte>, std::string> owners_;
    int told_ = 0;
};

TEST(group_property,
     every_request_is_answered_once_and_no_partition_has_two_owners_in_a_generation) {
    int told = 0;
    for (std::uint64_t seed = 1; seed <= 1'000; ++seed) {
        SCOPED_TRACE(fmt::format("seed {}", seed));
        storm clients(seed);
        for (int left = 500; left > 0 && !testing::Test::HasFailure(); --left) clients.step();
        clients.end();
        told += clients.assignments_told();
        ASSERT_FALSE(testing::Test::HasFailure());
    }
    EXPECT_GT(told, 3'000) << "the storm was too wild for anything to get done";
}

}  // namespace
}  // namespace verdikt::broker::coordinator
