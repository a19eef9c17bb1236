/// The bytes of one simulated file: what the page cache shows, and what the medium holds.
///
/// The two differ only in unsynced sectors. Sectors below `synced_end` exist on the medium; where
/// the cache shows something else, `old_` remembers what the medium holds. Sectors from
/// `synced_end` on were appended and never reached it. So an append costs one copy, and a sync
/// nothing.
///
/// A sector whose sync failed is clean in the cache's eyes: no later sync writes it, unless
/// somebody writes to it again.
///
/// Invariants: pages past the size are absent; bytes past the size within the last page are zero;
/// an absent page is zeros.
#pragma once

#include "runtime/files.h"
#include "runtime/random.h"

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <vector>

namespace verdikt::runtime::sim {

/// What the files of one disk take together, in pages.
struct page_budget {
    std::uint64_t used = 0;
    std::uint64_t limit = 0;
};

/// What a power loss did to unsynced sectors.
struct power_loss_damage {
    std::uint64_t sectors_lost = 0;
    std::uint64_t sectors_kept = 0;

    [[nodiscard]] bool torn() const { return sectors_lost > 0 && sectors_kept > 0; }
};

class file_content {
  public:
    static constexpr std::uint64_t page_bytes = 4096;
    static constexpr std::uint64_t sector_bytes = 512;

    explicit file_content(page_budget& budget) : budget_(budget) {}
    file_content(const file_content&) = delete;
    file_content& operator=(const file_content&) = delete;
    ~file_content();

    [[nodiscard]] std::uint64_t size() const { return size_; }
    [[nodiscard]] bool has_unsynced() const;

    std::size_t read(std::uint64_t position, mutable_bytes into) const;
    /// Bytes written: fewer than asked for where the disk is full.
    std::size_t write(std::uint64_t position, const_bytes bytes);
    void truncate(std::uint64_t size);

    void sync_succeeded();
    void sync_failed();
    /// As the kernel does at moments of its own: some unsynced sectors reach the medium.
    void write_some_back(random_source& random);
    power_loss_damage lose_power(random_source& random);
    /// On the medium and in the cache. Requires: within the file.
    void flip_bit(std::uint64_t position, unsigned bit);

    /// Whether its pages count against the budget: not once it is unlinked and closed.
    void set_charged(bool charged);

    void check_invariants() const;

  private:
    using page = std::array<std::byte, page_bytes>;
    static constexpr std::uint64_t sectors_a_page = page_bytes / sector_bytes;

    /// What the medium holds where the cache differs, for some sectors of one page.
    struct old_page {
        std::unique_ptr<page> bytes;  ///< Absent: zeros.
        std::uint8_t differs = 0;     ///< By sector: the medium holds `bytes`.
        std::uint8_t dirty = 0;       ///< By sector: a sync will write it. A part of `differs`.
    };

    using old_pages = std::map<std::uint64_t, old_page>;

    class crash;

    page* page_for_write(std::uint64_t number);
    page& page_of_medium(std::uint64_t number);
    void free_page(std::uint64_t number);
    void free_pages_from(std::uint64_t number);
    void remember_old(std::uint64_t first_sector, std::uint64_t end_sector);
    void remember_old_in_page(std::uint64_t number, std::uint8_t sectors);
    void remember_dropped_appends();
    void zero_behind_size();
    old_pages::iterator reached_medium(old_pages::iterator which, std::uint8_t sectors);

    page_budget& budget_;
    std::vector<std::unique_ptr<page>> pages_;
    old_pages old_;  ///< By page.
    std::uint64_t pages_used_ = 0;
    std::uint64_t size_ = 0;
    std::uint64_t synced_size_ = 0;
    std::uint64_t synced_end_ = 0;     ///< In sectors.
    std::uint64_t smallest_size_ = 0;  ///< Since the last sync.
    bool charged_ = true;
};

}  // namespace verdikt::runtime::sim
