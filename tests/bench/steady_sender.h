/// Sends small records to one partition at a steady pace with acks=all, and remembers when each was
/// sent and acknowledged.
///
/// Requires: `run` is cancelled or has returned before it is destroyed, and so is the producer.
#pragma once

#include "client/producer.h"
#include "runtime/environment.h"
#include "runtime/notification.h"

#include <cstdint>
#include <deque>
#include <optional>
#include <string>

namespace verdikt::bench {

class steady_sender {
  public:
    steady_sender(runtime::environment& world,
                  client::producer& producer,
                  std::string topic,
                  runtime::duration pace)
        : world_(world), producer_(producer), topic_(std::move(topic)), pace_(pace) {}

    /// Sends until it is cancelled.
    runtime::awaitable<void> send();
    /// Takes in the outcomes until it is cancelled.
    runtime::awaitable<void> listen();

    /// Forgets what was measured before: from here on, `first_acknowledged` is looked for.
    void start_watch();
    /// When the first record that was sent after `start_watch` was acknowledged.
    runtime::awaitable<runtime::instant> first_acknowledged();

    [[nodiscard]] std::uint64_t acknowledged() const { return acknowledged_; }
    /// Refused for good, or of unknown fate.
    [[nodiscard]] std::uint64_t lost() const { return lost_; }

  private:
    struct sent_record {
        client::pending_delivery delivery;
        runtime::instant at;
    };

    runtime::environment& world_;
    client::producer& producer_;
    std::string topic_;
    runtime::duration pace_;
    std::deque<sent_record> waiting_;
    runtime::notification changed_;
    runtime::instant watched_from_;
    std::optional<runtime::instant> first_;
    std::uint64_t acknowledged_ = 0;
    std::uint64_t lost_ = 0;
};

}  // namespace verdikt::bench
