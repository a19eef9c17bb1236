/// Bytes for the contract suite to send and store.
#pragma once

#include "runtime/files.h"
#include "runtime/network.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace verdikt::runtime {

inline const_bytes bytes_of(std::string_view text) {
    return std::as_bytes(std::span(text.data(), text.size()));
}

inline std::string text_of(const_bytes bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// No two neighbouring stretches alike, so that loss, repetition and reordering all show.
inline std::vector<std::byte> pattern(std::size_t size) {
    std::vector<std::byte> bytes(size);
    for (std::size_t at = 0; at < size; ++at) {
        bytes[at] = static_cast<std::byte>((at * 2654435761U) >> 13U);
    }
    return bytes;
}

/// Requires: `text` lives until completion.
inline awaitable<std::expected<void, errc>> write_text(stream& to, std::string_view text) {
    const const_bytes piece = bytes_of(text);
    co_return co_await to.write({&piece, 1});
}

inline awaitable<std::expected<void, errc>> write_text(file& to,
                                                       std::uint64_t position,
                                                       std::string_view text) {
    const const_bytes piece = bytes_of(text);
    co_return co_await to.write_at(position, {&piece, 1});
}

/// Up to `size` bytes; fewer where the stream ended or failed.
inline awaitable<std::vector<std::byte>> read_up_to(stream& from, std::size_t size) {
    std::vector<std::byte> bytes(size);
    std::size_t done = 0;
    while (done < size) {
        const auto count = co_await from.read_some(std::span(bytes).subspan(done));
        if (!count.has_value() || *count == 0) break;
        done += *count;
    }
    bytes.resize(done);
    co_return bytes;
}

inline awaitable<std::string> read_text(file& from, std::uint64_t position, std::size_t size) {
    std::vector<std::byte> bytes(size);
    const auto count = co_await from.read_at(position, bytes);
    co_return count.has_value() ? text_of(std::span(bytes).first(*count))
                                : std::string(describe(count.error()));
}

}  // namespace verdikt::runtime
