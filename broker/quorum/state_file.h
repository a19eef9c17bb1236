/// The quorum-state file: epoch, leader and vote of this replica, Kafka's JSON.
///
/// One write at a time; of the states that come meanwhile only the last is written, and stands for
/// all of them. A full disk makes it try again; any other error ends it for good.
#pragma once

#include "broker/raft/effects.h"
#include "runtime/environment.h"
#include "runtime/notification.h"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace verdikt::broker::quorum {

class state_file {
  public:
    struct listeners {
        std::function<void(raft::write_id)> persisted;
        std::function<void(std::string)> failed;
    };

    /// `directory` is the partition's.
    state_file(runtime::environment& world,
               runtime::file_system& files,
               const std::filesystem::path& directory,
               listeners listening);

    void persist(raft::persist_state what);

    /// Started once; after `stop` it returns when what is under way is over.
    [[nodiscard]] runtime::awaitable<void> run();
    void stop();

  private:
    [[nodiscard]] runtime::awaitable<void> write(raft::persist_state what);

    runtime::environment& world_;
    runtime::file_system& files_;
    std::filesystem::path path_;
    listeners listening_;
    std::optional<raft::persist_state> next_;
    bool stopped_ = false;
    runtime::notification changed_;
};

}  // namespace verdikt::broker::quorum
