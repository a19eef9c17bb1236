#include "history_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <ctime>
#include <iterator>

namespace verdikt::bench {

namespace {

constexpr std::size_t chunk = std::size_t{1} << 18;

}  // namespace

std::unique_ptr<history_maker> make_history(history_of what) {
    switch (what) {
        case history_of::lists:
            return make_lists();
        case history_of::registers:
            return make_registers();
        case history_of::messages:
            return make_messages();
        case history_of::exactly_once:
            return make_exactly_once();
        case history_of::groups:
            return make_groups();
        case history_of::compaction:
            return make_compaction();
        case history_of::admin:
            return make_admin();
    }
    return nullptr;
}

history_text::history_text(history_of what, std::uint64_t operations)
    : maker_(make_history(what)), left_(operations), under_way_(history_maker::seats) {}

bool history_text::is_over() const {
    const auto busy = [](const auto& one) { return one.has_value(); };
    return left_ == 0 && std::ranges::none_of(under_way_, busy);
}

std::expected<std::size_t, std::string> history_text::read(std::span<char> into) {
    if (used_ == text_.size()) {
        const std::clock_t began = std::clock();
        text_.clear();
        used_ = 0;
        while (text_.size() < chunk && !closed_) add_line();
        seconds_ += static_cast<double>(std::clock() - began) / CLOCKS_PER_SEC;
    }
    const std::size_t count = std::min(into.size(), text_.size() - used_);
    std::memcpy(into.data(), text_.data() + used_, count);
    used_ += count;
    return count;
}

void history_text::add_line() {
    if (!opened_) {
        opened_ = !add_alone(maker_->draw_first());
        return;
    }
    if (is_over()) {
        closed_ = !add_alone(maker_->draw_last());
        return;
    }
    const std::size_t seat = dice_.pick(under_way_.size());
    if (under_way_[seat]) {
        end(under_way_[seat]);
    } else if (left_ > 0) {
        begin(seat);
    }
}

bool history_text::add_alone(std::optional<told_operation> what) {
    if (!what) return false;
    add(*what, "invoke", what->meant, what->more_meant);
    end(what);
    return true;
}

void history_text::begin(std::size_t seat) {
    --left_;
    const auto now = static_cast<std::int64_t>(lines_) * history_maker::line_ns;
    under_way_[seat] = maker_->draw(seat, now);
    const told_operation& what = *under_way_[seat];
    add(what, "invoke", what.meant, what.more_meant);
}

void history_text::end(std::optional<told_operation>& what) {
    add(*what, "ok", what->done, what->more_done);
    what.reset();
}

void history_text::add(const told_operation& what,
                       std::string_view type,
                       std::string_view value,
                       std::string_view more) {
    fmt::format_to(std::back_inserter(text_),
                   "{{\"index\":{},\"time\":{},\"process\":{},\"type\":\"{}\",\"f\":\"{}\","
                   "\"value\":{}{}}}\n",
                   lines_,
                   static_cast<std::int64_t>(lines_) * history_maker::line_ns,
                   what.process,
                   type,
                   what.f,
                   value,
                   more);
    ++lines_;
}

}  // namespace verdikt::bench
