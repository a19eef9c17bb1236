/// Looks into the files of a log without a broker, for `verdikt dump-log`.
///
/// Reads, never writes, and takes any bytes. Batches come one by one and their records are left to
/// the caller (kafka/records/record.h); the small files come whole.
#pragma once

#include "broker/storage/batch_scanner.h"
#include "broker/storage/checkpoint_file.h"
#include "broker/storage/errc.h"
#include "broker/storage/file_names.h"
#include "broker/storage/offset_index.h"
#include "broker/storage/producer_table.h"
#include "broker/storage/time_index.h"
#include "broker/storage/transaction_index.h"
#include "runtime/awaitable.h"
#include "runtime/files.h"

#include <cstdint>
#include <expected>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace verdikt::broker::storage {

/// Walks a `.log` file, verifying checksums. After the last batch, `damage()` tells whether the
/// file ended there or something unreadable began, at `position()`.
class segment_reader {
  public:
    [[nodiscard]] static runtime::awaitable<std::expected<segment_reader, runtime::errc>> open(
        runtime::file_system& files, std::filesystem::path log_file);

    /// The next batch with its bytes, which are valid until the next call; nothing at the end.
    [[nodiscard]] runtime::awaitable<std::expected<std::optional<scanned_batch>, runtime::errc>>
    next() {
        return scanner_.next();
    }
    [[nodiscard]] std::uint64_t position() const { return scanner_.position(); }
    [[nodiscard]] std::uint64_t size() const { return size_; }
    [[nodiscard]] std::string_view damage() const { return scanner_.damage(); }

  private:
    segment_reader(std::shared_ptr<runtime::file> file, kafka::offset base);

    std::uint64_t size_;
    batch_scanner scanner_;
};

struct dumped_snapshot {
    kafka::offset at;
    std::vector<snapshot_entry> entries;
};

/// What a file other than a log holds, by its name.
using dumped_file = std::variant<offset_index,
                                 time_index,
                                 transaction_index,
                                 dumped_snapshot,
                                 std::vector<epoch_start>,
                                 offset_checkpoint>;

/// Errors: not_found, corrupt (the content is not what the name says, or the name says nothing),
/// offline (the disk failed).
[[nodiscard]] runtime::awaitable<std::expected<dumped_file, errc>> dump_file(
    runtime::file_system& files, std::filesystem::path path);

}  // namespace verdikt::broker::storage
