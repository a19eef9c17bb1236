/// Values of the keys that allow only a few.
#pragma once

#include <array>
#include <string_view>

namespace verdikt::broker::server {

inline constexpr std::array<std::string_view, 2> cleanup_policies{"delete", "compact"};
inline constexpr std::array<std::string_view, 6> compression_types{
    "producer", "uncompressed", "gzip", "snappy", "lz4", "zstd"};
inline constexpr std::array<std::string_view, 2> timestamp_types{"CreateTime", "LogAppendTime"};
inline constexpr std::array<std::string_view, 4> log_levels{"debug", "info", "warning", "error"};
inline constexpr std::array<std::string_view, 2> process_roles{"broker", "controller"};

}  // namespace verdikt::broker::server
