#include "checker/availability/service.h"

#include "runtime/check.h"

#include <utility>

namespace verdikt::checker::availability {

double service::share_available() const {
    if (asked_for <= 0) return 1;
    return 1 - static_cast<double>(out) / static_cast<double>(asked_for);
}

service_watch::service_watch(std::string name, std::span<const std::int64_t> moments)
    : moments_(moments) {
    made_.name = std::move(name);
}

void service_watch::begin(std::int64_t at) {
    // What begins at a moment itself begins after it.
    pass_moments(at + 1, at);
    if (open_ == 0 && stretch_since_ && at - last_end_ > quiet_max) close_stretch(last_end_);
    if (!stretch_since_) stretch_since_ = at;
    if (!unanswered_since_) unanswered_since_ = at;
    ++open_;
    ++made_.begun;
}

void service_watch::end(std::int64_t begun, std::int64_t at, answer how) {
    CHECK(open_ > 0, "{} ends and has not begun", made_.name);
    pass_moments(at, at);
    --open_;
    last_end_ = at;
    if (how == answer::refusal) {
        refused_ = true;
        last_refusal_ = at;
    }
    if (how != answer::success) return;
    ++made_.succeeded;
    answer_moments(begun, at);
    close_gap(at, true);
    if (open_ > 0) unanswered_since_ = at;
}

/// Those before `up_to`. What is open is asked for at the moment itself.
void service_watch::pass_moments(std::int64_t up_to, std::int64_t asked_at) {
    while (asked_at_.size() < moments_.size() && moments_[asked_at_.size()] < up_to) {
        asked_at_.push_back(open_ > 0 ? moments_[asked_at_.size()] : asked_at);
    }
}

/// What began after a moment began after those before it too, so the first ones are answered first.
void service_watch::answer_moments(std::int64_t begun, std::int64_t at) {
    while (answered_ < asked_at_.size() && moments_[answered_] <= begun) {
        made_.from_moments.push_back(delay{.length = at - asked_at_[answered_++]});
    }
}

void service_watch::close_gap(std::int64_t at, bool by_success) {
    CHECK(unanswered_since_.has_value());
    const std::int64_t since = *unanswered_since_;
    unanswered_since_.reset();
    refused_ = false;
    if (at - since < outage_min) return;
    ++made_.outages;
    made_.out += at - since;
    const outage here{.from = since, .to = at, .ended = by_success};
    if (!made_.longest || made_.longest->length() < here.length()) made_.longest = here;
}

void service_watch::close_stretch(std::int64_t at) {
    CHECK(stretch_since_.has_value());
    made_.asked_for += at - *stretch_since_;
    stretch_since_.reset();
    if (!unanswered_since_) return;
    // Who was never refused was answered as far as one can tell.
    if (refused_ || open_ > 0) {
        close_gap(at, false);
    } else {
        unanswered_since_.reset();
    }
}

service service_watch::finish(std::int64_t at) {
    if (open_ > 0) pass_moments(at, at);
    const std::int64_t asked_until = open_ > 0 ? at : last_end_;
    if (stretch_since_) close_stretch(asked_until);
    give_up_on_moments(asked_until);
    return std::move(made_);
}

void service_watch::give_up_on_moments(std::int64_t at) {
    for (; answered_ < asked_at_.size(); ++answered_) {
        const bool refused = open_ > 0 || (last_refusal_ && *last_refusal_ >= asked_at_[answered_]);
        made_.from_moments.push_back(
            refused ? std::optional(delay{.never = true, .length = at - asked_at_[answered_]})
                    : std::nullopt);
    }
    made_.from_moments.resize(moments_.size());
}

}  // namespace verdikt::checker::availability
