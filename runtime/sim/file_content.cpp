#include "runtime/sim/file_content.h"

#include "runtime/check.h"

#include <algorithm>
#include <cstring>

namespace verdikt::runtime::sim {

namespace {

constexpr std::uint64_t round_up(std::uint64_t bytes, std::uint64_t unit) {
    return (bytes + unit - 1) / unit;
}

/// The sectors [first, end) of a page as a bit mask.
constexpr std::uint8_t mask_of(std::uint64_t first, std::uint64_t end) {
    return static_cast<std::uint8_t>(((1U << end) - 1U) & ~((1U << first) - 1U));
}

}  // namespace

file_content::~file_content() {
    set_charged(false);
}

bool file_content::has_unsynced() const {
    return !old_.empty() || size_ != synced_size_ || smallest_size_ != synced_size_ ||
           round_up(size_, sector_bytes) > synced_end_;
}

std::size_t file_content::read(std::uint64_t position, mutable_bytes into) const {
    if (position >= size_) return 0;
    const auto count =
        static_cast<std::size_t>(std::min<std::uint64_t>(into.size(), size_ - position));
    std::size_t done = 0;
    while (done < count) {
        const std::uint64_t number = (position + done) / page_bytes;
        const std::uint64_t offset = (position + done) % page_bytes;
        const auto part =
            static_cast<std::size_t>(std::min<std::uint64_t>(page_bytes - offset, count - done));
        const page* const from = number < pages_.size() ? pages_[number].get() : nullptr;
        if (from != nullptr) {
            std::memcpy(into.data() + done, from->data() + offset, part);
        } else {
            std::memset(into.data() + done, 0, part);
        }
        done += part;
    }
    return count;
}

std::size_t file_content::write(std::uint64_t position, const_bytes bytes) {
    if (bytes.empty()) return 0;
    remember_old(position / sector_bytes, round_up(position + bytes.size(), sector_bytes));
    std::size_t done = 0;
    while (done < bytes.size()) {
        const std::uint64_t offset = (position + done) % page_bytes;
        const auto part = static_cast<std::size_t>(
            std::min<std::uint64_t>(page_bytes - offset, bytes.size() - done));
        page* const into = page_for_write((position + done) / page_bytes);
        if (into == nullptr) break;
        std::memcpy(into->data() + offset, bytes.data() + done, part);
        done += part;
    }
    if (done > 0) size_ = std::max(size_, position + done);
    return done;
}

void file_content::truncate(std::uint64_t size) {
    if (size < size_) {
        remember_old(size / sector_bytes, round_up(size_, sector_bytes));
        size_ = size;
        free_pages_from(round_up(size, page_bytes));
        zero_behind_size();
    }
    size_ = size;
    smallest_size_ = std::min(smallest_size_, size);
}

file_content::page* file_content::page_for_write(std::uint64_t number) {
    if (number < pages_.size() && pages_[number] != nullptr) return pages_[number].get();
    if (charged_ && budget_.used >= budget_.limit) return nullptr;
    return &page_of_medium(number);
}

// Whatever the budget says: for the medium, which has room for all that it holds.
file_content::page& file_content::page_of_medium(std::uint64_t number) {
    if (number >= pages_.size()) pages_.resize(number + 1);
    if (pages_[number] == nullptr) {
        pages_[number] = std::make_unique<page>();
        ++pages_used_;
        if (charged_) ++budget_.used;
    }
    return *pages_[number];
}

void file_content::free_page(std::uint64_t number) {
    if (number >= pages_.size() || pages_[number] == nullptr) return;
    pages_[number].reset();
    --pages_used_;
    if (charged_) --budget_.used;
}

void file_content::free_pages_from(std::uint64_t number) {
    for (std::uint64_t each = number; each < pages_.size(); ++each) free_page(each);
    if (number < pages_.size()) pages_.resize(number);
}

void file_content::zero_behind_size() {
    const std::uint64_t offset = size_ % page_bytes;
    const std::uint64_t number = size_ / page_bytes;
    if (offset == 0 || number >= pages_.size() || pages_[number] == nullptr) return;
    std::memset(pages_[number]->data() + offset, 0, page_bytes - offset);
}

void file_content::set_charged(bool charged) {
    if (charged == charged_) return;
    charged_ = charged;
    if (charged) {
        budget_.used += pages_used_;
    } else {
        budget_.used -= pages_used_;
    }
}

void file_content::remember_old(std::uint64_t first_sector, std::uint64_t end_sector) {
    end_sector = std::min(end_sector, synced_end_);
    while (first_sector < end_sector) {
        const std::uint64_t number = first_sector / sectors_a_page;
        const std::uint64_t page_end = std::min(end_sector, (number + 1) * sectors_a_page);
        remember_old_in_page(
            number,
            mask_of(first_sector - number * sectors_a_page, page_end - number * sectors_a_page));
        first_sector = page_end;
    }
}

void file_content::remember_old_in_page(std::uint64_t number, std::uint8_t sectors) {
    old_page& old = old_[number];
    old.dirty |= sectors;
    const auto added = static_cast<std::uint8_t>(sectors & ~old.differs);
    const page* const cached = number < pages_.size() ? pages_[number].get() : nullptr;
    if (added != 0 && cached != nullptr && old.bytes == nullptr) {
        old.bytes = std::make_unique<page>();
    }
    if (old.bytes != nullptr) {
        for (std::uint64_t sector = 0; sector < sectors_a_page; ++sector) {
            if ((added >> sector & 1U) == 0) continue;
            std::byte* const into = old.bytes->data() + sector * sector_bytes;
            if (cached == nullptr) {
                std::memset(into, 0, sector_bytes);
            } else {
                std::memcpy(into, cached->data() + sector * sector_bytes, sector_bytes);
            }
        }
    }
    old.differs |= sectors;
}

void file_content::sync_succeeded() {
    for (auto each = old_.begin(); each != old_.end();) {
        each = reached_medium(each, each->second.dirty);
    }
    synced_size_ = smallest_size_ = size_;
    synced_end_ = round_up(size_, sector_bytes);
    old_.erase(old_.lower_bound(round_up(size_, page_bytes)), old_.end());
}

void file_content::sync_failed() {
    remember_dropped_appends();
    for (auto& [number, old] : old_) old.dirty = 0;
    synced_end_ = std::max(synced_end_, round_up(size_, sector_bytes));
}

// What was appended and then dropped is, on the medium, zeros.
void file_content::remember_dropped_appends() {
    std::uint64_t sector = synced_end_;
    const std::uint64_t end = round_up(size_, sector_bytes);
    for (; sector < end; ++sector) {
        old_page& old = old_[sector / sectors_a_page];
        const std::uint64_t within = sector % sectors_a_page;
        old.differs |= mask_of(within, within + 1);
        if (old.bytes == nullptr) continue;
        std::memset(old.bytes->data() + within * sector_bytes, 0, sector_bytes);
    }
}

void file_content::write_some_back(random_source& random) {
    for (auto each = old_.begin(); each != old_.end();) {
        each = reached_medium(each, static_cast<std::uint8_t>(each->second.dirty & random.next()));
    }
}

// The medium now holds what the cache shows in these sectors of the page. Returns the next page.
file_content::old_pages::iterator file_content::reached_medium(old_pages::iterator which,
                                                               std::uint8_t sectors) {
    old_page& old = which->second;
    old.differs &= static_cast<std::uint8_t>(~sectors);
    old.dirty &= static_cast<std::uint8_t>(~sectors);
    return old.differs == 0 ? old_.erase(which) : std::next(which);
}

void file_content::flip_bit(std::uint64_t position, unsigned bit) {
    CHECK(position < size_);
    const std::uint64_t number = position / page_bytes;
    const auto mask = std::byte{static_cast<unsigned char>(1U << bit)};
    page_of_medium(number)[position % page_bytes] ^= mask;
    const auto old = old_.find(number);
    if (old != old_.end() && old->second.bytes != nullptr) {
        (*old->second.bytes)[position % page_bytes] ^= mask;
    }
}

void file_content::check_invariants() const {
    CHECK(pages_.size() <= round_up(size_, page_bytes));
    CHECK(smallest_size_ <= size_ && smallest_size_ <= synced_size_);
    std::uint64_t used = 0;
    for (const auto& each : pages_) used += each != nullptr ? 1 : 0;
    CHECK(used == pages_used_);
    for (const auto& [number, old] : old_) {
        CHECK(old.differs != 0);
        CHECK((old.dirty & ~old.differs) == 0);
    }
    if (size_ % page_bytes == 0 || pages_.size() < round_up(size_, page_bytes)) return;
    const page* const last = pages_.back().get();
    if (last == nullptr) return;
    const auto* const behind = last->data() + size_ % page_bytes;
    CHECK(std::all_of(
        behind, last->data() + page_bytes, [](std::byte b) { return b == std::byte{}; }));
}

}  // namespace verdikt::runtime::sim
