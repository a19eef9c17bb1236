/// What a controller comes to, and what must have happened before anybody hears of it.
#pragma once

#include "broker/metadata/record.h"
#include "kafka/error_codes.h"
#include "kafka/types.h"
#include "runtime/clock.h"

#include <string>
#include <vector>

namespace verdikt::broker::controller {

/// When a decision is asked for, and where its first record will lie.
struct moment {
    runtime::instant now;
    kafka::offset log_end;  ///< Of the metadata log, the quorum's own records included.
};

/// Records to append, and the answer to give.
///
/// The caller appends the records at once, as one batch that is committed whole or not at all, at
/// the offset that it named; if it cannot, it is no longer the leader and must deactivate the
/// controller. The answer goes out once everything appended so far is committed: not only these
/// records, but also those before them, since a refusal may rest on one of those. If leadership is
/// lost first, the outcome is unknown; the answer is then NOT_CONTROLLER, which proves nothing to
/// whoever gets it.
template <typename Answer>
struct decision {
    std::vector<metadata::record> records;
    Answer answer{};
};

/// The answer to a decision that nobody asked for.
struct no_answer {};

/// Why something that was asked for was not done.
struct fault {
    kafka::error_code code = kafka::error_code::none;
    std::string message;
};

}  // namespace verdikt::broker::controller
