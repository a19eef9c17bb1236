#include "workloads/commits.h"

namespace verdikt::workloads {

using checker::history::op_type;

namespace {

/// Each takes up to max.block.ms.
constexpr int commits_max = 3;

}  // namespace

runtime::awaitable<commit_outcome> commit_transaction(client::producer& writer) {
    commit_outcome made;
    for (int tried = 0; tried < commits_max; ++tried) {
        const auto done = co_await writer.commit_transaction();
        if (done) co_return commit_outcome{.type = op_type::ok};
        made.why = done.error();
        if (done.error().retriable()) continue;
        if (tried == 0) made.type = op_type::fail;
        break;
    }
    co_return made;
}

}  // namespace verdikt::workloads
