/// Serves the pages of a store: one request a connection, GET and HEAD, nothing is ever written.
///
/// Requires: `stop` has returned before it is destroyed.
#pragma once

#include "cli/store_pages.h"
#include "runtime/environment.h"
#include "runtime/scope.h"

#include <expected>
#include <memory>

namespace verdikt::cli {

class store_server {
  public:
    /// Both outlive it.
    store_server(runtime::environment& world, store& from);

    runtime::awaitable<std::expected<runtime::endpoint, runtime::errc>> listen(
        runtime::endpoint at);
    /// Until it is cancelled. Requires: it listens.
    runtime::awaitable<void> run();
    runtime::awaitable<void> stop();

  private:
    runtime::awaitable<void> serve(std::unique_ptr<runtime::stream> wire);
    runtime::awaitable<void> answer(runtime::stream& wire);

    runtime::environment& world_;
    store& from_;
    std::unique_ptr<runtime::listener> listener_;
    runtime::scope tasks_;
};

}  // namespace verdikt::cli
