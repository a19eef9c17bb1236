#include "history_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <iterator>

namespace verdikt::bench {

namespace {

constexpr std::size_t processes = 20;
constexpr std::size_t keys_at_a_time = 10;
constexpr std::size_t writes_a_key = 32;
constexpr std::size_t chunk = std::size_t{1} << 18;

}  // namespace

history_text::history_text(history_of what, std::uint64_t operations)
    : what_(what), left_(operations), keys_(keys_at_a_time), processes_(processes) {
    for (key& one : keys_) one.name = keys_made_++;
    for (process& one : processes_) one.positions.assign(keys_at_a_time, 0);
}

std::uint64_t history_text::pick(std::uint64_t below) {
    // Marsaglia, 2003.
    random_ ^= random_ << 13;
    random_ ^= random_ >> 7;
    random_ ^= random_ << 17;
    return random_ % below;
}

std::expected<std::size_t, std::string> history_text::read(std::span<char> into) {
    if (used_ == text_.size()) {
        text_.clear();
        used_ = 0;
        const auto busy = [](const process& one) { return one.busy; };
        while (text_.size() < chunk && (left_ > 0 || std::ranges::any_of(processes_, busy))) {
            add_line();
        }
    }
    const std::size_t count = std::min(into.size(), text_.size() - used_);
    std::memcpy(into.data(), text_.data() + used_, count);
    used_ += count;
    return count;
}

void history_text::add_line() {
    process& one = processes_[pick(processes)];
    if (one.busy) {
        end(one);
    } else if (left_ > 0) {
        begin(one);
    }
}

// What an operation does, it does when it begins; it is known when it ends.
void history_text::begin(process& one) {
    --left_;
    one.busy = true;
    one.meant.clear();
    std::string done;
    if (what_ == history_of::messages) {
        add_messages(one, done);
    } else {
        add_transaction(one, done);
    }
    const auto number = static_cast<std::size_t>(&one - processes_.data());
    add(number, "invoke", one.meant);
    one.meant = std::move(done);
}

void history_text::end(process& one) {
    one.busy = false;
    add(static_cast<std::size_t>(&one - processes_.data()), "ok", one.meant);
}

void history_text::add_transaction(process& one, std::string& done) {
    const bool lists = what_ == history_of::lists;
    for (std::uint64_t steps = 1 + pick(4); steps > 0; --steps) {
        key& at = keys_[pick(keys_.size())];
        const std::string_view comma = steps > 1 ? "," : "";
        if (pick(2) == 0) {
            if (at.values.size() == writes_a_key) at = {.name = keys_made_++};
            at.values.push_back(at.values.size() + 1);
            const std::string write = fmt::format(
                "[\"{}\",{},{}]{}", lists ? "append" : "w", at.name, at.values.back(), comma);
            one.meant += write;
            done += write;
            continue;
        }
        fmt::format_to(std::back_inserter(one.meant), "[\"r\",{},null]{}", at.name, comma);
        if (lists) {
            fmt::format_to(std::back_inserter(done),
                           "[\"r\",{},[{}]]{}",
                           at.name,
                           fmt::join(at.values, ","),
                           comma);
        } else {
            const std::string last = at.values.empty() ? "null" : std::to_string(at.values.back());
            fmt::format_to(std::back_inserter(done), "[\"r\",{},{}]{}", at.name, last, comma);
        }
    }
}

void history_text::add_messages(process& one, std::string& done) {
    const std::uint64_t place = pick(keys_.size());
    key& at = keys_[place];
    if (pick(2) == 0) {
        const std::size_t sent = at.sent++;
        fmt::format_to(std::back_inserter(one.meant), "[\"send\",{},{}]", at.name, sent);
        fmt::format_to(std::back_inserter(done), "[\"send\",{},[{},{}]]", at.name, sent, sent);
        return;
    }
    one.meant = "[\"poll\"]";
    done += fmt::format("[\"poll\",{{\"{}\":[", at.name);
    std::size_t& position = one.positions[place];
    const std::size_t last = std::min(at.sent, position + 2);
    for (; position < last; ++position) {
        done += fmt::format("[{},{}]{}", position, position, position + 1 < last ? "," : "");
    }
    done += "]}]";
}

void history_text::add(std::size_t process, std::string_view type, std::string_view value) {
    fmt::format_to(std::back_inserter(text_),
                   "{{\"index\":{},\"time\":{},\"process\":{},\"type\":\"{}\",\"f\":\"txn\","
                   "\"value\":[{}]}}\n",
                   lines_,
                   lines_ * 1000,
                   process,
                   type,
                   value);
    ++lines_;
}

}  // namespace verdikt::bench
