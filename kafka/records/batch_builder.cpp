#include "kafka/records/batch_builder.h"

#include "kafka/varint.h"
#include "runtime/check.h"

#include <algorithm>
#include <cstring>
#include <limits>

namespace verdikt::kafka::records {
namespace {

std::size_t nullable_size(const nullable_bytes& bytes) {
    if (!bytes) return varint_size(-1);
    return varint_size(static_cast<std::int32_t>(bytes->size())) + bytes->size();
}

std::span<const std::byte> key_bytes(const record_header& header) {
    return std::as_bytes(std::span(header.key));
}

/// Writes at a place whose size has been worked out before.
class record_writer {
  public:
    explicit record_writer(std::byte* at) : at_(at) {}

    [[nodiscard]] const std::byte* position() const { return at_; }

    void write_byte(std::uint8_t value) { *at_++ = std::byte{value}; }
    void write_varint(std::int32_t value) { write_uvarint(zigzag(value)); }
    void write_varlong(std::int64_t value) { write_uvarint(zigzag(value)); }
    void write(const nullable_bytes& bytes) {
        write_varint(bytes ? static_cast<std::int32_t>(bytes->size()) : -1);
        if (!bytes || bytes->empty()) return;
        std::memcpy(at_, bytes->data(), bytes->size());
        at_ += bytes->size();
    }

  private:
    void write_uvarint(std::uint64_t value) {
        for (; value >= 0x80; value >>= 7) {
            write_byte(static_cast<std::uint8_t>(value | 0x80U));
        }
        write_byte(static_cast<std::uint8_t>(value));
    }

    std::byte* at_;
};

/// Wraps, as reading the delta back does.
std::int64_t time_delta(timestamp time, timestamp base) {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(time.value()) -
                                     static_cast<std::uint64_t>(base.value()));
}

batch_attributes attributes_of(const batch_options& options) {
    return batch_attributes()
        .with(options.compression_codec)
        .with(options.timestamps)
        .with_transactional(options.transactional)
        .with_control(options.control)
        .with_delete_horizon(options.delete_horizon);
}

}  // namespace

batch_builder::batch_builder() {
    reset();
}

void batch_builder::reset(std::optional<timestamp> base_timestamp) {
    buffer_.clear();
    static_cast<void>(buffer_.extend(batch_header_size));
    base_timestamp_ = base_timestamp;
    max_timestamp_ = no_timestamp;
    last_offset_delta_ = -1;
    count_ = 0;
}

/// Of everything behind the record's length field.
std::size_t batch_builder::body_size(std::int32_t offset_delta, const new_record& record) const {
    const timestamp base = base_timestamp_.value_or(record.time);
    std::size_t size = 1 + varlong_size(time_delta(record.time, base)) + varint_size(offset_delta) +
                       nullable_size(record.key) + nullable_size(record.value) +
                       varint_size(static_cast<std::int32_t>(record.headers.size()));
    for (const record_header& header : record.headers) {
        size += nullable_size(key_bytes(header)) + nullable_size(header.value);
    }
    return size;
}

std::size_t batch_builder::size_of(const new_record& record) const {
    const std::size_t size = body_size(last_offset_delta_ + 1, record);
    return uvarint_size(std::uint64_t{size} << 1U) + size;
}

void batch_builder::append(const new_record& record) {
    append_at(last_offset_delta_ + 1, record);
}

void batch_builder::append_at(std::int32_t offset_delta, const new_record& record) {
    CHECK(offset_delta > last_offset_delta_);
    const std::size_t size = body_size(offset_delta, record);
    CHECK(buffer_.size() + size < std::numeric_limits<std::int32_t>::max() - varint_size_max,
          "a batch of 2 GiB");
    if (!base_timestamp_) base_timestamp_ = record.time;
    const auto length = static_cast<std::int32_t>(size);
    record_writer writer(buffer_.extend(varint_size(length) + size));
    writer.write_varint(length);
    writer.write_byte(0);
    writer.write_varlong(time_delta(record.time, *base_timestamp_));
    writer.write_varint(offset_delta);
    writer.write(record.key);
    writer.write(record.value);
    writer.write_varint(static_cast<std::int32_t>(record.headers.size()));
    for (const record_header& header : record.headers) {
        writer.write(key_bytes(header));
        writer.write(header.value);
    }
    INVARIANT(writer.position() == buffer_.data() + buffer_.size());
    max_timestamp_ = std::max(max_timestamp_, record.time);
    last_offset_delta_ = offset_delta;
    ++count_;
}

batch_header batch_builder::make_header(const batch_options& options) const {
    const bool has_append_time = options.timestamps == timestamp_type::log_append_time;
    CHECK(!has_append_time || options.max_timestamp.has_value());
    CHECK(!empty() || options.last_offset_delta.has_value());
    return {
        .base_offset = options.base_offset,
        .epoch = options.epoch,
        .attributes = attributes_of(options),
        .last_offset_delta = options.last_offset_delta.value_or(last_offset_delta_),
        .base_timestamp = base_timestamp_.value_or(no_timestamp),
        .max_timestamp = options.max_timestamp.value_or(max_timestamp_),
        .producer_id = options.producer_id,
        .producer_epoch = options.producer_epoch,
        .base_sequence = options.base_sequence,
        .record_count = count_,
    };
}

std::expected<std::span<const std::byte>, errc> batch_builder::build(const batch_options& options,
                                                                     compression& codecs) {
    batch_header header = make_header(options);
    byte_buffer* batch = &buffer_;
    if (options.compression_codec != codec::none) {
        batch = &compressed_;
        compressed_.clear();
        static_cast<void>(compressed_.extend(batch_header_size));
        const int level = options.level.value_or(default_level(options.compression_codec));
        const auto done = codecs.compress(options.compression_codec,
                                          level,
                                          buffer_.bytes().subspan(batch_header_size),
                                          compressed_);
        if (!done) return std::unexpected(done.error());
    }
    CHECK(batch->size() <= std::numeric_limits<std::int32_t>::max());
    header.length = static_cast<std::int32_t>(batch->size() - batch_prefix_size);
    store_batch_header(header, batch->bytes());
    store_checksum(batch->bytes());
    return std::as_const(*batch).bytes();
}

byte_buffer make_batch(std::span<const new_record> records, const batch_options& options) {
    batch_builder builder;
    for (const new_record& record : records) builder.append(record);
    const auto built = builder.build(options, compression::of_this_thread());
    CHECK(built.has_value());
    byte_buffer batch(built->size());
    batch.append(*built);
    return batch;
}

}  // namespace verdikt::kafka::records
