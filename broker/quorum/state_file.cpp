#include "broker/quorum/state_file.h"

#include "broker/quorum/full_disk.h"
#include "broker/raft/wire/stored_names.h"
#include "broker/storage/small_file.h"
#include "runtime/deadline.h"

#include <fmt/format.h>

#include <chrono>
#include <utility>

namespace verdikt::broker::quorum {
state_file::state_file(runtime::environment& world,
                       runtime::file_system& files,
                       const std::filesystem::path& directory,
                       listeners listening)
    : world_(world),
      files_(files),
      path_(directory / raft::wire::quorum_state_name),
      listening_(std::move(listening)) {}

void state_file::persist(raft::persist_state what) {
    next_ = std::move(what);
    changed_.notify_all();
}

void state_file::stop() {
    stopped_ = true;
    changed_.notify_all();
}

runtime::awaitable<void> state_file::run() {
    while (!stopped_) {
        if (next_) {
            co_await write(*std::exchange(next_, std::nullopt));
        } else {
            co_await changed_.wait();
        }
    }
}

runtime::awaitable<void> state_file::write(raft::persist_state what) {
    while (!stopped_) {
        const auto written = co_await storage::replace_file(
            files_, path_, raft::wire::encode_quorum_state(what.state));
        if (stopped_) co_return;
        if (written) co_return listening_.persisted(what.id);
        if (written.error() != runtime::errc::no_space) {
            stop();
            co_return listening_.failed(
                fmt::format("cannot write {}: {}", path_.string(), describe(written.error())));
        }
        (void)co_await runtime::with_deadline(
            world_, world_.now() + space_retry_interval, changed_.wait());
        if (next_) what = *std::exchange(next_, std::nullopt);
    }
}

}  // namespace verdikt::broker::quorum
