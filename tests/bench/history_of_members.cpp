/// A consumer group: seats 0 to 9 are its members, the others feed ten partitions. Every 2,000
/// operations all members give up what they have, one of them leaves for good, another comes, and
/// once that is over all are told of the next generation.
#include "history_maker.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

namespace verdikt::bench {

namespace {

constexpr std::size_t partitions = 10;
constexpr std::size_t members = 10;
constexpr std::size_t polled_max = 4;
constexpr std::uint64_t operations_a_generation = 2'000;

class group final : public history_maker {
  public:
    group() {
        for (std::size_t seat = 0; seat < members; ++seat) members_[seat].process = number(seat);
    }

    told_operation draw(std::size_t seat, std::int64_t now) override {
        if (++drawn_ % operations_a_generation == 0) begin_rebalance();
        if (seat >= members) return feed(seat);
        member& one = members_[seat];
        switch (one.is) {
            case state::away:
                return subscribe(one);
            case state::without:
                return poll(one, seat, rebalance_is_over(), now);
            case state::asked_to_leave:
            case state::asked_to_give_up:
                return give_up(one, seat, now);
            case state::owner:
                break;
        }
        const std::uint64_t what = dice_.pick(8);
        if (what == 0) return ask(one, seat);
        return what < 4 ? commit(one, seat) : poll(one, seat, false, now);
    }

  private:
    enum class state : std::uint8_t { away, without, owner, asked_to_give_up, asked_to_leave };
    struct member {
        std::int64_t process = 0;
        state is = state::away;
    };

    void begin_rebalance() {
        for (member& one : members_) {
            if (one.is == state::owner) one.is = state::asked_to_give_up;
        }
        member& leaver = members_[dice_.pick(members)];
        if (leaver.is == state::asked_to_give_up) leaver.is = state::asked_to_leave;
        joined_ = false;
    }

    /// A generation begins once everybody is there and nobody owns anything.
    [[nodiscard]] bool rebalance_is_over() {
        if (joined_) return true;
        joined_ = std::ranges::all_of(members_,
                                      [](const member& one) { return one.is == state::without; });
        if (joined_) ++generation_;
        return joined_;
    }

    /// What the seat's member owns: one partition, another one in each generation.
    [[nodiscard]] std::size_t partition_of(std::size_t seat) const {
        return (seat + generation_) % partitions;
    }

    told_operation subscribe(member& one) {
        one.is = state::without;
        return {.process = one.process,
                .f = "subscribe",
                .meant = "[0,1,2,3,4,5,6,7,8,9]",
                .done = "[0,1,2,3,4,5,6,7,8,9]",
                .more_meant = ",\"session-timeout-ms\":6000,\"max-poll-interval-ms\":6000"};
    }

    [[nodiscard]] std::string rebalance(std::string_view event,
                                        std::size_t seat,
                                        std::int64_t now) {
        return fmt::format(
            ",\"rebalance-log\":[{{\"event\":\"{}\",\"keys\":[{}],\"time\":{},\"generation\":{}}}]",
            event,
            partition_of(seat),
            now,
            generation_);
    }

    told_operation give_up(member& one, std::size_t seat, std::int64_t now) {
        told_operation made{.process = one.process,
                            .f = one.is == state::asked_to_leave ? "unsubscribe" : "poll",
                            .meant = "[[\"poll\"]]",
                            .done = "[[\"poll\",{}]]",
                            .more_done = rebalance("revoked", seat, now)};
        if (one.is == state::asked_to_leave) {
            one = {.process = number(seats) + lives_++};
        } else {
            one.is = state::without;
        }
        // Whatever was not committed is given to the next owner again.
        positions_[partition_of(seat)] = committed_[partition_of(seat)];
        return made;
    }

    told_operation poll(member& one, std::size_t seat, bool assigned, std::int64_t now) {
        told_operation made{.process = one.process, .f = "poll", .meant = "[[\"poll\"]]"};
        if (assigned) {
            one.is = state::owner;
            made.more_done = rebalance("assigned", seat, now);
        }
        if (one.is != state::owner) {
            made.done = "[[\"poll\",{}]]";
            return made;
        }
        const std::size_t of = partition_of(seat);
        made.done = fmt::format("[[\"poll\",{{\"{}\":[", of);
        std::uint64_t& position = positions_[of];
        const std::uint64_t last = std::min(ends_[of], position + polled_max);
        for (; position < last; ++position) {
            const std::string_view comma = position + 1 < last ? "," : "";
            fmt::format_to(std::back_inserter(made.done), "[{},{}]{}", position, position, comma);
        }
        made.done += "]}]]";
        return made;
    }

    told_operation commit(const member& one, std::size_t seat) {
        const std::size_t of = partition_of(seat);
        committed_[of] = positions_[of];
        return of_offset("commit", one, of);
    }

    told_operation ask(const member& one, std::size_t seat) {
        return of_offset("committed", one, partition_of(seat));
    }

    told_operation of_offset(std::string_view f, const member& one, std::size_t of) {
        const std::string value = fmt::format("{{\"{}\":{}}}", of, committed_[of]);
        const std::string generation = fmt::format(",\"generation\":{}", generation_);
        return {.process = one.process,
                .f = f,
                .meant = value,
                .done = value,
                .more_meant = generation,
                .more_done = generation};
    }

    told_operation feed(std::size_t seat) {
        const std::size_t to = dice_.pick(partitions);
        const std::uint64_t offset = ends_[to]++;
        return {.process = number(seat),
                .f = "send",
                .meant = fmt::format("[[\"send\",{},{}]]", to, offset),
                .done = fmt::format("[[\"send\",{},[{},{}]]]", to, offset, offset)};
    }

    static std::int64_t number(std::size_t seat) { return static_cast<std::int64_t>(seat); }

    dice dice_;
    std::uint64_t drawn_ = 0;
    std::uint64_t generation_ = 0;
    /// Since the last rebalance began somebody was told of the next generation.
    bool joined_ = false;
    std::int64_t lives_ = 0;
    std::array<member, members> members_{};
    std::array<std::uint64_t, partitions> ends_{};
    std::array<std::uint64_t, partitions> positions_{};
    std::array<std::uint64_t, partitions> committed_{};
};

}  // namespace

std::unique_ptr<history_maker> make_groups() {
    return std::make_unique<group>();
}

}  // namespace verdikt::bench
