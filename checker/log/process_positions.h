/// Where each process last was in each partition, while the rows of a history pass by.
#pragma once

#include "checker/log/recording.h"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace verdikt::checker::log {

class process_positions {
  public:
    struct at {
        std::uint32_t partition = none;
        /// The row and the event of the last message.
        std::uint32_t row = none;
        const event* last = nullptr;
    };

    explicit process_positions(std::uint32_t processes) : of_(processes) {}

    /// Null if the process was never there, or gave the partition up since.
    [[nodiscard]] const at* find(std::uint32_t process, std::uint32_t partition) const {
        const auto found = std::ranges::lower_bound(of_[process], partition, {}, &at::partition);
        return found != of_[process].end() && found->partition == partition ? &*found : nullptr;
    }

    void move(std::uint32_t process, at where) {
        auto& all = of_[process];
        const auto found = std::ranges::lower_bound(all, where.partition, {}, &at::partition);
        if (found != all.end() && found->partition == where.partition) {
            *found = where;
        } else {
            all.insert(found, where);
        }
    }

    /// After `assign` or `subscribe`: partitions that the process does not hold any longer are
    /// forgotten.
    void keep_held(std::uint32_t process, std::span<const event> held) {
        std::erase_if(of_[process], [held](const at& where) {
            return std::ranges::none_of(held, [&where](const event& one) {
                return one.kind == event_kind::held && one.subject == where.partition;
            });
        });
    }

  private:
    /// By partition.
    std::vector<std::vector<at>> of_;
};

}  // namespace verdikt::checker::log
