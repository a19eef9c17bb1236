#include "kafka/buffer_writer.h"

#include "kafka/varint.h"

namespace verdikt::kafka {

void buffer_writer::write_varint(std::int32_t value) {
    write_uvarint(zigzag(value));
}
void buffer_writer::write_varlong(std::int64_t value) {
    write_uvarint(zigzag(value));
}

void buffer_writer::write_uvarint(std::uint64_t value) {
    std::byte* to = extend(uvarint_size(value));
    for (; value >= 0x80U; value >>= 7) *to++ = static_cast<std::byte>(value | 0x80U);
    *to = static_cast<std::byte>(value);
}

}  // namespace verdikt::kafka
