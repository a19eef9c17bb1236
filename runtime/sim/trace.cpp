#include "runtime/sim/trace.h"

#include "runtime/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace verdikt::runtime::sim {

namespace {

constexpr std::uint64_t odd_one = 0xa0761d6478bd642fULL;
constexpr std::uint64_t odd_two = 0xe7037ed1a0b428dbULL;

// All 128 bits of a product folded into 64: one multiplication mixes 16 bytes.
std::uint64_t fold(std::uint64_t one, std::uint64_t other) {
    const auto product = static_cast<unsigned __int128>(one) * other;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64U);
}

std::uint64_t load(const std::byte* from, std::size_t count) {
    std::uint64_t word = 0;
    std::memcpy(&word, from, count);
    return word;
}

}  // namespace

std::string_view describe(effect kind) {
    switch (kind) {
        case effect::timer:
            return "timer";
        case effect::connect:
            return "connect";
        case effect::accept:
            return "accept";
        case effect::refuse:
            return "refuse";
        case effect::deliver:
            return "deliver";
        case effect::hold:
            return "hold";
        case effect::end_of_stream:
            return "end-of-stream";
        case effect::reset:
            return "reset";
        case effect::give_up:
            return "give-up";
        case effect::cut:
            return "cut";
        case effect::heal:
            return "heal";
        case effect::file_read:
            return "file-read";
        case effect::file_write:
            return "file-write";
        case effect::file_sync:
            return "file-sync";
        case effect::file_truncate:
            return "file-truncate";
        case effect::file_metadata:
            return "file-metadata";
        case effect::file_error:
            return "file-error";
        case effect::file_lost:
            return "file-lost";
        case effect::bit_flip:
            return "bit-flip";
        case effect::node_start:
            return "node-start";
        case effect::node_exit:
            return "node-exit";
        case effect::node_crash:
            return "node-crash";
        case effect::node_power_loss:
            return "node-power-loss";
        case effect::clock_change:
            return "clock-change";
        case effect::log_line:
            return "log-line";
        case effect::mark:
            return "mark";
    }
    CHECK(false, "an effect of value {}", static_cast<int>(kind));
    return {};
}

std::uint64_t hash_bytes(const_bytes bytes) {
    std::uint64_t hash = odd_one ^ bytes.size();
    const std::byte* from = bytes.data();
    std::size_t left = bytes.size();
    while (left >= 16) {
        hash = fold(load(from, 8) ^ odd_two, load(from + 8, 8) ^ hash);
        from += 16;
        left -= 16;
    }
    const std::size_t first = std::min<std::size_t>(left, 8);
    const std::uint64_t low = first > 0 ? load(from, first) : 0;
    const std::uint64_t high = left > first ? load(from + first, left - first) : 0;
    return fold(low ^ odd_two, high ^ hash);
}

std::uint64_t hash_text(std::string_view text) {
    return hash_bytes(std::as_bytes(std::span(text.data(), text.size())));
}

trace::trace(std::size_t lines_kept) : kept_(std::max<std::size_t>(lines_kept, 1)) {}

void trace::record(
    effect kind, node_index node, instant when, std::uint64_t size, std::uint64_t content) {
    const auto time = static_cast<std::uint64_t>(when.time_since_epoch().count());
    const std::uint64_t what = (static_cast<std::uint64_t>(kind) << 32U) | node;
    hash_ = fold(hash_ ^ time, what ^ odd_one);
    hash_ = fold(hash_ ^ size, content ^ odd_two);
    kept_[next_line_] = {when, size, content, node, kind};
    if (++next_line_ == kept_.size()) next_line_ = 0;
    ++recorded_;
}

std::string trace::last_lines() const {
    std::string text;
    const std::size_t count = std::min<std::uint64_t>(recorded_, kept_.size());
    for (std::size_t back = count; back > 0; --back) {
        const line& shown = kept_[(next_line_ + kept_.size() - back) % kept_.size()];
        const auto time = std::chrono::duration<double>(shown.when.time_since_epoch());
        text += fmt::format("  {:.9f} node {} {} size {} content {:016x}\n",
                            time.count(),
                            shown.node,
                            describe(shown.kind),
                            shown.size,
                            shown.content);
    }
    return text;
}

}  // namespace verdikt::runtime::sim
