#include "checker/report/log_slices.h"

#include "checker/report/markup.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

namespace verdikt::checker::report {

namespace {

constexpr std::int64_t before = 1'500'000'000;
constexpr std::int64_t after = 1'500'000'000;
constexpr std::size_t spans_max = 6;
constexpr std::size_t line_bytes_max = 400;
/// Of a line that is longer than any of ours the rest is passed over.
constexpr std::size_t line_bytes_kept = 4096;

struct span_of_time {
    std::int64_t from;
    std::int64_t to;
};

void add_moment(std::vector<span_of_time>& spans, std::int64_t time) {
    if (time >= 0) spans.push_back({time - std::min(time, before), time + after});
}

/// Those that overlap become one.
std::vector<span_of_time> merged(std::vector<span_of_time> spans) {
    std::ranges::sort(spans, {}, &span_of_time::from);
    std::vector<span_of_time> all;
    for (const span_of_time& one : spans) {
        if (!all.empty() && one.from <= all.back().to) {
            all.back().to = std::max(all.back().to, one.to);
        } else if (all.size() < spans_max) {
            all.push_back(one);
        }
    }
    return all;
}

std::vector<span_of_time> spans_of(const run& what, const digest& seen) {
    std::vector<span_of_time> spans;
    for (const opinion& one : what.opinions) {
        for (const finding& each : one.said.violations) {
            if (each.examples.empty()) continue;
            for (const std::int64_t index : each.examples.front().operations) {
                const auto found = seen.operations.find(index);
                if (found == seen.operations.end()) continue;
                add_moment(spans, found->second.ended_at);
                add_moment(spans, found->second.begun_at);
            }
        }
    }
    return merged(std::move(spans));
}

/// A source's lines, one after the other, in bounded memory.
class line_reader {
  public:
    explicit line_reader(history::byte_source& source) : source_(source) {}

    bool next(std::string& line) {
        line.clear();
        while (true) {
            const std::string_view rest(buffer_.data() + at_, filled_ - at_);
            const std::size_t end = rest.find('\n');
            const std::string_view part = rest.substr(0, end);
            line.append(part.substr(0, line_bytes_kept - std::min(line.size(), line_bytes_kept)));
            at_ += part.size();
            if (end != std::string_view::npos) {
                ++at_;
                return true;
            }
            const auto more = source_.read(buffer_);
            at_ = 0;
            filled_ = more ? *more : 0;
            if (filled_ == 0) return !line.empty();
        }
    }

  private:
    history::byte_source& source_;
    std::array<char, 65536> buffer_{};
    std::size_t at_ = 0;
    std::size_t filled_ = 0;
};

void slice(const node_log& log,
           std::int64_t began_at,
           const std::vector<span_of_time>& spans,
           std::vector<log_slice>& into) {
    const std::size_t first = into.size();
    for (const span_of_time& one : spans) into.push_back({log.node, one.from, one.to, {}, 0});
    line_reader lines(*log.lines);
    std::string line;
    std::int64_t time = -1;
    while (lines.next(line)) {
        if (const auto told = time_of_log_line(line)) time = *told - began_at;
        for (std::size_t at = first; at < into.size(); ++at) {
            log_slice& here = into[at];
            if (time < here.from || time > here.to) continue;
            if (here.lines.size() < log_slice::lines_max) {
                here.lines.push_back(shortened(line, line_bytes_max));
            } else {
                ++here.left_out;
            }
        }
    }
}

/// The digits at `begin`, or nothing if they are no digits.
std::optional<int> digits(std::string_view line, std::size_t begin, std::size_t count) {
    int value = 0;
    const char* const from = line.data() + begin;
    const auto [end, error] = std::from_chars(from, from + count, value);
    if (error != std::errc() || end != from + count || value < 0) return std::nullopt;
    return value;
}

}  // namespace

std::optional<std::int64_t> time_of_log_line(std::string_view line) {
    constexpr std::string_view shape = "0000-00-00T00:00:00.000Z";
    if (line.size() < shape.size()) return std::nullopt;
    for (std::size_t at = 0; at < shape.size(); ++at) {
        if (shape[at] != '0' && line[at] != shape[at]) return std::nullopt;
    }
    const auto year = digits(line, 0, 4);
    const auto month = digits(line, 5, 2);
    const auto day = digits(line, 8, 2);
    const auto hour = digits(line, 11, 2);
    const auto minute = digits(line, 14, 2);
    const auto second = digits(line, 17, 2);
    const auto milliseconds = digits(line, 20, 3);
    if (!year || !month || !day || !hour || !minute || !second || !milliseconds) {
        return std::nullopt;
    }
    const std::chrono::year_month_day date(std::chrono::year(*year),
                                           std::chrono::month(static_cast<unsigned>(*month)),
                                           std::chrono::day(static_cast<unsigned>(*day)));
    if (!date.ok()) return std::nullopt;
    const auto time = std::chrono::sys_days(date) + std::chrono::hours(*hour) +
                      std::chrono::minutes(*minute) + std::chrono::seconds(*second) +
                      std::chrono::milliseconds(*milliseconds);
    return std::chrono::nanoseconds(time.time_since_epoch()).count();
}

std::vector<log_slice> slice_logs(const run& what,
                                  const digest& seen,
                                  std::span<const node_log> logs) {
    std::vector<log_slice> all;
    const std::vector<span_of_time> spans = spans_of(what, seen);
    if (what.began_at == 0 || spans.empty()) return all;
    for (const node_log& one : logs) slice(one, what.began_at, spans, all);
    return all;
}

}  // namespace verdikt::checker::report
