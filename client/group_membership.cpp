#include "client/group_membership.h"

#include "runtime/check.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace verdikt::client {

namespace {

group_membership::partitions without(const group_membership::partitions& from,
                                     const group_membership::partitions& removed) {
    group_membership::partitions rest;
    std::ranges::set_difference(from, removed, std::inserter(rest, rest.end()));
    return rest;
}

}  // namespace

// What the program does.

void group_membership::subscribe(std::set<std::string> topics) {
    if (subscribed_ && topics == topics_) return;
    topics_ = std::move(topics);
    subscribed_ = true;
    rejoin_ = true;
    fatal_.reset();
}

void group_membership::unsubscribe() {
    subscribed_ = false;
    rejoin_ = false;
    topics_.clear();
    // A static member stays known until its session ends, so that its restart moves nothing
    // (KIP-345).
    leave_ = !member_id_.empty() && !options_.instance_id;
    target_.clear();
    assignment_told_ = true;
    phase_ = phase::unjoined;
    generation_ = leave_ ? generation_ : -1;
    news_ = news::none;
    subject_.clear();
    if (!owned_.empty()) announce(news::revoked, owned_);
}

void group_membership::polled(runtime::instant now) {
    last_poll_ = now;
}

group_membership::partitions group_membership::no_longer_wanted() const {
    partitions gone;
    for (const topic_partition& each : owned_) {
        if (!topics_.contains(each.topic)) gone.insert(each);
    }
    return gone;
}

void group_membership::announce(news what, partitions about) {
    news_ = what;
    subject_ = std::move(about);
}

// What the sender does.

group_membership::request group_membership::next_request(runtime::instant now) const {
    if (under_way_ || fatal_ || now < not_before_) return request::none;
    if (leave_) return request::leave;
    if (!subscribed_) return request::none;
    const bool overdue = now - last_poll_ >= options_.poll_interval_max;
    const bool member = generation_ >= 0 && phase_ != phase::joining;
    if (overdue && member && !options_.instance_id) return request::leave;
    if (overdue) return request::none;
    if (phase_ == phase::joining) return request::join;
    if (phase_ == phase::syncing) return request::sync;
    if (member && now - last_heartbeat_ >= options_.heartbeat_interval) return request::heartbeat;
    return request::none;
}

std::optional<runtime::instant> group_membership::next_change() const {
    if (under_way_ || fatal_) return std::nullopt;
    if (leave_) return not_before_;
    if (!subscribed_) return std::nullopt;
    if (phase_ == phase::joining || phase_ == phase::syncing) return not_before_;
    if (generation_ < 0) return std::nullopt;
    return std::max(not_before_,
                    std::min(last_heartbeat_ + options_.heartbeat_interval,
                             last_poll_ + options_.poll_interval_max));
}

void group_membership::sending(request what, runtime::instant now) {
    CHECK(!under_way_ && what != request::none);
    under_way_ = true;
    if (what == request::heartbeat) last_heartbeat_ = now;
}

void group_membership::joined(std::string member_id,
                              std::int32_t generation,
                              bool leads,
                              std::string protocol) {
    under_way_ = false;
    if (phase_ != phase::joining) return;
    is_new_process_ = member_id_.empty();
    member_id_ = std::move(member_id);
    generation_ = generation;
    leads_ = leads;
    protocol_ = std::move(protocol);
    phase_ = phase::syncing;
}

void group_membership::synced(partitions assigned, runtime::instant now) {
    under_way_ = false;
    if (phase_ != phase::syncing) return;
    last_heartbeat_ = now;
    target_ = std::move(assigned);
    assignment_told_ = false;
    phase_ = phase::taking_over;
    // A static member that comes back is given what it had, and nobody rebalances (KIP-345). Had it
    // just given something up, it no longer knows, and nobody would ever get that: so it joins once
    // more as well. No cooperative member stops working for it.
    if (options_.instance_id && is_new_process_ && options_.cooperative) rejoin_ = true;
    is_new_process_ = false;
    partitions taken_away = without(owned_, target_);
    // Whoever gives something up joins once more, so that it can be given to somebody else
    // (KIP-429).
    if (!taken_away.empty()) {
        rejoin_ = rejoin_ || options_.cooperative;
        announce(news::revoked, std::move(taken_away));
    } else {
        after_news();
    }
}

void group_membership::heartbeat_answered(runtime::instant now) {
    under_way_ = false;
    last_heartbeat_ = now;
}

void group_membership::left() {
    under_way_ = false;
    const bool on_purpose = std::exchange(leave_, false);
    member_id_.clear();
    generation_ = -1;
    if (on_purpose) return;
    fenced(false);
}

void group_membership::rebalance_announced() {
    // While this member is on its way into the new generation, that is no news. To join once more
    // afterwards would begin the next rebalance, and revocations that outlast a heartbeat would
    // keep the group from ever coming to rest.
    if (phase_ == phase::stable || phase_ == phase::taking_over) rejoin_ = true;
}

void group_membership::unanswered(request what, runtime::instant again_at) {
    under_way_ = false;
    not_before_ = again_at;
    if (what == request::leave) left();
}

void group_membership::refused(request what,
                               kafka::error_code code,
                               std::string member_id,
                               runtime::instant now) {
    using kafka::error_code;
    under_way_ = false;
    if (what == request::leave) {
        left();
        return;
    }
    const bool current = (what == request::join && phase_ == phase::joining) ||
                         (what == request::sync && phase_ == phase::syncing) ||
                         what == request::heartbeat;
    if (!current || !subscribed_) return;
    switch (code) {
        case error_code::member_id_required:
            member_id_ = std::move(member_id);
            return;
        case error_code::rebalance_in_progress:
            // Not while the last assignment is being told, which comes first.
            if (what == request::heartbeat) last_heartbeat_ = now;
            if (what == request::sync) phase_ = phase::joining;
            if (what == request::heartbeat) rebalance_announced();
            return;
        case error_code::unknown_member_id:
            fenced(false);
            return;
        case error_code::illegal_generation:
            fenced(true);
            return;
        case error_code::fenced_instance_id:
            fatal_ = client::refused(code, options_.group_id);
            fenced(false);
            return;
        default:
            break;
    }
    if (kafka::retriable(code)) return;
    fatal_ = client::refused(code, options_.group_id);
}

/// The coordinator no longer counts this member in: others may own its partitions already.
void group_membership::fenced(bool keep_member_id) {
    if (!keep_member_id) member_id_.clear();
    generation_ = -1;
    leads_ = false;
    rejoin_ = true;
    target_.clear();
    assignment_told_ = true;
    news_ = news::none;
    subject_.clear();
    phase_ = phase::unjoined;
    if (!owned_.empty()) announce(news::lost, owned_);
}

// What the program is told.

group_membership::news group_membership::next_news() const {
    return news_;
}

void group_membership::told() {
    const news was = std::exchange(news_, news::none);
    CHECK(was != news::none);
    if (was == news::assigned) {
        owned_ = target_;
        assignment_told_ = true;
    } else {
        owned_ = without(owned_, subject_);
    }
    subject_.clear();
    after_news();
}

/// Requires: there is no news. Moves on to what comes after it.
void group_membership::after_news() {
    CHECK(news_ == news::none);
    if (phase_ == phase::leaving_behind) {
        phase_ = phase::joining;
    } else if (phase_ == phase::taking_over && !assignment_told_) {
        announce(news::assigned, without(target_, owned_));
    } else if (phase_ == phase::taking_over) {
        phase_ = phase::stable;
    }
}

void group_membership::begin_rejoin() {
    rejoin_ = false;
    phase_ = phase::leaving_behind;
    partitions given_up = options_.cooperative ? no_longer_wanted() : owned_;
    if (given_up.empty()) {
        after_news();
    } else {
        announce(news::revoked, std::move(given_up));
    }
}

void group_membership::advance() {
    const bool at_rest = phase_ == phase::unjoined || phase_ == phase::stable;
    if (subscribed_ && rejoin_ && at_rest && news_ == news::none && !fatal_ && !leave_) {
        begin_rejoin();
    }
}

subscription group_membership::wants() const {
    subscription all{.topics = topics_};
    if (options_.cooperative) {
        all.owned = owned_;
        all.generation = generation_;
    }
    return all;
}

void group_membership::check_invariants() const {
    CHECK(phase_ != phase::stable || generation_ >= 0);
    CHECK(phase_ != phase::syncing || generation_ >= 0);
    CHECK(phase_ != phase::joining || news_ == news::none);
    CHECK(news_ != news::none || subject_.empty());
    CHECK(phase_ != phase::stable || news_ != news::none || owned_ == target_);
    for (const topic_partition& each : subject_) {
        CHECK(news_ == news::assigned || owned_.contains(each), "{}", each);
    }
}

}  // namespace verdikt::client
