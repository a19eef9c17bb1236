/// What a partition's log asks of the directory that it lives in.
#pragma once

#include "broker/storage/errc.h"
#include "broker/storage/partition_log.h"
#include "runtime/awaitable.h"
#include "runtime/environment.h"
#include "runtime/errc.h"

#include <cstdint>
#include <expected>
#include <filesystem>
#include <string_view>

namespace verdikt::broker::storage {

class log_host {
  public:
    virtual ~log_host() = default;

    [[nodiscard]] virtual runtime::environment& world() = 0;

    [[nodiscard]] virtual bool offline() const = 0;
    /// For good. `what` names the file or log and the act that failed.
    virtual void go_offline(std::string_view what, runtime::errc error) = 0;

    /// Accounts for bytes about to be written. False if they would go below what is kept free.
    [[nodiscard]] virtual bool take_space(std::uint64_t bytes, append_origin origin) = 0;
    /// A write met a full disk: measure again before more is let in.
    virtual void ran_out_of_space() = 0;

    /// Returns once the log's directory, with the name of the topic that it is of, is on stable
    /// storage. Requires: `log_directory` is a directory of this one.
    [[nodiscard]] virtual runtime::awaitable<std::expected<void, runtime::errc>> make_name_durable(
        std::filesystem::path log_directory) = 0;

    /// Returns once the checkpoint files durably say what the logs said when this was called.
    [[nodiscard]] virtual runtime::awaitable<std::expected<void, errc>> save_checkpoints() = 0;
};

}  // namespace verdikt::broker::storage
