/// Walks the batches of a segment file, for recovery, lookups, compaction and tools.
///
/// Two ways: headers only, which skips the bodies of large batches, and whole batches with their
/// checksums verified. Either way a batch that cannot be one (wrong magic, absurd length, offsets
/// that go back, bad checksum, cut short) ends the walk; whether that is a torn tail or damage in
/// the middle is for the caller to say.
///
/// Used by one coroutine, which keeps the file alive.
#pragma once

#include "kafka/records/batch.h"
#include "kafka/records/byte_buffer.h"
#include "runtime/awaitable.h"
#include "runtime/files.h"

#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

namespace verdikt::broker::storage {

struct scanned_batch {
    kafka::records::batch_header header;
    std::uint64_t position = 0;
    /// The whole batch, valid until the next step; empty if only headers are read.
    std::span<const std::byte> bytes;

    [[nodiscard]] std::uint64_t end() const { return position + header.size(); }
};

class batch_scanner {
  public:
    enum class depth { headers, whole_batches };

    struct range {
        std::uint64_t begin = 0;
        std::uint64_t end = 0;
        /// Of the segment. No batch may start below it, nor end farther above it than an index can
        /// say: no checksum covers a batch's offset.
        kafka::offset base{0};
        /// What the first batch may start at, where that is known to be above the base.
        kafka::offset lowest_offset{0};
    };

    batch_scanner(std::shared_ptr<runtime::file> file, range where, depth how);

    /// The next batch; nothing at the end of the range and at a bad batch.
    [[nodiscard]] runtime::awaitable<std::expected<std::optional<scanned_batch>, runtime::errc>>
    next();

    /// Where the next batch starts, or the bad one: all before it is sound.
    [[nodiscard]] std::uint64_t position() const { return position_; }
    /// Why the walk ended before the end of the range; empty while it has not.
    [[nodiscard]] std::string_view damage() const { return damage_; }
    /// Above all batches seen so far.
    [[nodiscard]] kafka::offset next_offset() const { return lowest_offset_; }

  private:
    [[nodiscard]] runtime::awaitable<std::expected<bool, runtime::errc>> load(std::uint64_t wanted);
    [[nodiscard]] std::span<const std::byte> buffered() const;
    /// Empty if the header can be one.
    [[nodiscard]] std::string_view objection(const kafka::records::batch_header& header) const;

    std::shared_ptr<runtime::file> file_;
    std::uint64_t position_;
    std::uint64_t end_;
    kafka::offset lowest_offset_;
    kafka::offset highest_offset_;
    depth depth_;
    std::string_view damage_;
    kafka::records::byte_buffer buffer_;
    std::uint64_t buffer_position_ = 0;
};

}  // namespace verdikt::broker::storage
