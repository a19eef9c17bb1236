/// Text in and out of the byte spans that files and streams take.
#pragma once

#include "runtime/files.h"
#include "runtime/network.h"

#include <array>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace verdikt::runtime::sim {

inline const_bytes as_bytes(std::string_view text) {
    return std::as_bytes(std::span(text.data(), text.size()));
}

inline std::string as_text(const_bytes bytes) {
    std::string text(bytes.size(), '\0');
    if (!bytes.empty()) std::memcpy(text.data(), bytes.data(), bytes.size());
    return text;
}

inline awaitable<std::expected<void, errc>> send_text(stream& to, std::string text) {
    const std::array pieces{as_bytes(text)};
    co_return co_await to.write(pieces);
}

/// Reads exactly `size` bytes, or what came before the end or an error.
inline awaitable<std::string> receive_text(stream& from, std::size_t size) {
    std::vector<std::byte> bytes(size);
    std::size_t done = 0;
    while (done < size) {
        const auto got = co_await from.read_some(std::span(bytes).subspan(done));
        if (!got || *got == 0) break;
        done += *got;
    }
    co_return as_text(std::span(bytes).first(done));
}

inline awaitable<std::expected<void, errc>> write_text(file& to,
                                                       std::uint64_t at,
                                                       std::string text) {
    const std::array pieces{as_bytes(text)};
    co_return co_await to.write_at(at, pieces);
}

inline awaitable<std::string> read_text(file& from, std::uint64_t at, std::size_t size) {
    std::vector<std::byte> bytes(size);
    const auto got = co_await from.read_at(at, bytes);
    co_return got ? as_text(std::span(bytes).first(*got)) : std::string("error");
}

}  // namespace verdikt::runtime::sim
