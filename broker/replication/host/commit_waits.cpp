#include "broker/replication/host/commit_waits.h"

namespace verdikt::broker::replication::host {

commit_waits::wait::wait(commit_waits& in, runtime::instant deadline)
    : in_(in), number_(in.last_.next()), deadline_(deadline) {
    in.last_ = number_;
    in.waiting_.emplace(number_, this);
}

commit_waits::wait::~wait() {
    if (!answered_) in_.waiting_.erase(number_);
}

void commit_waits::answer(ticket which, kafka::error_code outcome) {
    const auto found = waiting_.find(which);
    if (found == waiting_.end()) return;
    wait& answered = *found->second;
    waiting_.erase(found);
    answered.answered_ = true;
    answered.answer_.deliver(outcome);
}

std::vector<ticket> commit_waits::end_late(runtime::instant now) {
    std::vector<ticket> late;
    for (const auto& [number, waiting] : waiting_) {
        if (waiting->deadline_ <= now) late.push_back(number);
    }
    for (const ticket number : late) answer(number, kafka::error_code::request_timed_out);
    return late;
}

std::vector<ticket> commit_waits::end_all(kafka::error_code outcome) {
    std::vector<ticket> all;
    for (const auto& [number, waiting] : waiting_) all.push_back(number);
    for (const ticket number : all) answer(number, outcome);
    return all;
}

}  // namespace verdikt::broker::replication::host
