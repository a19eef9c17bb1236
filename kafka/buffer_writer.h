/// Appends Kafka's primitive types to a buffer that the caller owns and reuses.
///
/// The buffer is only ever appended to, except by `patch`, which fills in a length or checksum left
/// open.
#pragma once

#include "kafka/endian.h"

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

namespace verdikt::kafka {

class buffer_writer {
  public:
    /// `out` must outlive the writer. What it already holds stays in front.
    explicit buffer_writer(std::vector<std::byte>& out) : out_(out) {}

    /// Bytes in the buffer, those from before this writer included.
    [[nodiscard]] std::size_t size() const { return out_.size(); }

    template <std::integral T>
    void write(std::type_identity_t<T> value) {
        store_big_endian<T>(extend(sizeof(T)), value);
    }
    void write_float64(double value) { write<std::uint64_t>(std::bit_cast<std::uint64_t>(value)); }
    void write_varint(std::int32_t value);
    void write_varlong(std::int64_t value);
    void write_uvarint(std::uint64_t value);
    void write_bytes(std::span<const std::byte> bytes) {
        out_.insert(out_.end(), bytes.begin(), bytes.end());
    }
    void write_text(std::string_view text) { write_bytes(std::as_bytes(std::span(text))); }

    /// Overwrites what an earlier `write<T>` put at `position`. Requires: it lies within the
    /// buffer.
    template <std::integral T>
    void patch(std::size_t position, std::type_identity_t<T> value) {
        store_big_endian<T>(out_.data() + position, value);
    }

  private:
    std::byte* extend(std::size_t size) {
        const std::size_t at = out_.size();
        out_.resize(at + size);
        return out_.data() + at;
    }

    std::vector<std::byte>& out_;
};

}  // namespace verdikt::kafka
