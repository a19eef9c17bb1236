/// What an answer to a Produce request says of a batch: is it in the log, and what to do next?
///
/// Pure. The table errs on one side only: where an error can follow an append, even if rarely, the
/// attempt is in doubt. A leader that is demoted while acks=all waits for its followers answers
/// NOT_LEADER_OR_FOLLOWER although the batch may survive on its successor, so that error proves
/// nothing but with acks=1, where it can only come before the append.
#pragma once

#include "kafka/error_codes.h"

namespace verdikt::client {

/// What one attempt did to the log.
enum class attempt_fate {
    written,
    not_written,  ///< And it cannot be written any more: the broker has refused it.
    in_doubt,
};

enum class next_step {
    done,
    resend,      ///< The same batch with the same sequence numbers.
    start_over,  ///< The broker's picture of this producer differs from ours: a new epoch is
                 ///< needed.
    give_up,     ///< The same batch is refused for ever.
};

struct produce_verdict {
    attempt_fate fate{};
    next_step next{};
    bool refresh_metadata = false;

    bool operator==(const produce_verdict&) const = default;
};

[[nodiscard]] produce_verdict judge(kafka::error_code code, bool acks_all);

}  // namespace verdikt::client
