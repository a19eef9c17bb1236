#include "broker/lifecycle/broker_lifecycle.h"

#include "runtime/check.h"

#include <algorithm>
#include <utility>

namespace verdikt::broker::lifecycle {

namespace messages = kafka::messages;
using kafka::error_code;

namespace {

/// Whether asking again, as it is, can never help.
bool is_final(error_code why) {
    return why == error_code::inconsistent_cluster_id || why == error_code::invalid_registration ||
           why == error_code::unsupported_version;
}

}  // namespace

broker_lifecycle::broker_lifecycle(messages::broker_registration_request registration,
                                   lifecycle_settings settings)
    : registration_(std::move(registration)), settings_(settings) {}

bool broker_lifecycle::is_over() const {
    return standing_ == standing::stopped || standing_ == standing::refused ||
           standing_ == standing::replaced;
}

std::optional<request> broker_lifecycle::next_request(runtime::instant now) {
    if (under_way_ || is_over() || now < next_time_) return std::nullopt;
    under_way_ = true;
    asked_ = now;
    if (standing_ == standing::unregistered) return registration_;
    return heartbeat();
}

std::optional<runtime::instant> broker_lifecycle::next_time() const {
    if (under_way_ || is_over()) return std::nullopt;
    return next_time_;
}

messages::broker_heartbeat_request broker_lifecycle::heartbeat() const {
    return {.broker_id = registration_.broker_id,
            .broker_epoch = epoch_.value(),
            .current_metadata_offset = applied_.value(),
            .want_fence = !recovered_ || stalled_,
            .want_shut_down = wants_to_stop_,
            .offline_log_dirs = failed_directories_};
}

void broker_lifecycle::on_registration(const messages::broker_registration_response& answer,
                                       runtime::instant now) {
    CHECK(under_way_);
    under_way_ = false;
    if (standing_ == standing::stopped) return;
    const error_code result = kafka::to_error_code(answer.error_code);
    if (is_final(result)) {
        standing_ = standing::refused;
        refusal_ = result;
        return;
    }
    next_time_ = now + settings_.impatient_interval;
    // 101 means that the process before this one may still be alive; its session will end.
    if (result != error_code::none) return;
    epoch_ = kafka::broker_epoch(answer.broker_epoch);
    registration_.previous_broker_epoch = -1;
    standing_ = standing::fenced;
    next_time_ = now;
}

void broker_lifecycle::on_heartbeat(const messages::broker_heartbeat_response& answer,
                                    runtime::instant now) {
    CHECK(under_way_ && epoch_ != kafka::no_broker_epoch);
    under_way_ = false;
    next_time_ = now + settings_.impatient_interval;
    const error_code result = kafka::to_error_code(answer.error_code);
    if (result == error_code::stale_broker_epoch) {
        forget_registration();
        standing_ = standing::replaced;
        return;
    }
    if (result == error_code::broker_id_not_registered) return forget_registration();
    if (result != error_code::none) return;
    last_contact_ = asked_;
    if (wants_to_stop_ && answer.should_shut_down) {
        standing_ = standing::stopped;
    } else if (wants_to_stop_) {
        standing_ = standing::stopping;
    } else if (answer.is_fenced) {
        standing_ = standing::fenced;
    } else {
        standing_ = standing::active;
        next_time_ = now + settings_.heartbeat_interval;
    }
}

void broker_lifecycle::on_unknown_outcome(runtime::instant now) {
    CHECK(under_way_);
    under_way_ = false;
    next_time_ = now + settings_.impatient_interval;
}

void broker_lifecycle::on_controller(runtime::instant now) {
    next_time_ = std::min(next_time_, now);
}

void broker_lifecycle::on_metadata(kafka::offset applied) {
    applied_ = std::max(applied_, applied);
}

void broker_lifecycle::on_recovered(runtime::instant now) {
    recovered_ = true;
    next_time_ = std::min(next_time_, now);
}

void broker_lifecycle::on_failed_directory(const kafka::uuid& directory, runtime::instant now) {
    if (std::ranges::find(failed_directories_, directory) != failed_directories_.end()) return;
    failed_directories_.push_back(directory);
    std::erase(registration_.log_dirs, directory);
    next_time_ = std::min(next_time_, now);
}

void broker_lifecycle::on_disk_stalled(bool stalled, runtime::instant now) {
    stalled_ = stalled;
    next_time_ = std::min(next_time_, now);
}

void broker_lifecycle::stop(runtime::instant now) {
    wants_to_stop_ = true;
    next_time_ = std::min(next_time_, now);
    // Nobody knows of this process, or it is over already. A registration under way may still
    // succeed, but then of a fenced broker, which nobody counts on.
    if (standing_ == standing::unregistered) standing_ = standing::stopped;
}

void broker_lifecycle::forget_registration() {
    epoch_ = kafka::no_broker_epoch;
    standing_ = standing::unregistered;
}

void broker_lifecycle::check_invariants() const {
    const bool is_registered = standing_ == standing::fenced || standing_ == standing::active ||
                               standing_ == standing::stopping;
    const bool may_be = standing_ == standing::stopped;
    CHECK(is_registered == (epoch_ != kafka::no_broker_epoch) || may_be);
    CHECK((standing_ == standing::refused) == (refusal_ != error_code::none));
    CHECK(!is_registered || registration_.previous_broker_epoch == -1);
}

}  // namespace verdikt::broker::lifecycle
