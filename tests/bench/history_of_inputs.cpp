/// Exactly-once: seats 0 to 9 are instances, one an input partition, which turn up to four inputs
/// at a time into outputs; 10 to 14 feed them, 15 to 19 read what comes out. In the end the rest is
/// read, and what the group has committed.
#include "history_maker.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <deque>
#include <iterator>

namespace verdikt::bench {

namespace {

constexpr std::size_t partitions = 10;
constexpr std::size_t first_feeder = 10;
constexpr std::size_t first_reader = 15;
constexpr std::size_t taken_max = 4;
constexpr std::size_t read_max = 16;

class inputs final : public history_maker {
  public:
    std::optional<told_operation> draw_first() override {
        if (!first_) return std::nullopt;
        first_ = false;
        return topics();
    }

    told_operation draw(std::size_t seat, std::int64_t now) override {
        if (seat >= first_reader) return read(seat);
        if (seat >= first_feeder) return feed(seat);
        if (!begun_[seat]) return take_over(seat);
        return sent_[seat].empty() ? feed(seat) : process(seat, now);
    }

    std::optional<told_operation> draw_last() override {
        const auto rest =
            std::ranges::find_if(outputs_, [](const auto& all) { return !all.empty(); });
        if (rest != outputs_.end()) {
            return read_from(static_cast<std::size_t>(rest - outputs_.begin()), 0);
        }
        if (told_offsets_) return std::nullopt;
        told_offsets_ = true;
        std::string offsets;
        for (std::size_t each = 0; each < partitions; ++each) {
            fmt::format_to(std::back_inserter(offsets), ",\"{}\":{}", each, next_[each]);
        }
        offsets[0] = '{';
        return told_operation{.f = "committed", .meant = "null", .done = offsets + "}"};
    }

  private:
    struct output {
        std::uint64_t offset;
        std::uint64_t input;
        std::uint64_t attempt;
    };

    static told_operation topics() {
        std::string in;
        std::string out;
        for (std::size_t each = 0; each < partitions; ++each) {
            const std::string_view comma = each > 0 ? "," : "";
            fmt::format_to(std::back_inserter(in), "{}{}", comma, each);
            fmt::format_to(std::back_inserter(out), "{}{}", comma, partitions + each);
        }
        const std::string both = fmt::format("{{\"input\":[{}],\"output\":[{}]}}", in, out);
        return {.process = seats, .f = "topics", .meant = both, .done = both};
    }

    told_operation take_over(std::size_t seat) {
        begun_[seat] = true;
        const std::string id = fmt::format("\"instance-{}\"", seat);
        return {.process = number(seat), .f = "init", .meant = id, .done = id};
    }

    told_operation feed(std::size_t seat) {
        told_operation made{.process = number(seat), .f = "send", .meant = "[", .done = "["};
        for (std::uint64_t count = 1 + dice_.pick(taken_max); count > 0; --count) {
            const std::size_t to = dice_.pick(partitions);
            const std::uint64_t value = next_input_++;
            const std::string_view comma = count > 1 ? "," : "]";
            fmt::format_to(std::back_inserter(made.meant), "[\"send\",{},{}]{}", to, value, comma);
            fmt::format_to(std::back_inserter(made.done),
                           "[\"send\",{},[{},{}]]{}",
                           to,
                           gone_[to] + sent_[to].size(),
                           value,
                           comma);
            sent_[to].push_back(value);
        }
        return made;
    }

    told_operation process(std::size_t seat, std::int64_t now) {
        const std::uint64_t attempt = attempts_++;
        const std::size_t to = dice_.pick(partitions);
        told_operation made{.process = number(seat),
                            .f = "txn",
                            .meant = "[[\"poll\"]]",
                            .done = fmt::format("[[\"poll\",{{\"{}\":[", seat),
                            .more_meant = fmt::format(",\"attempt\":{}", attempt)};
        std::string sends;
        for (std::size_t count = 0; count < taken_max && !sent_[seat].empty(); ++count) {
            const std::uint64_t value = sent_[seat].front();
            sent_[seat].pop_front();
            const std::string_view comma = count > 0 ? "," : "";
            fmt::format_to(std::back_inserter(made.done), "{}[{},{}]", comma, gone_[seat]++, value);
            fmt::format_to(std::back_inserter(sends),
                           ",[\"send\",{},[{},[{},{}]]]",
                           partitions + to,
                           ends_[to],
                           value,
                           attempt);
            outputs_[to].push_back({ends_[to]++, value, attempt});
        }
        ++ends_[to];
        next_[seat] = gone_[seat];
        made.done += "]}]" + sends + "]";
        made.more_done = fmt::format(
            ",\"attempt\":{},\"offsets\":{{\"{}\":{}}},\"generation\":1,\"offsets-asked\":{},"
            "\"commit-asked\":{}",
            attempt,
            seat,
            next_[seat],
            now,
            now);
        return made;
    }

    told_operation read(std::size_t seat) {
        const std::size_t readers = seats - first_reader;
        const std::size_t of = seat - first_reader + readers * dice_.pick(partitions / readers);
        return read_from(of, number(seat));
    }

    told_operation read_from(std::size_t of, std::int64_t process) {
        told_operation made{.process = process,
                            .f = "poll",
                            .meant = "[[\"poll\"]]",
                            .done = fmt::format("[[\"poll\",{{\"{}\":[", partitions + of)};
        for (std::size_t count = 0; count < read_max && !outputs_[of].empty(); ++count) {
            const output one = outputs_[of].front();
            outputs_[of].pop_front();
            fmt::format_to(std::back_inserter(made.done),
                           "{}[{},[{},{}]]",
                           count > 0 ? "," : "",
                           one.offset,
                           one.input,
                           one.attempt);
        }
        made.done += "]}]]";
        return made;
    }

    static std::int64_t number(std::size_t seat) { return static_cast<std::int64_t>(seat); }

    dice dice_;
    bool first_ = true;
    bool told_offsets_ = false;
    std::uint64_t next_input_ = 0;
    std::uint64_t attempts_ = 0;
    std::array<bool, first_feeder> begun_{};
    /// Of each input partition what was not processed yet, how much was, and what is committed.
    std::array<std::deque<std::uint64_t>, partitions> sent_;
    std::array<std::uint64_t, partitions> gone_{};
    std::array<std::uint64_t, partitions> next_{};
    /// Of each output partition what was not read yet, and its end.
    std::array<std::deque<output>, partitions> outputs_;
    std::array<std::uint64_t, partitions> ends_{};
};

}  // namespace

std::unique_ptr<history_maker> make_exactly_once() {
    return std::make_unique<inputs>();
}

}  // namespace verdikt::bench
