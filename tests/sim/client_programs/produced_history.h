/// What producers were told of each record, and what a reader found in the end.
///
/// It stands outside the simulated machines, so no crash takes it back. A record is named by who
/// sent it, in which life, and its number there; its value carries that name.
#pragma once

#include "client/record.h"
#include "runtime/clock.h"

#include <algorithm>
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
    /// Records sent earlier may be gone with the topic that was there then.
    runtime::instant since = runtime::instant::min();
};

class produced_history {
  public:
    /// Before it is given to the producer. Until told otherwise its fate is unknown.
    void sending(const record_name& name, runtime::instant now = {}) {
        fates_.try_emplace(name, fate{.sent = now});
    }
    void told(const record_name& name, client::delivery how) { fates_[name].how = std::move(how); }
    /// Somebody asks for the records below that offset to be deleted.
    void may_be_gone(const client::topic_partition& where, kafka::offset below) {
        kafka::offset& bound = gone_below_[where];
        bound = std::max(bound, below);
    }

    /// What is wrong with the log, one sentence each. `found` is in offset order by partition.
    [[nodiscard]] std::vector<std::string> judge(const std::vector<found_record>& found,
                                                 const producer_promises& promised) const;
    /// The same of a compacted topic, where record n has key n % `keys`: of each key the newest
    /// that was acknowledged is there, or one behind it.
    [[nodiscard]] std::vector<std::string> judge_compacted(const std::vector<found_record>& found,
                                                           int keys) const;

    template <typename Outcome>
    [[nodiscard]] std::size_t count() const {
        std::size_t all = 0;
        for (const auto& [name, of] : fates_) {
            all += of.how && std::holds_alternative<Outcome>(*of.how) ? 1 : 0;
        }
        return all;
    }

  private:
    struct fate {
        runtime::instant sent{};
        std::optional<client::delivery> how = {};
    };

    [[nodiscard]] bool may_be_gone(const client::delivered& told) const;

    std::map<record_name, fate> fates_;
    std::map<client::topic_partition, kafka::offset> gone_below_;
};

}  // namespace verdikt::tests
