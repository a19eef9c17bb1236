#include "broker/transactional/shared_verifier.h"

#include <chrono>

namespace verdikt::broker::transactional {

using kafka::error_code;

namespace {

constexpr std::chrono::milliseconds busy_pause{5};
constexpr int busy_attempts_max = 100;

}  // namespace

/// Answers whoever waits, also if the coroutine that asks is cut short.
class shared_verifier::open_question {
  public:
    open_question(shared_verifier& asker, subject about, kafka::producer_epoch epoch)
        : asker_(asker), about_(std::move(about)), asked_(std::make_shared<question>(epoch)) {
        asker_.questions_.insert_or_assign(about_, asked_);
    }
    open_question(const open_question&) = delete;
    open_question& operator=(const open_question&) = delete;
    ~open_question() {
        if (!asked_->answer) asked_->answer = error_code::coordinator_not_available;
        asked_->answered.notify_all();
        const auto current = asker_.questions_.find(about_);
        const bool is_ours = current != asker_.questions_.end() && current->second == asked_;
        if (is_ours) asker_.questions_.erase(current);
    }
    void answered(error_code answer) { asked_->answer = answer; }

  private:
    shared_verifier& asker_;
    subject about_;
    std::shared_ptr<question> asked_;
};

runtime::awaitable<error_code> shared_verifier::verify(claimed_transaction claim,
                                                       kafka::topic_partition where) {
    const subject about{where, claim.producer};
    const auto known = questions_.find(about);
    if (known != questions_.end() && known->second->epoch == claim.epoch) {
        const std::shared_ptr<question> asked = known->second;
        while (!asked->answer) co_await asked->answered.wait();
        co_return asked->answer.value_or(error_code::coordinator_not_available);
    }
    open_question mine(*this, about, claim.epoch);
    const error_code answer = co_await ask(std::move(claim), std::move(where));
    mine.answered(answer);
    co_return answer;
}

runtime::awaitable<error_code> shared_verifier::ask(claimed_transaction claim,
                                                    kafka::topic_partition where) {
    for (int attempt = 1;; ++attempt) {
        const error_code answer = co_await coordinators_.verify(claim, where);
        const bool is_busy = answer == error_code::concurrent_transactions;
        if (!is_busy || attempt == busy_attempts_max) co_return answer;
        co_await world_.sleep_for(busy_pause);
    }
}

}  // namespace verdikt::broker::transactional
