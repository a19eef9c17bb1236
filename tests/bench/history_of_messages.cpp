/// Single sends, and polls of up to two messages; everybody reads every partition in order.
#include "history_maker.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

namespace verdikt::bench {

namespace {

constexpr std::size_t partitions = 10;
constexpr std::size_t polled_max = 2;

class messages final : public history_maker {
  public:
    told_operation draw(std::size_t seat, std::int64_t /*now*/) override {
        told_operation made{.process = static_cast<std::int64_t>(seat), .f = "txn"};
        const std::size_t at = dice_.pick(partitions);
        if (dice_.pick(2) == 0) {
            const std::size_t sent = sent_[at]++;
            made.meant = fmt::format("[[\"send\",{},{}]]", at, sent);
            made.done = fmt::format("[[\"send\",{},[{},{}]]]", at, sent, sent);
            return made;
        }
        made.meant = "[[\"poll\"]]";
        made.done = fmt::format("[[\"poll\",{{\"{}\":[", at);
        std::size_t& position = positions_[seat][at];
        const std::size_t last = std::min(sent_[at], position + polled_max);
        for (; position < last; ++position) {
            const std::string_view comma = position + 1 < last ? "," : "";
            fmt::format_to(std::back_inserter(made.done), "[{},{}]{}", position, position, comma);
        }
        made.done += "]}]]";
        return made;
    }

  private:
    dice dice_;
    std::array<std::size_t, partitions> sent_{};
    /// How far each has read each partition.
    std::array<std::array<std::size_t, partitions>, seats> positions_{};
};

}  // namespace

std::unique_ptr<history_maker> make_messages() {
    return std::make_unique<messages>();
}

}  // namespace verdikt::bench
