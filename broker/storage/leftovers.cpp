#include "broker/storage/leftovers.h"

#include "broker/storage/batch_scanner.h"
#include "broker/storage/file_names.h"
#include "broker/storage/small_file.h"

#include <algorithm>

namespace verdikt::broker::storage {

namespace {

struct found_files {
    std::vector<std::string> garbage;
    std::vector<kafka::offset> logs;
    std::vector<kafka::offset> swaps;
    std::vector<log_file_name> indexes;
};

found_files sort_out(const std::vector<runtime::directory_entry>& entries) {
    found_files found;
    for (const runtime::directory_entry& entry : entries) {
        const auto name = parse_log_file_name(entry.name);
        if (!name) {
            if (entry.name.ends_with(temporary_suffix)) found.garbage.push_back(entry.name);
            continue;
        }
        const bool is_log = name->kind == file_kind::log;
        const bool is_swap = name->state == file_state::swap;
        // The indexes of a swap are built anew from its log.
        const bool never_valid = name->state != file_state::valid && !(is_log && is_swap);
        if (never_valid) {
            found.garbage.push_back(entry.name);
        } else if (is_swap) {
            found.swaps.push_back(name->base);
        } else if (is_log) {
            found.logs.push_back(name->base);
        } else if (name->kind != file_kind::producer_snapshot) {
            found.indexes.push_back(*name);
        }
    }
    return found;
}

// One past the last offset in the compacted log.
file_result<kafka::offset> end_of_swap(runtime::file_system& files,
                                       std::filesystem::path path,
                                       kafka::offset base) {
    auto opened = co_await files.open(std::move(path), runtime::open_mode::read);
    if (!opened) co_return std::unexpected(opened.error());
    std::shared_ptr<runtime::file> log = std::move(*opened);
    batch_scanner scanner(
        log, {.begin = 0, .end = log->size(), .base = base}, batch_scanner::depth::headers);
    for (;;) {
        const auto found = co_await scanner.next();
        if (!found) co_return std::unexpected(found.error());
        if (!*found) co_return scanner.next_offset();
    }
}

// A swap was complete and synced before it got its name. It replaces the segment of its own base,
// and every other whose base lies in what it covers.
file_result<> finish_swap(runtime::file_system& files,
                          std::filesystem::path directory,
                          kafka::offset base,
                          std::vector<kafka::offset>& logs) {
    const std::filesystem::path swap =
        directory / to_string({.base = base, .kind = file_kind::log, .state = file_state::swap});
    const auto end = co_await end_of_swap(files, swap, base);
    if (!end) co_return std::unexpected(end.error());
    const auto replaced = [&](kafka::offset other) { return other > base && other < *end; };
    for (const kafka::offset other : logs) {
        if (!replaced(other)) continue;
        const auto removed = co_await remove_segment(files, directory, other);
        if (!removed) co_return removed;
    }
    std::erase_if(logs, replaced);
    for (const file_kind kind :
         {file_kind::offset_index, file_kind::time_index, file_kind::transaction_index}) {
        const auto removed = co_await remove_if_present(
            files, directory / to_string({.base = base, .kind = kind, .state = file_state::valid}));
        if (!removed) co_return removed;
    }
    if (std::ranges::find(logs, base) == logs.end()) logs.push_back(base);
    co_return co_await files.rename(
        swap,
        directory / to_string({.base = base, .kind = file_kind::log, .state = file_state::valid}));
}

}  // namespace

file_result<std::vector<kafka::offset>> clear_leftovers(runtime::file_system& files,
                                                        std::filesystem::path directory) {
    const auto entries = co_await files.list(directory);
    if (!entries) co_return std::unexpected(entries.error());
    found_files found = sort_out(*entries);
    bool changed = !found.garbage.empty() || !found.swaps.empty();
    for (const std::string& name : found.garbage) {
        const auto removed = co_await remove_if_present(files, directory / name);
        if (!removed) co_return std::unexpected(removed.error());
    }
    for (const kafka::offset swap : found.swaps) {
        const auto finished = co_await finish_swap(files, directory, swap, found.logs);
        if (!finished) co_return std::unexpected(finished.error());
    }
    for (const log_file_name& index : found.indexes) {
        if (std::ranges::find(found.logs, index.base) != found.logs.end()) continue;
        const auto removed = co_await remove_if_present(files, directory / to_string(index));
        if (!removed) co_return std::unexpected(removed.error());
        changed = true;
    }
    if (changed) {
        const auto synced = co_await files.sync_directory(directory);
        if (!synced) co_return std::unexpected(synced.error());
    }
    std::ranges::sort(found.logs);
    co_return std::move(found.logs);
}

}  // namespace verdikt::broker::storage
