#include "checker/groups/recording.h"

#include "checker/history/time_max.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <utility>

namespace verdikt::checker::groups {

namespace {

using history::begun_operation;
using history::datum_view;
using history::op_type;
using history::operation;
using outcome = std::expected<void, std::string>;

constexpr std::int64_t nanoseconds_a_millisecond = 1'000'000;

std::int64_t integer_or(std::optional<datum_view> what, std::int64_t otherwise) {
    return what && what->is_integer() ? what->integer() : otherwise;
}

/// Of a setting in milliseconds, which Kafka keeps in 32 bits.
std::int64_t span_of(std::optional<datum_view> milliseconds, std::int32_t otherwise) {
    constexpr std::int64_t longest = std::numeric_limits<std::int32_t>::max();
    const std::int64_t told = integer_or(milliseconds, otherwise);
    return std::clamp<std::int64_t>(told, 0, longest) * nanoseconds_a_millisecond;
}

class reading {
  public:
    outcome take(const operation& line);
    recording finish();

  private:
    /// What a member owns at the moment, by partition.
    struct owned {
        std::size_t row = 0;
        /// The line of the operation in which it was told; records show where it began to read.
        std::int64_t since = 0;
        bool has_read = false;
    };
    struct state {
        std::uint32_t number = none;
        std::map<std::uint32_t, owned> owns;
    };

    outcome end(const begun_operation& begun, const operation& line);
    void join(const operation& line);
    outcome take_rebalances(const begun_operation& begun, const operation& line, state& of);
    outcome take_change(datum_view change, std::int64_t begun, const operation& line, state& of);
    outcome take_polls(const operation& line, state& of);
    outcome take_records(std::uint32_t partition,
                         datum_view records,
                         const operation& l,
                         state& of);
    outcome take_commit(const begun_operation& begun, const operation* line);
    outcome take_committed(const begun_operation& begun, const operation& line);
    void take_reset(const begun_operation& begun, const operation* line);
    void take_sends(const operation& line);
    void give_up(state& of, std::uint32_t partition, std::int64_t at);
    std::uint32_t partition_of(datum_view key);
    std::uint32_t member_of(std::int64_t process) const;

    recording into_;
    history::open_operations open_;
    std::map<std::int64_t, state> processes_;
    log::name_table instances_;
    std::int64_t last_time_ = -history::time_max;
};

std::uint32_t reading::partition_of(datum_view key) {
    const std::uint32_t number = into_.partitions.number_of(key);
    if (number == into_.messages.size()) {
        into_.messages.emplace_back();
        into_.subscribed.push_back(false);
    }
    return number;
}

std::uint32_t reading::member_of(std::int64_t process) const {
    const auto found = processes_.find(process);
    return found == processes_.end() ? none : found->second.number;
}

outcome reading::take(const operation& line) {
    const auto begun = open_.take(line);
    if (!begun) return std::unexpected(begun.error());
    last_time_ = std::max(last_time_, line.time);
    if (line.process == history::nemesis_process) {
        into_.disturbances.push_back(last_time_);
        return {};
    }
    if (const std::uint32_t number = member_of(line.process); number != none) {
        into_.members[number].ended_at = line.time;
    }
    if (*begun == nullptr) {
        if (line.f == "subscribe") join(line);
        return {};
    }
    ++into_.operations;
    return end(**begun, line);
}

void reading::join(const operation& line) {
    const datum_view more = line.more.view();
    member made{.process = line.process,
                .begun = open_.line(),
                .begun_at = line.time,
                .ended_at = line.time};
    made.session_ns = span_of(more.find("session-timeout-ms"), 45'000);
    made.poll_interval_ns = span_of(more.find("max-poll-interval-ms"), 300'000);
    if (const auto instance = more.find("instance"); instance && !instance->is_nil()) {
        made.instance = instances_.number_of(*instance);
    }
    for (const datum_view key : line.value.view()) into_.subscribed[partition_of(key)] = true;
    processes_[line.process].number = static_cast<std::uint32_t>(into_.members.size());
    into_.members.push_back(made);
    into_.disturbances.push_back(last_time_);
}

outcome reading::end(const begun_operation& begun, const operation& line) {
    // After these a process does nothing any more.
    if (line.f == "crash" || line.f == "unsubscribe" || line.type == op_type::info) {
        into_.disturbances.push_back(last_time_);
        const std::uint32_t number = member_of(line.process);
        if (number != none) into_.members[number].gone_at = line.time;
    }
    if (line.f == "commit") return take_commit(begun, &line);
    if (line.f == "reset") take_reset(begun, &line);
    if (line.f == "send" && line.type == op_type::ok) take_sends(line);
    if (line.f == "committed" && line.type == op_type::ok) return take_committed(begun, line);
    const auto found = processes_.find(line.process);
    if (found == processes_.end() || (line.f != "poll" && line.f != "unsubscribe")) return {};
    // What a listener was told is certain, whatever became of the poll.
    if (auto done = take_rebalances(begun, line, found->second); !done) return done;
    return line.type == op_type::ok ? take_polls(line, found->second) : outcome();
}

outcome reading::take_rebalances(const begun_operation& begun, const operation& line, state& of) {
    const auto log = line.more.view().find("rebalance-log");
    if (!log) return {};
    if (!log->is_vector()) return std::unexpected("a rebalance log that is no list");
    for (const datum_view change : *log) {
        if (auto done = take_change(change, begun.line, line, of); !done) return done;
    }
    return {};
}

outcome reading::take_change(datum_view change,
                             std::int64_t begun,
                             const operation& line,
                             state& of) {
    const auto keys = change.find("keys");
    const auto event = change.find("event");
    if (!keys || !event) return {};
    const std::int64_t at = integer_or(change.find("time"), line.time);
    if (at <= -history::time_max || at >= history::time_max) {
        return std::unexpected("a rebalance at a time that no run has");
    }
    const bool assigned = event->name() == "assigned";
    if (assigned) ++into_.rebalances;
    for (const datum_view key : *keys) {
        const std::uint32_t partition = partition_of(key);
        give_up(of, partition, at);
        if (!assigned) continue;
        of.owns[partition] = {into_.ownerships.size(), begun, false};
        into_.ownerships.push_back({.member = of.number,
                                    .partition = partition,
                                    .generation = integer_or(change.find("generation"), -1),
                                    .from = at,
                                    .index = line.index});
    }
    return {};
}

void reading::give_up(state& of, std::uint32_t partition, std::int64_t at) {
    const auto owned = of.owns.find(partition);
    if (owned == of.owns.end()) return;
    into_.ownerships[owned->second.row].to = at;
    of.owns.erase(owned);
}

outcome reading::take_polls(const operation& line, state& of) {
    for (const datum_view one : line.value.view()) {
        if (one.size() != 2 || one[0].name() != "poll" || one[1].is_nil()) continue;
        const datum_view polled = one[1];
        if (!polled.is_map()) return std::unexpected("a poll that is not {k [[offset v] …]}");
        for (auto at = polled.begin(); at != polled.end(); ++at) {
            const std::uint32_t partition = partition_of(*at++);
            if (auto done = take_records(partition, *at, line, of); !done) return done;
        }
    }
    return {};
}

outcome reading::take_records(std::uint32_t partition,
                              datum_view records,
                              const operation& line,
                              state& of) {
    bool first = true;
    for (const datum_view record : records) {
        if (record.size() < 2 || !record[0].is_integer()) {
            return std::unexpected("a polled record that is not [offset v]");
        }
        const std::int64_t offset = record[0].integer();
        into_.messages[partition].push_back(offset);
        const auto owned = first ? of.owns.find(partition) : of.owns.end();
        first = false;
        if (owned == of.owns.end() || std::exchange(owned->second.has_read, true)) continue;
        into_.sights.push_back({.member = of.number,
                                .partition = partition,
                                .offset = offset,
                                .generation = into_.ownerships[owned->second.row].generation,
                                .begun = owned->second.since,
                                .ended = open_.line(),
                                .index = line.index,
                                .resumed = true});
    }
    return {};
}

outcome reading::take_commit(const begun_operation& begun, const operation* line) {
    if (line != nullptr && line->type == op_type::fail) return {};
    const datum_view value = (line == nullptr ? begun.what : *line).value.view();
    if (!value.is_map()) return std::unexpected("a commit that is not {k next}");
    const datum_view more = (line == nullptr ? begun.what : *line).more.view();
    commit made{.member = member_of(begun.what.process),
                .generation = integer_or(more.find("generation"), -1),
                .begun = begun.line,
                .begun_at = begun.what.time,
                .index = begun.what.index};
    if (line != nullptr) {
        made.ended = open_.line();
        made.ended_at = line->time;
        made.index = line->index;
        made.type = line->type;
    }
    for (auto at = value.begin(); at != value.end(); ++at) {
        made.partition = partition_of(*at++);
        if (!(*at).is_integer()) return std::unexpected("an offset that is no integer");
        made.next = (*at).integer();
        into_.commits.push_back(made);
    }
    return {};
}

outcome reading::take_committed(const begun_operation& begun, const operation& line) {
    const datum_view value = line.value.view();
    if (!value.is_map()) return std::unexpected("committed offsets that are not {k offset}");
    for (auto at = value.begin(); at != value.end(); ++at) {
        const std::uint32_t partition = partition_of(*at++);
        into_.sights.push_back({.member = member_of(line.process),
                                .partition = partition,
                                .offset = integer_or(*at, -1),
                                .generation = integer_or(line.more.view().find("generation"), -1),
                                .begun = begun.line,
                                .ended = open_.line(),
                                .index = line.index});
    }
    return {};
}

void reading::take_reset(const begun_operation& begun, const operation* line) {
    if (line != nullptr && line->type == op_type::fail) return;
    const datum_view value = (line == nullptr ? begun.what : *line).value.view();
    // One whose outcome is unknown may still happen.
    const bool over = line != nullptr && line->type == op_type::ok;
    for (auto at = value.begin(); at != value.end(); ++at) {
        into_.resets.push_back({partition_of(*at++), begun.line, over ? open_.line() : never});
    }
}

void reading::take_sends(const operation& line) {
    for (const datum_view one : line.value.view()) {
        if (one.size() != 3 || one[0].name() != "send") continue;
        const datum_view told = one[2];
        if (told.size() < 2 || !told[0].is_integer()) continue;
        into_.messages[partition_of(one[1])].push_back(told[0].integer());
    }
}

recording reading::finish() {
    for (const begun_operation* begun : open_.rest()) {
        ++into_.operations;
        if (begun->what.f == "reset") take_reset(*begun, nullptr);
        if (begun->what.f != "commit") continue;
        // One that names no offsets changed none that could be seen.
        [[maybe_unused]] const auto taken = take_commit(*begun, nullptr);
    }
    into_.disturbances.push_back(last_time_);
    for (auto& offsets : into_.messages) {
        std::ranges::sort(offsets);
        offsets.erase(std::ranges::unique(offsets).begin(), offsets.end());
    }
    return std::move(into_);
}

}  // namespace

std::expected<recording, history::malformed> recording::read(history::operation_reader& from) {
    reading all;
    const auto done =
        history::for_each_operation(from, [&all](const operation& line) { return all.take(line); });
    if (!done) return std::unexpected(done.error());
    return all.finish();
}

}  // namespace verdikt::checker::groups
