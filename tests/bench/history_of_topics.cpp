/// Administration: twenty topics, each made, given partitions and configurations, deleted and made
/// again by the process of its seat; two questions in five are about all of them. Three brokers
/// answer, and know everything. In the end each is asked once more.
#include "history_maker.h"

#include <fmt/format.h>

#include <array>
#include <iterator>

namespace verdikt::bench {

namespace {

constexpr std::uint64_t brokers = 3;

class topics final : public history_maker {
  public:
    told_operation draw(std::size_t seat, std::int64_t /*now*/) override {
        const auto process = static_cast<std::int64_t>(seat);
        const std::uint64_t what = dice_.pick(5);
        if (what < 2) return ask(process, dice_.pick(brokers), what == 0);
        return change(seat);
    }

    std::optional<told_operation> draw_last() override {
        if (asked_ == 2 * brokers) return std::nullopt;
        const std::uint64_t asked = asked_++;
        return ask(seats, asked / 2, asked % 2 == 0);
    }

  private:
    /// Configurations that are not set are 0.
    struct topic {
        std::uint64_t partitions = 0;
        std::array<std::uint64_t, 2> configs{};
    };
    static constexpr std::array<std::string_view, 2> names{"retention.ms", "segment.ms"};

    told_operation change(std::size_t seat) {
        topic& own = topics_[seat];
        if (own.partitions == 0) {
            own = {.partitions = 1 + dice_.pick(2), .configs = {fresh_value(), 0}};
            return tell("create-topic",
                        seat,
                        fmt::format(",\"partitions\":{},\"configs\":{{\"{}\":{}}}",
                                    own.partitions,
                                    names[0],
                                    own.configs[0]));
        }
        switch (dice_.pick(8)) {
            case 0:
                own = {};
                return tell("delete-topic", seat, "");
            case 1:
                return tell(
                    "create-partitions", seat, fmt::format(",\"partitions\":{}", ++own.partitions));
            default:
                break;
        }
        const std::size_t which = dice_.pick(names.size());
        own.configs[which] = fresh_value();
        return tell("alter-configs",
                    seat,
                    fmt::format(",\"configs\":{{\"{}\":{}}}", names[which], own.configs[which]));
    }

    std::uint64_t fresh_value() { return 100'000'000 + next_value_++; }

    static told_operation tell(std::string_view f, std::size_t seat, std::string_view what) {
        const std::string value = fmt::format("{{\"topic\":\"topic-{}\"{}}}", seat, what);
        return {.process = static_cast<std::int64_t>(seat), .f = f, .meant = value, .done = value};
    }

    told_operation ask(std::int64_t process, std::uint64_t broker, bool shapes) {
        told_operation made{
            .process = process,
            .f = shapes ? "describe-topics" : "describe-configs",
            .meant = fmt::format("{{\"broker\":{}}}", broker),
            .done = fmt::format("{{\"broker\":{},\"{}\":", broker, shapes ? "topics" : "configs")};
        for (std::size_t each = 0; each < topics_.size(); ++each) {
            fmt::format_to(std::back_inserter(made.done),
                           "{}\"topic-{}\":{}",
                           each > 0 ? "," : "{",
                           each,
                           shapes ? shape_of(topics_[each]) : configs_of(topics_[each]));
        }
        made.done += "}}";
        return made;
    }

    static std::string shape_of(const topic& one) {
        return one.partitions == 0 ? "null" : std::to_string(one.partitions);
    }

    static std::string configs_of(const topic& one) {
        if (one.partitions == 0) return "null";
        std::string text;
        for (std::size_t each = 0; each < names.size(); ++each) {
            const std::uint64_t value = one.configs[each];
            fmt::format_to(std::back_inserter(text),
                           "{}\"{}\":{}",
                           each > 0 ? "," : "{",
                           names[each],
                           value == 0 ? "null" : std::to_string(value));
        }
        return text + "}";
    }

    dice dice_;
    std::uint64_t next_value_ = 0;
    std::uint64_t asked_ = 0;
    std::array<topic, seats> topics_{};
};

}  // namespace

std::unique_ptr<history_maker> make_admin() {
    return std::make_unique<topics>();
}

}  // namespace verdikt::bench
