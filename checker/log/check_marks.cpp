/// What records and leaders say besides values: leader epochs, timestamps, end offsets.
#include "checker/log/evidence.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

namespace verdikt::checker::log {

namespace {

/// What one poll saw of one record.
struct marked {
    std::uint32_t partition;
    std::int64_t offset;
    std::int32_t epoch;
    std::int64_t timestamp;
    std::uint32_t row;
};

/// Whoever polled it: the same offset may be seen by many.
std::vector<marked> marked_records(const evidence& seen) {
    std::vector<marked> all;
    const auto& stamps = seen.history.stamps();
    const auto& rows = seen.history.rows();
    const auto& events = seen.history.events();
    std::uint32_t row = 0;
    for (const stamp& one : stamps) {
        while (row + 1 < rows.size() && rows[row].first_event + rows[row].events <= one.event)
            ++row;
        const event& polled = events[one.event];
        all.push_back(
            {seen.history.partition_of(polled), polled.offset, one.epoch, one.timestamp, row});
    }
    std::ranges::sort(
        all, {}, [](const marked& one) { return std::tuple(one.partition, one.offset, one.row); });
    return all;
}

/// Goes along the partitions, and remembers what had the highest mark.
template <typename Mark>
class peaks {
  public:
    explicit peaks(Mark mark) : mark_(mark) {}

    /// What has the highest mark of all lower offsets of its partition; null if there is nothing.
    const marked* below(const marked& one) {
        if (here_ != nullptr && here_->partition != one.partition) below_ = here_ = nullptr;
        if (here_ != nullptr && here_->offset != one.offset) {
            if (below_ == nullptr || mark_(*below_) < mark_(*here_)) below_ = here_;
            here_ = nullptr;
        }
        if (here_ == nullptr || mark_(*here_) < mark_(one)) here_ = &one;
        return below_;
    }

  private:
    Mark mark_;
    const marked* below_ = nullptr;
    /// Of the offset that was looked at last.
    const marked* here_ = nullptr;
};

/// Along each partition `mark` must not fall from one offset to a higher one; negative means
/// unknown.
template <typename Mark>
void check_rising(const evidence& seen,
                  const std::vector<marked>& records,
                  Mark mark,
                  std::string_view name,
                  bool promised,
                  findings& into) {
    peaks highest(mark);
    for (const marked& one : records) {
        if (mark(one) < 0) continue;
        const marked* const below = highest.below(one);
        if (below == nullptr || mark(*below) <= mark(one)) continue;
        into.add(name, promised, [&] {
            return anomaly{
                .operations = seen.operations({below->row, one.row}),
                .what = fmt::format("partition {} has {} at offset {} and {} at offset {}",
                                    seen.history.partitions().text_of(one.partition),
                                    mark(*below),
                                    below->offset,
                                    mark(one),
                                    one.offset)};
        });
    }
}

void check_end_offsets(const evidence& seen, findings& into) {
    struct told {
        std::int64_t end;
        std::uint32_t row;
    };
    std::map<std::pair<std::uint32_t, std::uint32_t>, told> highest;
    const auto& rows = seen.history.rows();
    for (std::uint32_t at = 0; at < rows.size(); ++at) {
        for (const event& one : seen.history.events_of(rows[at])) {
            if (one.kind != event_kind::end_offset) continue;
            const auto [found, fresh] =
                highest.try_emplace({rows[at].process, one.subject}, told{one.offset, at});
            if (found->second.end <= one.offset) {
                found->second = {one.offset, at};
                continue;
            }
            into.add("stale-end-offset", seen.asked.keeps_what_was_read(), [&] {
                return anomaly{
                    .operations = seen.operations({found->second.row, at}),
                    .what = fmt::format(
                        "{} was told that partition {} ends at {}, and {} that it ends at {}",
                        seen.operation(found->second.row),
                        seen.history.partitions().text_of(one.subject),
                        found->second.end,
                        seen.operation(at),
                        one.offset)};
            });
        }
    }
}

}  // namespace

void check_marks(const evidence& seen, findings& into) {
    const auto records = marked_records(seen);
    const bool one_log = seen.asked.keeps_what_was_read();
    check_rising(
        seen,
        records,
        [](const marked& one) { return one.epoch; },
        "order-of-epochs",
        one_log,
        into);
    // A producer's own timestamps mean nothing by their order: two clocks, or one retry, shuffle
    // them.
    if (seen.asked.log_append_time) {
        check_rising(
            seen,
            records,
            [](const marked& one) { return one.timestamp; },
            "order-of-timestamps",
            one_log,
            into);
    }
    check_end_offsets(seen, into);
}

}  // namespace verdikt::checker::log
