/// Reads Kafka's primitive types from bytes that nobody vouches for.
///
/// The first failure sticks: from then on every read yields zero or an empty span, and `error()`
/// says what went wrong and where. A caller may therefore read a whole structure and ask once,
/// provided that it bounds its loops by what it has checked. Spans returned borrow the input.
#pragma once

#include "kafka/endian.h"

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace verdikt::kafka {

enum class decode_errc {
    truncated,            ///< The input ends inside a value.
    varint_too_long,      ///< More bytes than the type can hold, or bits beyond it.
    bad_length,           ///< A negative length other than the one that means null.
    null_not_allowed,     ///< Null for something that must be there.
    bad_presence,         ///< The byte before a nullable struct is neither 1 nor -1.
    too_many_elements,    ///< An array claims more elements than the bytes left, or the budget,
                          ///< allow.
    tags_out_of_order,    ///< Tags must rise strictly.
    bad_tag_size,         ///< A tagged field is shorter or longer than it claims.
    unsupported_version,  ///< The message has no such version.
    trailing_bytes,       ///< Bytes follow the message (an error in strict decoding only).
};

/// English, lower case, for a log line or a message after a colon.
[[nodiscard]] std::string_view describe(decode_errc what);

struct decode_error {
    decode_errc what{};
    std::size_t position = 0;     ///< In the input, where the value at fault starts.
    std::string_view where = {};  ///< The message or field, where known; static storage.

    bool operator==(const decode_error&) const = default;
};

class buffer_reader {
  public:
    explicit buffer_reader(std::span<const std::byte> input) : input_(input) {}

    [[nodiscard]] bool failed() const { return error_.has_value(); }
    [[nodiscard]] const std::optional<decode_error>& error() const { return error_; }
    [[nodiscard]] std::size_t position() const { return position_; }
    /// Zero once failed, so that a loop "while something remains" ends.
    [[nodiscard]] std::size_t remaining() const { return failed() ? 0 : input_.size() - position_; }

    template <std::integral T>
    T read() {
        if (remaining() < sizeof(T)) return static_cast<T>(fail(decode_errc::truncated));
        const T value = load_big_endian<T>(input_.data() + position_);
        position_ += sizeof(T);
        return value;
    }
    double read_float64();
    std::int32_t read_varint();
    std::int64_t read_varlong();
    std::uint32_t read_uvarint();
    std::uint64_t read_uvarlong();

    /// The next `size` bytes, borrowed.
    std::span<const std::byte> read_bytes(std::size_t size) {
        if (remaining() < size) {
            fail(decode_errc::truncated);
            return {};
        }
        const auto bytes = input_.subspan(position_, size);
        position_ += size;
        return bytes;
    }
    void skip(std::size_t size) { read_bytes(size); }

    /// Records the first failure only. Returns 0, so that a read can end with it.
    int fail(decode_errc what, std::string_view where = {}) {
        return fail_at(what, position_, where);
    }
    int fail_at(decode_errc what, std::size_t position, std::string_view where = {});
    /// Names the field of a failure that has no name yet.
    void name_failure(std::string_view where) {
        if (error_ && error_->where.empty()) error_->where = where;
    }

  private:
    std::span<const std::byte> input_;
    std::size_t position_ = 0;
    std::optional<decode_error> error_;
};

}  // namespace verdikt::kafka
