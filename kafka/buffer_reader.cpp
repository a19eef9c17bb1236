#include "kafka/buffer_reader.h"

#include "kafka/varint.h"

#include <bit>
#include <limits>

namespace verdikt::kafka {

std::string_view describe(decode_errc what) {
    switch (what) {
        case decode_errc::truncated:
            return "the input ends inside a value";
        case decode_errc::varint_too_long:
            return "a variable-length integer is too long";
        case decode_errc::bad_length:
            return "a length is negative";
        case decode_errc::null_not_allowed:
            return "null where a value is needed";
        case decode_errc::bad_presence:
            return "a nullable struct is marked neither present nor null";
        case decode_errc::too_many_elements:
            return "an array claims more elements than can be there";
        case decode_errc::tags_out_of_order:
            return "tags do not rise";
        case decode_errc::bad_tag_size:
            return "a tagged field is not as long as it claims";
        case decode_errc::unsupported_version:
            return "there is no such version of the message";
        case decode_errc::trailing_bytes:
            return "bytes follow the message";
    }
    return "unknown";
}

namespace {

/// Reads up to as many bytes as an `Unsigned` can take and refuses bits beyond it.
template <std::unsigned_integral Unsigned>
Unsigned read_seven_bit_groups(buffer_reader& reader) {
    const std::size_t start = reader.position();
    constexpr unsigned bits = std::numeric_limits<Unsigned>::digits;
    Unsigned value = 0;
    for (unsigned shift = 0; shift < bits; shift += 7) {
        const auto group = reader.read<std::uint8_t>();
        const auto payload = static_cast<Unsigned>(group & 0x7fU);
        if (shift + 7 > bits && (payload >> (bits - shift)) != 0) break;
        value |= static_cast<Unsigned>(payload << shift);
        if ((group & 0x80U) == 0) return reader.failed() ? 0 : value;
    }
    return static_cast<Unsigned>(reader.fail_at(decode_errc::varint_too_long, start));
}

}  // namespace

double buffer_reader::read_float64() {
    return std::bit_cast<double>(read<std::uint64_t>());
}
std::int32_t buffer_reader::read_varint() {
    return unzigzag(read_seven_bit_groups<std::uint32_t>(*this));
}
std::int64_t buffer_reader::read_varlong() {
    return unzigzag(read_seven_bit_groups<std::uint64_t>(*this));
}
std::uint32_t buffer_reader::read_uvarint() {
    return read_seven_bit_groups<std::uint32_t>(*this);
}
std::uint64_t buffer_reader::read_uvarlong() {
    return read_seven_bit_groups<std::uint64_t>(*this);
}

int buffer_reader::fail_at(decode_errc what, std::size_t position, std::string_view where) {
    if (!error_) error_ = decode_error{.what = what, .position = position, .where = where};
    return 0;
}

}  // namespace verdikt::kafka
