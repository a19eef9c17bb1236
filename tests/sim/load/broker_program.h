/// A broker as the program of a simulated node: started again, it recovers what the disk kept.
#pragma once

#include "broker/server/broker_config.h"
#include "runtime/environment.h"
#include "runtime/notification.h"

#include <cstdint>
#include <string>

namespace verdikt::tests {

inline constexpr std::uint16_t broker_port = 9092;

/// Lives as long as the world that its broker runs in.
class broker_program {
  public:
    broker_program();

    void set(std::string key, std::string value) { config_.set(key, std::move(value)); }

    /// Serves until `stop_cleanly`, or until the disk fails.
    runtime::awaitable<void> run(runtime::environment& world);
    void stop_cleanly() { stop_requested_.notify_all(); }

    /// Shutdowns that went to their end, and lives that the disk ended.
    [[nodiscard]] std::uint64_t clean_ends() const { return clean_ends_; }
    [[nodiscard]] std::uint64_t failures() const { return failures_; }

  private:
    broker::server::broker_config config_;
    runtime::notification stop_requested_;
    std::uint64_t clean_ends_ = 0;
    std::uint64_t failures_ = 0;
};

}  // namespace verdikt::tests
