/// A simulated disk with its page cache, and the faults that tests put on it.
///
/// The file system above it follows runtime/files.h to the letter and no further: what was not
/// synced is at stake. On power loss each unsynced sector is kept, lost or reordered against any
/// other, a file that grew ends anywhere between its durable and its written size, with zeros or
/// garbage where sectors were lost, and of each directory's unsynced changes only a first part
/// survives. A failed sync marks what it should have written as clean without writing it, as Linux
/// does: it is readable until power is lost, and no later sync brings it back.
///
/// Lives in its node and outlasts every incarnation of it. All methods take effect at once.
#pragma once

#include "runtime/clock.h"
#include "runtime/files.h"
#include "runtime/random.h"
#include "runtime/sim/trace.h"

#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace verdikt::runtime::sim {

class world;
class directory_tree;
class disk_work;
class process;

enum class disk_operation { read, write, sync, metadata };

struct disk_latency {
    duration base{};
    /// Uniform, on top of `base`.
    duration jitter{};
    /// How likely an operation takes `stall` besides.
    double stall_chance = 0;
    duration stall = std::chrono::milliseconds(4);
};

class disk {
  public:
    disk(world& in, node_index owner, std::uint64_t seed);
    disk(const disk&) = delete;
    disk& operator=(const disk&) = delete;
    ~disk();

    /// Bytes that files may take together, in pages of 4 KiB. Growing it makes room again. Default
    /// 1 TiB.
    void set_capacity(std::uint64_t bytes);
    [[nodiscard]] std::uint64_t capacity() const;
    [[nodiscard]] std::uint64_t used() const;

    /// The next `count` operations of the kind fail with `io_error`.
    void fail_next(disk_operation kind, std::uint64_t count);
    void set_error_chance(disk_operation kind, double probability);
    void set_latency(disk_operation kind, disk_latency latency);
    /// How likely a write makes the kernel write some older, unsynced sectors back. Default 0.01.
    void set_write_back_chance(double probability) { write_back_chance_ = probability; }
    [[nodiscard]] double write_back_chance() const { return write_back_chance_; }
    /// No operation completes until `thaw`. The process can still be killed.
    void hang();
    void thaw();
    void set_read_only(bool read_only) { read_only_ = read_only; }
    /// Inverts `count` randomly chosen bits within `size` bytes from `position` on, on the medium
    /// and in the cache. False if the file does not reach that far or does not exist.
    bool flip_bits(const std::filesystem::path& path,
                   std::uint64_t position,
                   std::uint64_t size,
                   std::uint64_t count);
    /// Ends every fault above but flipped bits and lost writes; default latencies, thawed,
    /// writable.
    void heal();

    /// What a program would read, for a test to look at from outside. Nothing if there is no such
    /// file.
    [[nodiscard]] std::optional<std::vector<std::byte>> content(
        const std::filesystem::path& path) const;
    /// All files below the directory, sorted.
    [[nodiscard]] std::vector<std::filesystem::path> files_below(
        const std::filesystem::path& path) const;

    /// Evidence that faults bit.
    struct counts {
        std::uint64_t errors = 0;        ///< Operations failed with `io_error` on purpose.
        std::uint64_t refused = 0;       ///< Operations failed with `no_space` or `read_only`.
        std::uint64_t sectors_lost = 0;  ///< Written, not durable, gone at a power loss.
        std::uint64_t sectors_kept = 0;  ///< Written, not durable, there after a power loss.
        std::uint64_t files_torn = 0;    ///< Lost some unsynced sectors and kept others.
        std::uint64_t names_undone = 0;  ///< Directory changes undone by a power loss.
        std::uint64_t bits_flipped = 0;
        std::uint64_t syncs = 0;
        std::uint64_t bytes_written = 0;
    };
    [[nodiscard]] const counts& counted() const { return counts_; }

    // For the parts of the simulation.
    /// The fault that an operation meets now, if any.
    std::optional<errc> draw_fault(disk_operation kind, bool mutates);
    [[nodiscard]] duration draw_latency(disk_operation kind, std::uint64_t bytes);
    void record(effect kind, std::uint64_t size, std::uint64_t content);
    void count_refusal() { ++counts_.refused; }
    void count_write(std::uint64_t bytes) { counts_.bytes_written += bytes; }
    void count_sync() { ++counts_.syncs; }
    void lose_power();
    [[nodiscard]] directory_tree& tree() { return *tree_; }
    [[nodiscard]] disk_work& work() { return *work_; }
    [[nodiscard]] random_source& random() { return random_; }
    /// Who took the lock at each path.
    [[nodiscard]] std::map<std::filesystem::path, const process*>& locks() { return locks_; }

  private:
    [[nodiscard]] std::optional<errc> count_error();

    world& world_;
    node_index owner_;
    random_source random_;
    std::unique_ptr<directory_tree> tree_;
    std::unique_ptr<disk_work> work_;
    std::array<disk_latency, 4> latency_;
    std::array<std::uint64_t, 4> failing_next_{};
    std::array<double, 4> error_chance_{};
    double write_back_chance_ = 0.01;
    bool read_only_ = false;
    std::map<std::filesystem::path, const process*> locks_;
    counts counts_;
};

}  // namespace verdikt::runtime::sim
