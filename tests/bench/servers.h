/// The two servers that are loaded in turns: the broker of this build, and the bare program that
/// shows what the machine can do.
#pragma once

#include "child_process.h"
#include "scratch_directory.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace verdikt::bench {

enum class placement {
    pinned,    ///< The server on one processor, its load on another.
    anywhere,  ///< As the kernel likes.
};

class server {
  public:
    server(std::string_view program, const std::vector<std::string>& arguments, placement where);

    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] child_process& process() { return process_; }

  private:
    child_process process_;
    std::uint16_t port_;
};

/// As it comes, or with the page cache trusted as Kafka trusts it (flush.messages).
enum class durability { by_default, page_cache };

/// A broker with its own directory, which outlives it.
[[nodiscard]] server start_broker(const std::filesystem::path& directory,
                                  durability mode,
                                  placement where);

[[nodiscard]] server start_roof(std::vector<std::string> arguments, placement where);

/// Creates the topic that `requests.h` speaks of.
void create_topic(const server& broker, std::int32_t partitions);

}  // namespace verdikt::bench
