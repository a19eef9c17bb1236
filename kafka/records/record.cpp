#include "kafka/records/record.h"

#include "kafka/records/record_parser.h"
#include "runtime/check.h"

namespace verdikt::kafka::records {
namespace {

/// Reads what `skip_headers` has checked: the end of the record is not known any more, and not
/// needed.
const std::byte* take_checked_bytes(const std::byte* at, nullable_bytes& bytes) {
    std::uint32_t coded = 0;
    at = take_long_uvarint(at, static_cast<const std::byte*>(nullptr), coded);
    const std::int32_t length = unzigzag(coded);
    if (length < 0) {
        bytes.reset();
        return at;
    }
    bytes.emplace(at, static_cast<std::size_t>(length));
    return at + length;
}

}  // namespace

record_header header_range::iterator::operator*() const {
    nullable_bytes key;
    record_header header;
    take_checked_bytes(take_checked_bytes(at_, key), header.value);
    header.key = {reinterpret_cast<const char*>(key->data()), key->size()};
    return header;
}

header_range::iterator& header_range::iterator::operator++() {
    nullable_bytes bytes;
    at_ = take_checked_bytes(take_checked_bytes(at_, bytes), bytes);
    --left_;
    return *this;
}

std::expected<record_view, errc> record_reader::next() {
    CHECK(!done());
    record_view record;
    const std::byte* const after = take_record(at_, end_, record);
    const bool is_last = left_ == 1;
    if (after == nullptr || (is_last && after != end_)) {
        left_ = 0;
        return std::unexpected(errc::bad_record);
    }
    at_ = after;
    --left_;
    return record;
}

std::expected<std::span<const std::byte>, errc> uncompressed_payload(const batch_view& batch,
                                                                     compression& codecs,
                                                                     std::size_t limit,
                                                                     byte_buffer& scratch) {
    const auto which = batch.attributes().compression_codec();
    if (!which) return std::unexpected(errc::unknown_codec);
    if (*which == codec::none) return batch.payload();
    scratch.clear();
    const auto done = codecs.decompress(*which, batch.payload(), limit, scratch);
    if (!done) return std::unexpected(done.error());
    return scratch.bytes();
}

}  // namespace verdikt::kafka::records
