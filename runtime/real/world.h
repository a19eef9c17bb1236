/// The real world: the kernel's clocks, sockets and files behind `runtime::environment`.
///
/// One world is one node on one `io_context`, used from the thread that runs it. Files are served
/// by one disk worker thread for each of `disk_roots`, so that a hung disk holds up its own files
/// and nothing else; see `disk_worker.h`. SIGPIPE is ignored in the whole process from the first
/// world on, because sendfile(2) has no flag against it.
///
/// Requires: streams, files and coroutines of a world end before it does, and it ends before its
/// context.
#pragma once

#include "runtime/environment.h"
#include "runtime/real/disk_statistics.h"
#include "runtime/real/log.h"

#include <boost/asio/io_context.hpp>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace verdikt::runtime::real {

struct world_options {
    /// Stands in every log line.
    std::string node = "local";
    /// Absent: drawn from the operating system.
    std::optional<std::uint64_t> seed = {};
    /// The log directories: one disk worker each. A path is served by the worker of the longest
    /// root above it, one under no root by a worker of its own.
    std::vector<std::filesystem::path> disk_roots = {};
    log_options log = {};
};

class world final : public environment {
  public:
    /// Throws if the machine gives no thread or no randomness.
    world(boost::asio::io_context& context, world_options options);
    ~world() override;

    [[nodiscard]] executor get_executor() override;
    [[nodiscard]] instant now() const override;
    [[nodiscard]] wall_instant wall_time() const override;
    awaitable<void> sleep_until(instant until) override;
    [[nodiscard]] std::unique_ptr<alarm> set_alarm(instant at, std::function<void()> ring) override;
    [[nodiscard]] network& net() override;
    [[nodiscard]] file_system& files() override;
    [[nodiscard]] random_source& random() override;
    [[nodiscard]] log_sink& log() override;

    /// Returns the number of the first SIGINT or SIGTERM that arrives while it waits. Throws
    /// `operation_aborted` when cancelled.
    awaitable<int> wait_for_termination();

    /// Sums over all disk workers.
    [[nodiscard]] disk_statistics disk() const;

  private:
    struct parts;
    std::unique_ptr<parts> parts_;
};

}  // namespace verdikt::runtime::real
