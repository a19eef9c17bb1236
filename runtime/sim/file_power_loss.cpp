// What is left of a file when the power fails before it was synced.
//
// A device writes whole sectors and in any order, a file system journals sizes apart from data. So
// each unsynced sector is decided by itself, and the size may stand anywhere between what was
// synced and what was written; what lies below the size but never reached the medium reads as zeros
// (a file system that hides stale blocks) or as garbage (one that does not).
#include "runtime/sim/file_content.h"

#include "runtime/check.h"

#include <algorithm>
#include <span>

namespace verdikt::runtime::sim {

class file_content::crash {
  public:
    crash(file_content& file, random_source& random) : file_(file), random_(random) {
        constexpr std::array chances{0.0, 1.0, 0.5, 0.1, 0.9};
        // First the two clean outcomes, then a mixture, then a prefix as an ordered journal leaves
        // it.
        const std::uint64_t drawn = random_.below(chances.size() + 1);
        prefix_only_ = drawn == chances.size();
        keep_chance_ = prefix_only_ ? 1.0 : chances[drawn];
        garbage_ = random_.chance(0.5);
    }

    power_loss_damage run() {
        const std::uint64_t size = left_size();
        restore_old_sectors(size);
        lose_appended_sectors(size);
        cut_to(size);
        return damage_;
    }

  private:
    std::uint64_t left_size() {
        const std::uint64_t synced = file_.synced_size_;
        const std::uint64_t written = file_.size_;
        if (keep_chance_ == 0.0) return synced;
        if (!prefix_only_ && keep_chance_ == 1.0) return written;
        const std::uint64_t low = std::min(file_.smallest_size_, synced);
        const std::uint64_t high = std::max(written, synced);
        switch (random_.below(4)) {
            case 0:
                return synced;
            case 1:
                return written;
            default:
                return static_cast<std::uint64_t>(random_.between(static_cast<std::int64_t>(low),
                                                                  static_cast<std::int64_t>(high)));
        }
    }

    bool keeps_sector(std::uint64_t sector, std::uint64_t size) {
        const bool kept =
            prefix_only_ ? sector * sector_bytes < size : random_.chance(keep_chance_);
        if (kept) {
            ++damage_.sectors_kept;
        } else {
            ++damage_.sectors_lost;
        }
        return kept;
    }

    // A sector whose sync failed is not dirty: it never had a chance to be written.
    void restore_old_sectors(std::uint64_t size) {
        for (auto& [number, old] : file_.old_) {
            for (std::uint64_t within = 0; within < sectors_a_page; ++within) {
                if ((old.differs >> within & 1U) == 0) continue;
                const std::uint64_t sector = number * sectors_a_page + within;
                const bool dirty = (old.dirty >> within & 1U) != 0;
                if (dirty && keeps_sector(sector, size)) continue;
                if (!dirty) ++damage_.sectors_lost;
                restore(number, within, old);
            }
        }
    }

    void restore(std::uint64_t number, std::uint64_t within, const old_page& old) {
        const std::span<std::byte> into = sector_of(number, within);
        if (old.bytes == nullptr) {
            std::ranges::fill(into, std::byte{});
        } else {
            std::ranges::copy_n(
                old.bytes->data() + within * sector_bytes, sector_bytes, into.data());
        }
    }

    void lose_appended_sectors(std::uint64_t size) {
        const std::uint64_t written_end = (file_.size_ + sector_bytes - 1) / sector_bytes;
        for (std::uint64_t sector = file_.synced_end_; sector < written_end; ++sector) {
            if (is_hole(sector)) continue;
            if (sector * sector_bytes >= size) {
                ++damage_.sectors_lost;
                continue;
            }
            if (keeps_sector(sector, size)) continue;
            const auto into = sector_of(sector / sectors_a_page, sector % sectors_a_page);
            if (garbage_) {
                random_.fill(into);
            } else {
                std::ranges::fill(into, std::byte{});
            }
        }
    }

    void cut_to(std::uint64_t size) {
        file_.size_ = size;
        file_.free_pages_from((size + page_bytes - 1) / page_bytes);
        file_.zero_behind_size();
        file_.old_.clear();
        file_.synced_size_ = file_.smallest_size_ = size;
        file_.synced_end_ = (size + sector_bytes - 1) / sector_bytes;
    }

    std::span<std::byte> sector_of(std::uint64_t number, std::uint64_t within) {
        return std::span(file_.page_of_medium(number)).subspan(within * sector_bytes, sector_bytes);
    }

    // Nothing was written there, so there is nothing to lose.
    [[nodiscard]] bool is_hole(std::uint64_t sector) const {
        const std::uint64_t number = sector / sectors_a_page;
        return number >= file_.pages_.size() || file_.pages_[number] == nullptr;
    }

    file_content& file_;
    random_source& random_;
    power_loss_damage damage_;
    double keep_chance_ = 0;
    bool prefix_only_ = false;
    bool garbage_ = false;
};

power_loss_damage file_content::lose_power(random_source& random) {
    if (!has_unsynced()) return {};
    return crash(*this, random).run();
}

}  // namespace verdikt::runtime::sim
