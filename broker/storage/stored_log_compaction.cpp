#include "broker/storage/stored_log.h"
#include "runtime/check.h"

#include <algorithm>
#include <utility>

namespace verdikt::broker::storage {

file_result<bool> stored_log::replace_segments(std::vector<segment_ptr> old_ones,
                                               segment_ptr compacted) {
    CHECK(!old_ones.empty() && compacted->base == old_ones.front()->base);
    // So that recovery need not read what is thinned out now.
    if (const auto saved = co_await host_.save_checkpoints(); !saved) co_return false;
    const turnstile::turn turn = co_await turn_.enter();
    const turnstile::turn flush_turn = co_await flush_turn_.enter();
    const auto first = std::ranges::search(segments_, old_ones).begin();
    const bool still_there = first != segments_.end() && old_ones.back() != segments_.back();
    if (!still_there || failure()) {
        (void)co_await remove_if_present(files(), swap_path(*compacted, file_state::cleaned));
        co_return false;
    }
    const auto swapped = co_await swap_files(old_ones, compacted);
    if (!swapped) co_return std::unexpected(swapped.error());
    const auto place = std::ranges::search(segments_, old_ones).begin();
    *place = compacted;
    persist_needed_ = true;
    segments_.erase(place + 1, place + static_cast<std::ptrdiff_t>(old_ones.size()));
    for (const segment_ptr& each : old_ones) std::erase(indexes_in_memory_, each);
    const auto persisted = co_await persist_indexes(files(), compacted);
    if (!persisted) co_return std::unexpected(persisted.error());
    const auto named = co_await files().sync_directory(who_.directory);
    if (!named) co_return std::unexpected(named.error());
    compacted->persisted = true;
    touch_indexes(compacted);
    co_return true;
}

std::filesystem::path stored_log::swap_path(const segment& of, file_state state) const {
    return who_.directory / to_string({.base = of.base, .kind = file_kind::log, .state = state});
}

// The same steps as recovery takes when it finds the swap.
file_result<> stored_log::swap_files(const std::vector<segment_ptr>& old_ones,
                                     segment_ptr compacted) {
    const std::filesystem::path swap = swap_path(*compacted, file_state::swap);
    auto done = co_await files().rename(swap_path(*compacted, file_state::cleaned), swap);
    if (!done) co_return done;
    done = co_await files().sync_directory(who_.directory);
    if (!done) co_return done;
    for (const segment_ptr& each : old_ones) {
        if (each->base == compacted->base) continue;
        done = co_await remove_segment(files(), who_.directory, each->base);
        if (!done) co_return done;
    }
    for (const file_kind kind :
         {file_kind::offset_index, file_kind::time_index, file_kind::transaction_index}) {
        done = co_await remove_if_present(files(), path_of(*compacted, kind));
        if (!done) co_return done;
    }
    co_return co_await files().rename(swap, swap_path(*compacted, file_state::valid));
}

}  // namespace verdikt::broker::storage
