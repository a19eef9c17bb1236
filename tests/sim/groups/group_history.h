/// What members were told and what was acknowledged to them, across all lives of a coordinator.
///
/// It stands outside the simulated node, so no crash takes it back. What must hold:
/// - in one generation a partition has one owner;
/// - a generation that somebody was assigned partitions in never comes again with another owner;
/// - a committed offset that was acknowledged is never followed by a lower one.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace verdikt::tests {

class group_history {
  public:
    void assigned(std::int32_t generation,
                  const std::string& member,
                  const std::vector<std::int32_t>& partitions);
    void acknowledged(std::int32_t partition, std::int64_t offset);
    /// The coordinator says how far the group had come; -1 for nothing.
    void fetched(std::int32_t partition, std::int64_t offset);

    [[nodiscard]] const std::vector<std::string>& violations() const { return violations_; }
    [[nodiscard]] std::size_t assignments() const { return assignments_; }
    [[nodiscard]] std::size_t acknowledgements() const { return acknowledgements_; }
    /// Members that were assigned something in the newest generation, by partition.
    [[nodiscard]] std::size_t partitions_owned_in_newest_generation() const;

  private:
    std::map<std::pair<std::int32_t, std::int32_t>, std::string> owners_;
    std::map<std::int32_t, std::int64_t> highest_;
    std::vector<std::string> violations_;
    std::int32_t newest_generation_ = 0;
    std::size_t assignments_ = 0;
    std::size_t acknowledgements_ = 0;
};

}  // namespace verdikt::tests
