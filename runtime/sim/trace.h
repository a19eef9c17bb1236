/// The fingerprint of a simulated run, and its last events for a failure report.
///
/// Every effect that the world carries out is folded into one 64-bit hash: what it was, on which
/// node, when, how long its payload was and what it contained. Two runs of one seed have equal
/// hashes, or something outside the seed leaked in. Recording one effect is a few multiplications
/// and one store.
#pragma once

#include "runtime/clock.h"
#include "runtime/files.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace verdikt::runtime::sim {

enum class effect : std::uint8_t {
    timer,
    connect,
    accept,
    refuse,
    deliver,
    hold,
    end_of_stream,
    reset,
    give_up,
    cut,
    heal,
    file_read,
    file_write,
    file_sync,
    file_truncate,
    file_metadata,
    file_error,
    file_lost,
    bit_flip,
    node_start,
    node_exit,
    node_crash,
    node_power_loss,
    clock_change,
    log_line,
    mark,
};

[[nodiscard]] std::string_view describe(effect kind);

/// Identifies a node within its world, in the order of `add_node`.
using node_index = std::uint32_t;

/// A fast hash of bytes, equal on every machine of one endianness.
[[nodiscard]] std::uint64_t hash_bytes(const_bytes bytes);
[[nodiscard]] std::uint64_t hash_text(std::string_view text);

class trace {
  public:
    explicit trace(std::size_t lines_kept);

    void record(
        effect kind, node_index node, instant when, std::uint64_t size, std::uint64_t content);

    [[nodiscard]] std::uint64_t hash() const { return hash_; }
    [[nodiscard]] std::uint64_t recorded() const { return recorded_; }

    /// The last effects, oldest first, one a line.
    [[nodiscard]] std::string last_lines() const;

  private:
    struct line {
        instant when;
        std::uint64_t size;
        std::uint64_t content;
        node_index node;
        effect kind;
    };

    std::vector<line> kept_;
    std::size_t next_line_ = 0;
    std::uint64_t hash_ = 0x9e3779b97f4a7c15ULL;
    std::uint64_t recorded_ = 0;
};

}  // namespace verdikt::runtime::sim
