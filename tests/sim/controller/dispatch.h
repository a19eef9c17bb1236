/// Which host answers which request.
#pragma once

#include "broker/controller/host/controller_host.h"
#include "broker/quorum/quorum_host.h"
#include "tests/request_server/request_server.h"

namespace verdikt::tests {

/// Requires: the hosts outlive the answer.
[[nodiscard]] runtime::awaitable<reaction> dispatch(
    broker::controller::host::controller_host& controller,
    broker::quorum::quorum_host& replica,
    asked what);

}  // namespace verdikt::tests
