#include "checker/compaction/recording.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

namespace verdikt::checker::compaction {

namespace {

using history::datum_view;
using history::op_type;
using history::operation;
using outcome = std::expected<void, std::string>;

constexpr std::int64_t nanoseconds_a_millisecond = 1'000'000;
constexpr std::int64_t day_ms = 86'400'000;

std::unexpected<std::string> wrong(std::string_view what) {
    return std::unexpected(std::string(what));
}

/// Negative means without limit.
std::int64_t span_of(std::optional<datum_view> milliseconds, std::int64_t otherwise_ms) {
    const bool given = milliseconds && milliseconds->is_integer();
    const std::int64_t count = given ? milliseconds->integer() : otherwise_ms;
    const bool bounded = count >= 0 && count < forever / nanoseconds_a_millisecond;
    return bounded ? count * nanoseconds_a_millisecond : forever;
}

std::optional<std::int64_t> integer_in(datum_view map, std::string_view name) {
    const auto found = map.find(name);
    if (!found || !found->is_integer()) return std::nullopt;
    return found->integer();
}

}  // namespace

/// Turns the lines of a history into records, scans and deletions.
class recorder {
  public:
    outcome take(const operation& line);
    recording finish();

  private:
    struct open_operation {
        span_of_lines when = {};
        std::int64_t begun_at = 0;
        std::string f;
        std::vector<std::uint32_t> sent = {};
        std::vector<std::pair<std::uint32_t, std::int64_t>> deleting = {};
    };

    outcome begin(const operation& line);
    outcome end(const operation& line, open_operation& at);
    outcome add_rules(datum_view value);
    outcome add_sends(datum_view value, std::vector<std::uint32_t>& into);
    outcome add_scan(const operation& line, const open_operation& at);
    outcome add_found(datum_view records, scan& into);
    outcome add_deletions(datum_view value, open_operation& at);
    void end_deletions(const operation& line, const open_operation& at);
    std::expected<std::uint32_t, std::string> record_of(std::uint32_t partition, datum_view what);
    std::uint32_t partition_of(datum_view what);

    recording into_;
    std::map<std::int64_t, open_operation> open_;
};

std::uint32_t recorder::partition_of(datum_view what) {
    const std::uint32_t number = into_.partitions_.number_of(what);
    if (number >= into_.rules_.size()) into_.rules_.resize(number + 1);
    return number;
}

outcome recorder::take(const operation& line) {
    into_.indexes_.add(line.index);
    if (line.process == history::nemesis_process) return {};
    const bool known =
        line.f == "create" || line.f == "send" || line.f == "scan" || line.f == "delete-records";
    if (!known) return {};
    if (line.type == op_type::invoke) return begin(line);
    const auto at = open_.find(line.process);
    if (at == open_.end() || at->second.f != line.f) {
        return wrong(fmt::format("process {} ends what it did not begin", line.process));
    }
    at->second.when.ended = into_.indexes_.last();
    auto done = end(line, at->second);
    open_.erase(at);
    return done;
}

outcome recorder::begin(const operation& line) {
    const auto [at, fresh] = open_.try_emplace(line.process);
    if (!fresh) return wrong(fmt::format("process {} is not done with another", line.process));
    ++into_.operations_;
    at->second.f = line.f;
    at->second.when.begun = into_.indexes_.last();
    at->second.begun_at = line.time;
    if (line.f == "create") return add_rules(line.value.view());
    if (line.f == "delete-records") return add_deletions(line.value.view(), at->second);
    if (line.f != "send") return {};
    if (auto done = add_sends(line.value.view(), at->second.sent); !done) return done;
    for (const std::uint32_t each : at->second.sent) {
        record& one = into_.records_[each];
        if (one.was_sent) return wrong("a record that was sent before");
        one.was_sent = true;
        one.when = at->second.when;
        one.begun_at = at->second.begun_at;
    }
    return {};
}

outcome recorder::end(const operation& line, open_operation& at) {
    if (line.f == "delete-records") end_deletions(line, at);
    if (line.f == "scan" && line.type == op_type::ok) return add_scan(line, at);
    if (line.f != "send") return {};
    std::vector<std::uint32_t> told;
    if (auto done = add_sends(line.value.view(), told); !done) return done;
    for (const std::uint32_t each : at.sent) {
        into_.records_[each].type = line.type;
        into_.records_[each].when = at.when;
    }
    return {};
}

// {p {"cleanup.policy" "compact", …}}
outcome recorder::add_rules(datum_view value) {
    if (!value.is_map()) return wrong("partitions that are not {p {setting value}}");
    for (auto at = value.begin(); at != value.end(); ++at) {
        const std::uint32_t partition = partition_of(*at++);
        const datum_view told = *at;
        const auto cleanup = told.find("cleanup.policy");
        const bool named = cleanup && (cleanup->name() == "compact" || cleanup->name() == "delete");
        if (!named) return wrong("a cleanup.policy that is neither compact nor delete");
        into_.rules_[partition] = {
            .cleanup = cleanup->name() == "compact" ? policy::compacted : policy::deleted,
            .tombstones_kept = span_of(told.find("delete.retention.ms"), day_ms),
            .records_kept = span_of(told.find("retention.ms"), -1)};
    }
    return {};
}

std::expected<std::uint32_t, std::string> recorder::record_of(std::uint32_t partition,
                                                              datum_view what) {
    if (!what.is_vector() || what.size() < 2) return wrong("a record that is not [k n]");
    const std::uint32_t key = into_.keys_.number_of(partition, what[0]);
    const std::uint32_t which = into_.numbers_.number_of(key, what[1]);
    if (which == into_.records_.size()) {
        const bool tombstone = what.size() > 2 && what[2].name() == "deleted";
        into_.records_.push_back({.key = key, .tombstone = tombstone});
    }
    return which;
}

// [[send p [k n]] …] or [[send p [offset [k n]]] …]
outcome recorder::add_sends(datum_view value, std::vector<std::uint32_t>& into) {
    if (!value.is_vector() && !value.is_nil()) return wrong("a value that is no list of sends");
    for (const datum_view one : value) {
        if (one.size() != 3 || one[0].name() != "send")
            return wrong("a send that is not [send p v]");
        const datum_view what = one[2];
        const bool told = what.size() == 2 && what[1].is_vector();
        const auto which = record_of(partition_of(one[1]), told ? what[1] : what);
        if (!which) return std::unexpected(which.error());
        record& sent = into_.records_[*which];
        if (told && what[0].is_integer()) sent.offset = std::max(sent.offset, what[0].integer());
        into.push_back(*which);
    }
    return {};
}

outcome recorder::add_scan(const operation& line, const open_operation& at) {
    const datum_view value = line.value.view();
    const bool shaped = value.size() == 1 && value[0].size() == 2 && value[0][0].name() == "poll" &&
                        value[0][1].is_map() && value[0][1].size() == 2;
    if (!shaped) return wrong("a scan that is not [[poll {p [[offset [k n]] …]}]]");
    const auto start = integer_in(line.more.view(), "start");
    const auto end = integer_in(line.more.view(), "end");
    if (!start || !end) return wrong("a scan without start and end");
    scan made{.when = at.when,
              .begun_at = at.begun_at,
              .ended_at = line.time,
              .partition = partition_of(value[0][1][0]),
              .start = *start,
              .end = *end};
    if (auto done = add_found(value[0][1][1], made); !done) return done;
    into_.scans_.push_back(std::move(made));
    return {};
}

outcome recorder::add_found(datum_view records, scan& into) {
    into.found.reserve(records.size());
    for (const datum_view pair : records) {
        const bool shaped = pair.size() >= 2 && pair[0].is_integer();
        if (!shaped) return wrong("a record that was read and is not [offset [k n]]");
        const auto which = record_of(into.partition, pair[1]);
        if (!which) return std::unexpected(which.error());
        record& seen = into_.records_[*which];
        seen.offset = std::max(seen.offset, pair[0].integer());
        into.found.push_back(*which);
    }
    return {};
}

outcome recorder::add_deletions(datum_view value, open_operation& at) {
    if (!value.is_map()) return wrong("a deletion that is not {p before}");
    for (auto each = value.begin(); each != value.end(); ++each) {
        const std::uint32_t partition = partition_of(*each++);
        if (!(*each).is_integer()) return wrong("a deletion up to what is no offset");
        const std::int64_t before = (*each).integer();
        at.deleting.emplace_back(partition, before < 0 ? forever : before);
    }
    return {};
}

void recorder::end_deletions(const operation& line, const open_operation& at) {
    if (line.type == op_type::fail) return;
    for (const auto& [partition, before] : at.deleting) {
        deletion made{.when = at.when, .partition = partition, .before = before};
        const datum_view value = line.value.view();
        for (std::size_t each = 0; line.type == op_type::ok && each + 1 < value.size(); each += 2) {
            const bool here =
                partition_of(value[each]) == partition && value[each + 1].is_integer();
            if (here) made.start = value[each + 1].integer();
        }
        into_.deletions_.push_back(made);
    }
}

recording recorder::finish() {
    for (const auto& [process, at] : open_) {
        for (const auto& [partition, before] : at.deleting) {
            into_.deletions_.push_back({.when = at.when, .partition = partition, .before = before});
        }
    }
    into_.keys_.release_search();
    into_.numbers_.release_search();
    return std::move(into_);
}

std::string recording::text_of(std::uint32_t which) const {
    const record& one = records_[which];
    return fmt::format("{} {} of key {} in partition {}",
                       one.tombstone ? "tombstone" : "record",
                       numbers_.text_of(which),
                       keys_.text_of(one.key),
                       partition_text(partition_of(one)));
}

std::expected<recording, history::malformed> recording::read(history::operation_reader& from) {
    recorder all;
    const auto done =
        history::for_each_operation(from, [&all](const operation& line) { return all.take(line); });
    if (!done) return std::unexpected(done.error());
    return all.finish();
}

}  // namespace verdikt::checker::compaction
