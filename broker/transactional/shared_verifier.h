/// Asks the coordinators of transactions on behalf of many requests.
///
/// Batches of one producer that arrive while it is being asked about wait for the same answer, and
/// go on in the order in which they came. While the transaction before is still being completed the
/// question is repeated for a moment: that costs less than the client's next attempt.
#pragma once

#include "broker/transactional/transaction_verifier.h"
#include "runtime/environment.h"
#include "runtime/notification.h"

#include <map>
#include <memory>
#include <optional>
#include <utility>

namespace verdikt::broker::transactional {

class shared_verifier final : public transaction_verifier {
  public:
    /// The references outlive the verifier, and the verifier outlives whoever waits on it.
    shared_verifier(runtime::environment& world, transaction_verifier& coordinators)
        : world_(world), coordinators_(coordinators) {}

    runtime::awaitable<kafka::error_code> verify(claimed_transaction claim,
                                                 kafka::topic_partition where) override;

  private:
    using subject = std::pair<kafka::topic_partition, kafka::producer_id>;
    struct question {
        kafka::producer_epoch epoch;
        std::optional<kafka::error_code> answer = {};
        runtime::notification answered = {};
    };
    class open_question;

    runtime::awaitable<kafka::error_code> ask(claimed_transaction claim,
                                              kafka::topic_partition where);

    runtime::environment& world_;
    transaction_verifier& coordinators_;
    std::map<subject, std::shared_ptr<question>> questions_;
};

}  // namespace verdikt::broker::transactional
