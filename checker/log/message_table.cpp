#include "checker/log/message_table.h"

#include "checker/history/json_names.h"
#include "checker/history/writer.h"

#include <algorithm>
#include <bit>
#include <optional>
#include <utility>

namespace verdikt::checker::log {

namespace {

/// The integer that it is or looks like, or its letters.
struct printed {
    std::optional<std::int64_t> integer;
    std::string letters;
};

printed print(history::datum_view what) {
    if (what.is_integer()) return {what.integer(), {}};
    std::string letters(what.name());
    if (!what.is_name()) history::append_edn(letters, what);
    if (const auto integer = history::integer_key(letters)) return {integer, {}};
    return {std::nullopt, std::move(letters)};
}

/// Any good mixing of bits: values and partitions are small and consecutive.
std::uint64_t mix(std::uint64_t bits) {
    bits ^= bits >> 32;
    bits *= 0x9E3779B97F4A7C15ULL;
    return bits ^ (bits >> 29);
}

}  // namespace

std::uint32_t message_table::number_of(std::uint32_t partition, history::datum_view value) {
    message wanted{0, partition, false};
    if (value.is_integer()) {
        wanted.value = value.integer();
    } else {
        printed name = print(value);
        wanted.is_text = !name.integer;
        wanted.value = name.integer ? *name.integer : place_of(std::move(name.letters));
    }
    make_room();
    const std::size_t slot = slot_of(wanted);
    if (slots_[slot] == none) {
        slots_[slot] = static_cast<std::uint32_t>(messages_.size());
        messages_.push_back(wanted);
    }
    return slots_[slot];
}

std::int64_t message_table::place_of(std::string letters) {
    const auto [at, fresh] =
        places_.try_emplace(std::move(letters), static_cast<std::int64_t>(texts_.size()));
    if (fresh) texts_.push_back(at->first);
    return at->second;
}

std::string message_table::text_of(std::uint32_t message) const {
    const auto& found = messages_[message];
    return found.is_text ? texts_[static_cast<std::size_t>(found.value)]
                         : std::to_string(found.value);
}

std::size_t message_table::slot_of(const message& wanted) const {
    const std::uint64_t hash =
        mix(static_cast<std::uint64_t>(wanted.value) * 0x100000001B3ULL +
            (std::uint64_t{wanted.partition} << 1) + (wanted.is_text ? 1 : 0));
    std::size_t slot = hash & (slots_.size() - 1);
    while (slots_[slot] != none && !(messages_[slots_[slot]] == wanted)) {
        slot = (slot + 1) & (slots_.size() - 1);
    }
    return slot;
}

void message_table::make_room() {
    constexpr std::size_t slots_min = 64;
    if (messages_.size() * 3 < slots_.size() * 2) return;
    slots_ = {};
    slots_.resize(std::max(slots_min, std::bit_ceil(messages_.size() * 2)), none);
    for (std::uint32_t number = 0; number < messages_.size(); ++number) {
        slots_[slot_of(messages_[number])] = number;
    }
}

}  // namespace verdikt::checker::log
