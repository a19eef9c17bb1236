/// From a message to bytes.
///
/// Whether a message can be expressed in a version is part of the question: a field that the
/// version lacks, and that may not be ignored, must have its default value, or the receiver would
/// be misled.
#pragma once

#include "kafka/messages/schema.h"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string_view>
#include <vector>

namespace verdikt::kafka::messages {

/// Where bytes that are not in the buffer belong: before the byte at `position`.
struct splice_point {
    std::size_t position = 0;  ///< In the buffer, what it held before included.
    std::size_t size = 0;
    std::uint64_t tag = 0;

    bool operator==(const splice_point&) const = default;
};

enum class encode_errc {
    unsupported_version,  ///< The message has no such version.
    not_in_version,       ///< A field has a value that this version cannot carry.
    null_not_allowed,     ///< A field is null, which this version cannot carry.
    too_long,             ///< A string, array or message is longer than its length field can say.
};

/// English, lower case, for a log line or a message after a colon.
[[nodiscard]] std::string_view describe(encode_errc what);

struct encode_error {
    encode_errc what{};
    std::string_view where;  ///< The field, or the message; static storage.

    bool operator==(const encode_error&) const = default;
};

using encode_result = std::expected<void, encode_error>;

/// A buffer to encode into, and to reuse: `clear` keeps its memory.
struct encoded {
    std::vector<std::byte> bytes;
    std::vector<splice_point> splices;  ///< In the order of their positions.

    /// What goes over the wire, spliced bytes included.
    [[nodiscard]] std::size_t size() const {
        std::size_t total = bytes.size();
        for (const splice_point& splice : splices) total += splice.size;
        return total;
    }
    void clear() {
        bytes.clear();
        splices.clear();
    }
};

/// Appends `object`, which is what `schema` describes, to `out`; on failure `out` is as it was
/// before.
encode_result encode_object(const void* object,
                            const message_schema& schema,
                            std::int16_t version,
                            encoded& out);

template <typename Message>
encode_result encode(const Message& message, std::int16_t version, encoded& out) {
    return encode_object(&message, Message::schema, version, out);
}

}  // namespace verdikt::kafka::messages
