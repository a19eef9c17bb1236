#include "checker/report/operation_words.h"

#include "checker/report/markup.h"
#include "checker/report/records.h"

#include <fmt/format.h>

#include <algorithm>

namespace verdikt::checker::report {

namespace {

constexpr std::size_t lines_max = 16;
/// Of a value that is told whole, and of what is told of a record.
constexpr std::size_t whole_bytes_max = 400;
constexpr std::size_t part_bytes_max = 60;
/// Of a partition of which nothing is to be shown in particular.
constexpr std::size_t ends_shown = 2;

class wording {
  public:
    explicit wording(const std::vector<log_place>& about) : about_(about) {}

    std::vector<std::vector<piece>> all_of(history::datum_view value) {
        bool micro = value.is_vector() && value.size() > 0;
        for (const history::datum_view one : value) micro = micro && !act_of(one).empty();
        if (!micro) return {{{shortened_value(value, whole_bytes_max), false}}};
        for (const history::datum_view one : value) {
            if (lines_.size() >= lines_max) {
                lines_.push_back({{fmt::format("… {} in all", value.size()), false}});
                break;
            }
            add(one);
        }
        return std::move(lines_);
    }

  private:
    void add(history::datum_view micro) {
        const std::string_view act = act_of(micro);
        if (act == "send" && micro.size() >= 3) {
            add_send(record_of(true, micro[1], micro[2]));
        } else if (act == "poll" && micro.size() >= 2 && micro[1].is_map()) {
            add_polls(micro[1]);
        } else {
            lines_.push_back({{shortened_value(micro, whole_bytes_max), false}});
        }
    }

    void add_send(const told_record& sent) {
        const std::string partition = plain_text(sent.partition);
        const std::string where = sent.offset ? fmt::format(" at offset {}", *sent.offset) : "";
        lines_.push_back(
            {{"sent ", false},
             {shortened_value(sent.value, part_bytes_max), is_about(partition, sent.offset)},
             {fmt::format(" to partition {}{}", shortened(partition, part_bytes_max), where),
              false}});
    }

    void add_polls(history::datum_view polled) {
        if (polled.size() == 0) lines_.push_back({{"polled nothing", false}});
        std::size_t others = 0;
        for (auto at = polled.begin(); at != polled.end();) {
            const std::string partition = plain_text(*at++);
            const history::datum_view pairs = *at++;
            const bool wanted = about_.empty() || says_of(partition);
            if (wanted && lines_.size() < lines_max) {
                add_poll(partition, pairs);
            } else {
                ++others;
            }
        }
        if (others > 0) {
            lines_.push_back(
                {{fmt::format("polled {} other partition{}", others, others == 1 ? "" : "s"),
                  false}});
        }
    }

    void add_poll(const std::string& partition, history::datum_view pairs) {
        std::vector<piece> line{
            {fmt::format("polled partition {}:", shortened(partition, part_bytes_max)), false}};
        const std::size_t count = pairs.size();
        std::size_t left_out = 0;
        std::size_t at = 0;
        for (const history::datum_view pair : pairs) {
            const told_record one = record_of(false, pair, pair);
            const bool end = at < ends_shown || at + ends_shown >= count;
            ++at;
            if (!(says_of(partition) ? lies_near(partition, one.offset) : end)) {
                ++left_out;
                continue;
            }
            add_gap(line, left_out);
            line.push_back(
                {one.offset ? fmt::format(" {}:", *one.offset) : std::string(" "), false});
            line.push_back(
                {shortened_value(one.value, part_bytes_max), is_about(partition, one.offset)});
        }
        add_gap(line, left_out);
        lines_.push_back(std::move(line));
    }

    static void add_gap(std::vector<piece>& line, std::size_t& left_out) {
        if (left_out > 0) line.push_back({fmt::format(" …{} more…", left_out), false});
        left_out = 0;
    }

    [[nodiscard]] bool says_of(const std::string& partition) const {
        return std::ranges::find(about_, partition, &log_place::partition) != about_.end();
    }
    [[nodiscard]] bool is_about(const std::string& partition,
                                std::optional<std::int64_t> offset) const {
        return offset && std::ranges::find(about_, log_place{partition, *offset}) != about_.end();
    }
    [[nodiscard]] bool lies_near(const std::string& partition,
                                 std::optional<std::int64_t> offset) const {
        return offset && std::ranges::any_of(about_, [&](const log_place& one) {
                   return one.partition == partition && is_near(one.offset, *offset);
               });
    }

    const std::vector<log_place>& about_;
    std::vector<std::vector<piece>> lines_;
};

}  // namespace

std::string shortened_value(history::datum_view what, std::size_t bytes_max) {
    return shortened(plain_text(what), bytes_max);
}

std::vector<std::vector<piece>> in_words(history::datum_view value,
                                         const std::vector<log_place>& about) {
    return wording(about).all_of(value);
}

}  // namespace verdikt::checker::report
