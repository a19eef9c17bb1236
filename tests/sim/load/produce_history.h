/// What producers were told, and whether the log agrees.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace verdikt::tests {

/// The values of one partition by their offsets.
using log_content = std::map<std::int64_t, std::string>;

/// Values are unique: "PRODUCER-NUMBER", numbers of one producer rising in the order of sending.
class produce_history {
  public:
    void acknowledged(std::int32_t partition, std::int64_t offset, std::string value);
    /// This producer is idempotent: none of its values may appear twice or out of order.
    void promises_exactly_once(std::string producer);

    [[nodiscard]] std::size_t acknowledgements() const { return count_; }
    /// One sentence each: acknowledged values that are lost, changed or moved, duplicates,
    /// disorder.
    [[nodiscard]] std::vector<std::string> violations(
        const std::map<std::int32_t, log_content>& partitions) const;

  private:
    std::map<std::int32_t, log_content> acknowledged_;
    std::vector<std::string> exactly_once_;
    std::size_t count_ = 0;
};

}  // namespace verdikt::tests
