/// Two pages for those who operate the broker: GET /metrics (Prometheus) and GET /healthz.
///
/// Answers one request a connection. A request head may have 8 KiB and take five seconds, and only
/// a few connections are served at a time, so nobody can use it against the broker.
#pragma once

#include "broker/server/node_services.h"
#include "runtime/network.h"
#include "runtime/scope.h"

#include <expected>
#include <memory>
#include <string>
#include <string_view>

namespace verdikt::broker::server {

class http_endpoint {
  public:
    /// `here` outlives it.
    explicit http_endpoint(const node_services& here);

    runtime::awaitable<std::expected<runtime::endpoint, runtime::errc>> listen(
        runtime::endpoint at);
    /// Requires: called before destruction.
    runtime::awaitable<void> stop();

  private:
    runtime::awaitable<void> accept();
    runtime::awaitable<void> serve(std::unique_ptr<runtime::stream> wire);
    runtime::awaitable<void> answer(runtime::stream& wire);
    [[nodiscard]] std::string respond(std::string_view method, std::string_view target) const;

    const node_services& here_;
    std::unique_ptr<runtime::listener> listener_;
    runtime::scope tasks_;
    std::size_t serving_ = 0;
};

}  // namespace verdikt::broker::server
