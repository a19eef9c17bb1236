#include "runtime/sim/disk.h"

#include "runtime/check.h"
#include "runtime/sim/directory_tree.h"
#include "runtime/sim/disk_work.h"
#include "runtime/sim/world.h"

#include <algorithm>
#include <utility>

namespace verdikt::runtime::sim {

namespace {

using std::chrono::microseconds;

constexpr std::uint64_t default_capacity = 1ULL << 40U;

/// What the page cache copies, and what a read from it yields.
constexpr std::uint64_t bytes_a_microsecond = 2000;

constexpr std::array<disk_latency, 4> default_latency{
    disk_latency{.base = microseconds(20), .jitter = microseconds(20)},
    disk_latency{.base = microseconds(5), .jitter = microseconds(5)},
    disk_latency{.base = microseconds(110), .jitter = microseconds(50), .stall_chance = 0.01},
    disk_latency{.base = microseconds(10), .jitter = microseconds(10)},
};

std::size_t index_of(disk_operation kind) {
    return static_cast<std::size_t>(std::to_underlying(kind));
}

}  // namespace

disk::disk(world& in, node_index owner, std::uint64_t seed)
    : world_(in),
      owner_(owner),
      random_(seed),
      tree_(std::make_unique<directory_tree>(default_capacity / file_content::page_bytes)),
      work_(std::make_unique<disk_work>(in)),
      latency_(default_latency) {}

disk::~disk() = default;

void disk::set_capacity(std::uint64_t bytes) {
    tree_->budget().limit = bytes / file_content::page_bytes;
}

std::uint64_t disk::capacity() const {
    return tree_->budget().limit * file_content::page_bytes;
}

std::uint64_t disk::used() const {
    return tree_->budget().used * file_content::page_bytes;
}

void disk::fail_next(disk_operation kind, std::uint64_t count) {
    failing_next_[index_of(kind)] = count;
}

void disk::set_error_chance(disk_operation kind, double probability) {
    error_chance_[index_of(kind)] = probability;
}

void disk::set_latency(disk_operation kind, disk_latency latency) {
    latency_[index_of(kind)] = latency;
}

void disk::hang() {
    work_->hang();
}

void disk::thaw() {
    work_->thaw();
}

void disk::heal() {
    failing_next_ = {};
    error_chance_ = {};
    latency_ = default_latency;
    read_only_ = false;
    set_capacity(default_capacity);
    thaw();
}

bool disk::flip_bits(const std::filesystem::path& path,
                     std::uint64_t position,
                     std::uint64_t size,
                     std::uint64_t count) {
    const auto file = tree_->find_file(path);
    if (file == nullptr || size == 0 || position + size > file->content.size()) return false;
    for (std::uint64_t flipped = 0; flipped < count; ++flipped) {
        const std::uint64_t where = position + random_.below(size);
        file->content.flip_bit(where, static_cast<unsigned>(random_.below(8)));
        record(effect::bit_flip, 1, where);
    }
    counts_.bits_flipped += count;
    return true;
}

std::optional<std::vector<std::byte>> disk::content(const std::filesystem::path& path) const {
    const auto file = tree_->find_file(path);
    if (file == nullptr) return std::nullopt;
    std::vector<std::byte> bytes(file->content.size());
    file->content.read(0, bytes);
    return bytes;
}

std::vector<std::filesystem::path> disk::files_below(const std::filesystem::path& path) const {
    return tree_->files_below(path);
}

std::optional<errc> disk::count_error() {
    ++counts_.errors;
    return errc::io_error;
}

std::optional<errc> disk::draw_fault(disk_operation kind, bool mutates) {
    std::uint64_t& failing = failing_next_[index_of(kind)];
    if (failing > 0) {
        --failing;
        return count_error();
    }
    const double chance = error_chance_[index_of(kind)];
    if (chance > 0 && random_.chance(chance)) return count_error();
    if (mutates && read_only_) {
        count_refusal();
        return errc::read_only;
    }
    return std::nullopt;
}

duration disk::draw_latency(disk_operation kind, std::uint64_t bytes) {
    const disk_latency& shape = latency_[index_of(kind)];
    duration drawn = shape.base + microseconds(bytes / bytes_a_microsecond);
    if (shape.jitter > duration::zero())
        drawn += duration(random_.between(0, shape.jitter.count()));
    if (shape.stall_chance > 0 && random_.chance(shape.stall_chance)) drawn += shape.stall;
    return drawn;
}

void disk::record(effect kind, std::uint64_t size, std::uint64_t content) {
    world_.record(kind, owner_, size, content);
}

void disk::lose_power() {
    const directory_tree::damage damage = tree_->lose_power(random_);
    counts_.sectors_lost += damage.sectors_lost;
    counts_.sectors_kept += damage.sectors_kept;
    counts_.files_torn += damage.files_torn;
    counts_.names_undone += damage.names_undone;
    record(effect::file_lost, damage.sectors_lost, damage.names_undone);
}

}  // namespace verdikt::runtime::sim
