#include "client/transaction_session.h"

#include "runtime/check.h"

namespace verdikt::client {

namespace {

std::unexpected<error> wrong_moment(std::string detail) {
    return failure(errc::invalid_argument, std::move(detail));
}

}  // namespace

std::unexpected<error> transaction_session::refuse() const {
    switch (phase_) {
        case phase::uninitialised:
            return wrong_moment("init_transactions comes first");
        case phase::ready:
            return wrong_moment("no transaction is open");
        case phase::open:
            return wrong_moment("a transaction is open");
        case phase::failed:
            CHECK(trouble_);
            return failure(errc::must_abort, trouble_->message());
        case phase::ending:
            return wrong_moment("the transaction is being ended");
        case phase::broken:
            CHECK(trouble_);
            return std::unexpected(*trouble_);
    }
    return wrong_moment("");
}

result<void> transaction_session::may_initialise() const {
    if (phase_ != phase::uninitialised) return refuse();
    return {};
}

result<void> transaction_session::begin() {
    if (phase_ != phase::ready) return refuse();
    phase_ = phase::open;
    return {};
}

result<void> transaction_session::may_write() const {
    if (phase_ != phase::open) return refuse();
    return {};
}

result<void> transaction_session::end(outcome how) {
    const bool may_commit = phase_ == phase::open;
    const bool may_abort = phase_ == phase::open || phase_ == phase::failed;
    const bool is_repeated = phase_ == phase::ending && asked_ == how;
    const bool is_allowed = how == outcome::commit ? may_commit : may_abort;
    if (!is_allowed && !is_repeated) return refuse();
    if (how == outcome::commit) return {};
    // A request that is under way may open a transaction behind the end of this one.
    if (!adding_.empty() || (may_have_started_ && !started_)) needs_new_epoch_ = true;
    phase_ = phase::ending;
    asked_ = how;
    trouble_.reset();
    return {};
}

void transaction_session::initialised(bool epoch_bump) {
    epoch_bump_ = epoch_bump;
    needs_new_epoch_ = false;
    if (phase_ == phase::uninitialised) phase_ = phase::ready;
}

void transaction_session::fail(const error& why) {
    needs_new_epoch_ = true;
    if (phase_ != phase::open) return;
    phase_ = phase::failed;
    trouble_ = why;
}

void transaction_session::break_down(const error& why) {
    if (phase_ == phase::broken) return;
    phase_ = phase::broken;
    trouble_ = why;
    unadded_.clear();
    adding_.clear();
    added_.clear();
}

void transaction_session::commit_sent() {
    CHECK(phase_ == phase::open || (phase_ == phase::ending && asked_ == outcome::commit));
    phase_ = phase::ending;
    asked_ = outcome::commit;
}

void transaction_session::commit_refused(const error& why) {
    CHECK(phase_ == phase::ending && asked_ == outcome::commit);
    phase_ = phase::failed;
    asked_.reset();
    trouble_ = why;
    needs_new_epoch_ = true;
}

void transaction_session::ended() {
    CHECK(phase_ == phase::ending || phase_ == phase::open);
    phase_ = phase::ready;
    asked_.reset();
    unadded_.clear();
    adding_.clear();
    added_.clear();
    started_ = may_have_started_ = false;
    ++number_;
}

bool transaction_session::may_send_to(const kafka::topic_partition& where) {
    if (phase_ != phase::open) return false;
    if (epoch_bump_) {
        may_have_started_ = true;
        return true;
    }
    if (added_.contains(where)) return true;
    if (!adding_.contains(where)) unadded_.insert(where);
    return false;
}

transaction_session::partitions transaction_session::take_unadded() {
    partitions taken;
    if (phase_ != phase::open) return taken;
    taken.swap(unadded_);
    adding_.insert(taken.begin(), taken.end());
    if (!taken.empty()) may_have_started_ = true;
    return taken;
}

void transaction_session::added(const partitions& which) {
    for (const auto& each : which) {
        if (adding_.erase(each) != 0) added_.insert(each);
    }
    started_ = true;
}

void transaction_session::check_invariants() const {
    const bool in_transaction =
        phase_ == phase::open || phase_ == phase::failed || phase_ == phase::ending;
    CHECK(in_transaction || (unadded_.empty() && adding_.empty() && added_.empty()));
    CHECK(asked_.has_value() == (phase_ == phase::ending));
    CHECK(trouble_.has_value() == (phase_ == phase::failed || phase_ == phase::broken));
}

}  // namespace verdikt::client
