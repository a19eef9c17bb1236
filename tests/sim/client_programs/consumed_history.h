/// What the members of a group processed and committed, across all their lives and the broker's.
///
/// What must hold:
/// - an offset that was acknowledged as committed is never followed by a lower one, but for one
///   case: a commit that was sent again because its answer did not come may arrive a second time,
///   late, over its first connection. Within a generation the protocol has nothing to tell it from
///   a new one;
/// - a member begins a partition at or behind what was acknowledged, and in front of nothing that
///   nobody has processed;
/// - in the end every record has been processed.
#pragma once

#include "client/consumer.h"
#include "tests/sim/client_programs/produced_history.h"

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace verdikt::tests {

class consumed_history {
  public:
    using highest_committed = std::map<client::topic_partition, kafka::offset>;

    /// Somebody asks for the records below that offset to be deleted: nobody need process them.
    void may_be_gone(const client::topic_partition& where, kafka::offset below);
    /// Whether a reader may find `next` where it expected another.
    [[nodiscard]] bool may_skip(const client::topic_partition& where, kafka::offset next) const;
    void processed(const client::topic_partition& where, kafka::offset offset);
    /// A member begins to read a partition here.
    void began(const client::topic_partition& where, kafka::offset offset);
    void acknowledged(const client::offset_map& offsets);
    /// A commit begins, and may be sent twice.
    void doubtful(const client::offset_map& offsets);
    /// It did not: its answer came at once.
    void certain(const client::offset_map& offsets);
    /// What was the group's when it was asked for, with what was known before asking.
    void seen(const highest_committed& before, const client::offset_map& offsets);

    [[nodiscard]] const highest_committed& highest() const { return highest_; }
    /// Null if all of them were that nobody asked to be deleted.
    [[nodiscard]] const found_record* first_unprocessed(
        const std::vector<found_record>& records) const;
    [[nodiscard]] bool all_processed(const std::vector<found_record>& records) const {
        return first_unprocessed(records) == nullptr;
    }
    [[nodiscard]] const std::vector<std::string>& violations() const { return violations_; }
    [[nodiscard]] std::size_t acknowledgements() const { return acknowledgements_; }
    [[nodiscard]] std::size_t beginnings() const { return beginnings_; }
    [[nodiscard]] std::size_t losses() const { return losses_; }
    /// A member lost partitions that it had not given up.
    void lost() { ++losses_; }

    void complain(std::string what) { violations_.push_back(std::move(what)); }

  private:
    /// False if the offset is below the highest, and no doubtful commit explains that.
    bool came_late(const client::topic_partition& where, kafka::offset now, kafka::offset highest);

    std::map<client::topic_partition, std::set<kafka::offset>> processed_;
    std::map<client::topic_partition, kafka::offset> gone_below_;
    highest_committed highest_;
    /// How many commits of it are.
    std::map<std::pair<client::topic_partition, kafka::offset>, int> doubtful_;
    std::vector<std::string> violations_;
    std::size_t acknowledgements_ = 0;
    std::size_t beginnings_ = 0;
    std::size_t losses_ = 0;
};

}  // namespace verdikt::tests
