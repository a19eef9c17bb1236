/// What producers were told of each record, and what a reader found in the end.
///
/// It stands outside the simulated machines, so no crash takes it back. A record is named by who
/// sent it, in which life, and its number there; its value carries that name.
#pragma once

#include "client/record.h"

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace verdikt::tests {

struct record_name {
    int producer = 0;
    int life = 0;
    int number = 0;

    auto operator<=>(const record_name&) const = default;
    [[nodiscard]] std::string text() const;
    [[nodiscard]] static record_name read(std::string_view text);
};

struct found_record {
    record_name name;
    client::topic_partition where;
    kafka::offset offset;
};

/// Which promises to hold a producer to.
struct producer_promises {
    bool once_and_in_order = true;  ///< It is idempotent.
    bool durable = true;            ///< acks=all.
};

class produced_history {
  public:
    /// Before it is given to the producer. Until told otherwise its fate is unknown.
    void sending(const record_name& name) { fates_.try_emplace(name); }
    void told(const record_name& name, client::delivery how) { fates_[name] = std::move(how); }

    /// What is wrong with the log, one sentence each. `found` is in offset order by partition.
    [[nodiscard]] std::vector<std::string> judge(const std::vector<found_record>& found,
                                                 const producer_promises& promised) const;

    template <typename Outcome>
    [[nodiscard]] std::size_t count() const {
        std::size_t all = 0;
        for (const auto& [name, fate] : fates_) {
            all += fate && std::holds_alternative<Outcome>(*fate) ? 1 : 0;
        }
        return all;
    }

  private:
    std::map<record_name, std::optional<client::delivery>> fates_;
};

}  // namespace verdikt::tests
