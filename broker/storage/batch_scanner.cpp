#include "broker/storage/batch_scanner.h"

#include "runtime/check.h"

#include <algorithm>
#include <cstdint>
#include <limits>

namespace verdikt::broker::storage {

namespace {

// Large enough that a recovery reads at the disk's speed, small enough for a lookup.
constexpr std::uint64_t whole_chunk = 1 << 20;
constexpr std::uint64_t header_chunk = 16 << 10;

// An index says offsets relative to the base, in 31 bits. There is always a next one.
kafka::offset highest_in_segment(kafka::offset base) {
    constexpr std::int64_t span = std::numeric_limits<std::int32_t>::max();
    constexpr kafka::offset highest(std::numeric_limits<std::int64_t>::max() - 1);
    return base < highest - span ? base + span : highest;
}

}  // namespace

batch_scanner::batch_scanner(std::shared_ptr<runtime::file> file, range where, depth how)
    : file_(std::move(file)),
      position_(where.begin),
      end_(where.end),
      lowest_offset_(std::max(where.base, where.lowest_offset)),
      highest_offset_(highest_in_segment(where.base)),
      depth_(how) {}

std::span<const std::byte> batch_scanner::buffered() const {
    const std::uint64_t buffered_end = buffer_position_ + buffer_.size();
    if (position_ < buffer_position_ || position_ >= buffered_end) return {};
    return buffer_.bytes().subspan(position_ - buffer_position_);
}

// True once `wanted` bytes from the position on are in the buffer; false if the range ends before.
runtime::awaitable<std::expected<bool, runtime::errc>> batch_scanner::load(std::uint64_t wanted) {
    if (buffered().size() >= wanted) co_return true;
    if (end_ - position_ < wanted) co_return false;
    const std::uint64_t chunk = depth_ == depth::headers ? header_chunk : whole_chunk;
    const std::uint64_t size = std::min(std::max(wanted, chunk), end_ - position_);
    buffer_.clear();
    buffer_position_ = position_;
    std::byte* into = buffer_.extend(size);
    const auto got = co_await file_->read_at(position_, {into, size});
    if (!got) co_return std::unexpected(got.error());
    buffer_.truncate(*got);
    co_return *got >= wanted;
}

std::string_view batch_scanner::objection(const kafka::records::batch_header& header) const {
    if (header.base_offset < lowest_offset_) return "an offset that goes back";
    if (header.last_offset_delta < 0) return "an impossible last offset";
    const bool too_far = header.base_offset > highest_offset_ ||
                         header.last_offset_delta > highest_offset_ - header.base_offset;
    if (too_far) return "an offset too far from the segment's base";
    if (header.record_count < 0) return "an impossible record count";
    if (header.size() > end_ - position_) return "a batch cut short";
    return {};
}

runtime::awaitable<std::expected<std::optional<scanned_batch>, runtime::errc>>
batch_scanner::next() {
    if (position_ >= end_ || !damage_.empty()) co_return std::nullopt;
    const auto has_header = co_await load(kafka::records::batch_header_size);
    if (!has_header) co_return std::unexpected(has_header.error());
    if (!*has_header) {
        damage_ = "a header cut short";
        co_return std::nullopt;
    }
    const auto header = kafka::records::parse_batch_header(buffered());
    damage_ = header ? objection(*header) : kafka::records::describe(header.error());
    if (!damage_.empty()) co_return std::nullopt;

    scanned_batch found{.header = *header, .position = position_, .bytes = {}};
    if (depth_ == depth::whole_batches) {
        const auto complete = co_await load(header->size());
        if (!complete) co_return std::unexpected(complete.error());
        if (*complete) {
            const auto view = kafka::records::batch_view::parse(buffered());
            CHECK(view.has_value());
            if (!view->checksum_matches()) damage_ = "a checksum that does not match";
            found.bytes = view->bytes();
        } else {
            damage_ = "a batch cut short";
        }
        if (!damage_.empty()) co_return std::nullopt;
    }
    position_ = found.end();
    lowest_offset_ = found.header.next_offset();
    co_return found;
}

}  // namespace verdikt::broker::storage
