/// The files of one segment: making, opening, indexing, replacing and removing them.
///
/// Errors are the file system's own, passed up; the log decides what they mean.
#pragma once

#include "broker/storage/file_names.h"
#include "broker/storage/log_config.h"
#include "broker/storage/segment.h"
#include "runtime/awaitable.h"
#include "runtime/files.h"

#include <cstdint>
#include <expected>
#include <filesystem>
#include <memory>
#include <vector>

namespace verdikt::broker::storage {

template <typename T = void>
using file_result = runtime::awaitable<std::expected<T, runtime::errc>>;

using segment_ptr = std::shared_ptr<segment>;

[[nodiscard]] std::filesystem::path path_of(const segment& which, file_kind kind);

/// An empty segment; its name is durable only after the directory is synced. What may lie there
/// under its name, left by a roll that failed, is emptied.
[[nodiscard]] file_result<segment_ptr> create_segment(runtime::file_system& files,
                                                      std::filesystem::path directory,
                                                      kafka::offset base,
                                                      const log_config& config);

/// The file alone: indexes absent, nothing noted, size as on disk.
[[nodiscard]] file_result<segment_ptr> open_segment(runtime::file_system& files,
                                                    std::filesystem::path directory,
                                                    kafka::offset base);

/// Reads what a lookup needs of a sealed segment whose indexes were dropped from memory, or builds
/// it from the log if the files are not to be believed.
[[nodiscard]] file_result<> load_indexes(runtime::file_system& files,
                                         segment_ptr which,
                                         const log_config& config);

/// For a sealed segment of a log that was closed in good order, or below the recovery point: its
/// size, largest timestamp and aborted transactions, from the index files.
/// Requires: just opened; `next_offset` is the base of the segment behind it.
[[nodiscard]] file_result<> open_sealed(runtime::file_system& files,
                                        segment_ptr which,
                                        kafka::offset next_offset,
                                        const log_config& config);

/// As `open_sealed` for the segment that grows: its indexes are loaded, if they were written, and
/// what they do not cover is read from the log. False if they contradict the log, or are not there
/// but should be: it must then be scanned.
[[nodiscard]] file_result<bool> open_active(runtime::file_system& files,
                                            segment_ptr which,
                                            const log_config& config);

/// Notes what lies between the segment's size and `end`, reading headers only. False if that does
/// not end with a whole batch at `end`.
[[nodiscard]] file_result<bool> note_until(segment_ptr which,
                                           std::uint64_t end,
                                           const log_config& config);

/// Durably removes the index files that an earlier life may have left. Syncs nothing if there are
/// none.
[[nodiscard]] file_result<> forget_indexes(runtime::file_system& files, segment_ptr which);

/// Writes and syncs the index files. Requires: both indexes are in memory.
[[nodiscard]] file_result<> persist_indexes(runtime::file_system& files, segment_ptr which);

/// Removes the files of the segment, whatever of them is there. What has them open can go on
/// reading.
[[nodiscard]] file_result<> remove_segment(runtime::file_system& files,
                                           std::filesystem::path directory,
                                           kafka::offset base);
/// Marks them `.deleted`, the log first.
[[nodiscard]] file_result<> mark_deleted(runtime::file_system& files,
                                         std::filesystem::path directory,
                                         kafka::offset base);

/// As `remove`, but a file that is not there is no error.
[[nodiscard]] file_result<> remove_if_present(runtime::file_system& files,
                                              std::filesystem::path path);

}  // namespace verdikt::broker::storage
