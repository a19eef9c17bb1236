/// Whether a log directory can be written to: online or not, and how much room is left.
///
/// Pure: it is told what was measured and what is about to be written. Between two measurements it
/// counts down by what it let in, so the reserve holds however much is written in between.
#pragma once

#include "broker/storage/partition_log.h"
#include "runtime/files.h"

#include <cstdint>
#include <optional>
#include <string>

namespace verdikt::broker::storage {

class disk_health {
  public:
    explicit disk_health(std::uint64_t reserved_bytes) : reserved_(reserved_bytes) {}

    /// True if it was online. The first reason stays.
    bool fail(std::string reason);
    [[nodiscard]] const std::optional<std::string>& offline_reason() const { return reason_; }

    /// True if client appends are now refused that were not before, or the other way round.
    bool measured(runtime::disk_space space);
    /// A write failed for want of space, whatever was measured.
    bool ran_out();

    /// False if the bytes would take a client below the reserve.
    [[nodiscard]] bool take(std::uint64_t bytes, append_origin origin);

    [[nodiscard]] bool below_reserve() const { return below_reserve_; }
    [[nodiscard]] runtime::disk_space space() const { return space_; }

  private:
    bool set_below_reserve(bool below);

    std::uint64_t reserved_;
    std::optional<std::string> reason_;
    runtime::disk_space space_;
    std::uint64_t left_ = 0;
    bool below_reserve_ = false;
};

}  // namespace verdikt::broker::storage
