/// Keyed records: of nine partitions six are compacted at once, and in three what is older than
/// 1.2 s is deleted. One operation in eight reads one of them from its beginning to its end.
#include "history_maker.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <deque>
#include <iterator>

namespace verdikt::bench {

namespace {

constexpr std::size_t compacted = 6;
constexpr std::size_t partitions = 9;
constexpr std::size_t keys = 16;
constexpr std::int64_t records_kept = 1'200'000'000;

class records final : public history_maker {
  public:
    std::optional<told_operation> draw_first() override {
        if (!first_) return std::nullopt;
        first_ = false;
        return create();
    }

    told_operation draw(std::size_t seat, std::int64_t now) override {
        const auto process = static_cast<std::int64_t>(seat);
        const std::uint64_t what = dice_.pick(100);
        if (what == 0) return delete_records(process);
        return what < 12 ? scan(process, dice_.pick(partitions), now) : send(process, now);
    }

    std::optional<told_operation> draw_last() override {
        if (last_read_ == partitions) return std::nullopt;
        return scan(seats, last_read_++, 0);
    }

  private:
    struct stored {
        std::uint64_t offset = 0;
        std::uint64_t key = 0;
        std::uint64_t number = 0;
        bool tombstone = false;
        std::int64_t time = 0;
    };
    struct partition {
        std::deque<stored> log;
        std::uint64_t start = 0;
        std::uint64_t end = 0;
    };

    static told_operation create() {
        std::string rules;
        for (std::size_t each = 0; each < partitions; ++each) {
            const bool compacts = each < compacted;
            fmt::format_to(std::back_inserter(rules),
                           "{}\"{}\":{{\"cleanup.policy\":\"{}\",\"delete.retention.ms\":25000,"
                           "\"retention.ms\":{}}}",
                           each > 0 ? "," : "{",
                           each,
                           compacts ? "compact" : "delete",
                           compacts ? -1 : 3000);
        }
        rules += "}";
        return {.process = seats, .f = "create", .meant = rules, .done = rules};
    }

    told_operation send(std::int64_t process, std::int64_t now) {
        told_operation made{.process = process, .f = "send", .meant = "[", .done = "["};
        for (std::uint64_t count = 1 + dice_.pick(3); count > 0; --count) {
            const std::size_t to = dice_.pick(partitions);
            const stored one{.offset = partitions_[to].end++,
                             .key = dice_.pick(keys),
                             .number = next_number_++,
                             .tombstone = dice_.pick(4) == 0,
                             .time = now};
            const std::string_view comma = count > 1 ? "," : "]";
            const std::string record = text_of(one);
            fmt::format_to(std::back_inserter(made.meant), "[\"send\",{},{}]{}", to, record, comma);
            fmt::format_to(std::back_inserter(made.done),
                           "[\"send\",{},[{},{}]]{}",
                           to,
                           one.offset,
                           record,
                           comma);
            store(to, one);
        }
        return made;
    }

    static std::string text_of(const stored& one) {
        return fmt::format("[{},{}{}]", one.key, one.number, one.tombstone ? ",\"deleted\"" : "");
    }

    void store(std::size_t to, const stored& one) {
        auto& log = partitions_[to].log;
        if (to < compacted) {
            std::erase_if(log, [&](const stored& each) { return each.key == one.key; });
        }
        log.push_back(one);
    }

    void delete_up_to(partition& here, std::uint64_t offset) {
        here.start = std::max(here.start, offset);
        while (!here.log.empty() && here.log.front().offset < here.start) here.log.pop_front();
    }

    told_operation delete_records(std::int64_t process) {
        const std::size_t to = compacted + dice_.pick(partitions - compacted);
        partition& here = partitions_[to];
        delete_up_to(here, here.end > 40 ? here.end - dice_.pick(40) : 0);
        const std::string pair = fmt::format("{{\"{}\":{}}}", to, here.start);
        return {.process = process, .f = "delete-records", .meant = pair, .done = pair};
    }

    told_operation scan(std::int64_t process, std::size_t of, std::int64_t now) {
        partition& here = partitions_[of];
        if (of >= compacted) {
            while (!here.log.empty() && now - here.log.front().time > records_kept) {
                delete_up_to(here, here.log.front().offset + 1);
            }
        }
        told_operation made{
            .process = process,
            .f = "scan",
            .meant = fmt::format("[[\"poll\",{{\"{}\":[]}}]]", of),
            .done = fmt::format("[[\"poll\",{{\"{}\":[", of),
            .more_done = fmt::format(",\"start\":{},\"end\":{}", here.start, here.end)};
        std::string_view comma;
        for (const stored& one : here.log) {
            fmt::format_to(
                std::back_inserter(made.done), "{}[{},{}]", comma, one.offset, text_of(one));
            comma = ",";
        }
        made.done += "]}]]";
        return made;
    }

    dice dice_;
    bool first_ = true;
    std::size_t last_read_ = 0;
    std::uint64_t next_number_ = 0;
    std::array<partition, partitions> partitions_;
};

}  // namespace

std::unique_ptr<history_maker> make_compaction() {
    return std::make_unique<records>();
}

}  // namespace verdikt::bench
