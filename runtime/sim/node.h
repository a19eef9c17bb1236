/// One machine of the simulated world: a name, disks and clocks that last, and a process that does
/// not.
///
/// A process lives from `start` to its own end, a `crash` or a `power_loss`. Each gets an
/// environment of its own; the moment it is killed that environment is dead: whatever its
/// coroutines still do has no effect, everything that they wait for throws `operation_aborted`, and
/// they unwind. Its objects must survive that unwinding (join what they own), as they must under
/// any cancellation.
#pragma once

#include "runtime/environment.h"
#include "runtime/notification.h"
#include "runtime/sim/death.h"
#include "runtime/sim/disk.h"
#include "runtime/sim/node_clock.h"
#include "runtime/sim/trace.h"

#include <exception>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace verdikt::runtime::sim {

class world;
class process;

/// What a process runs. Called anew by every start, so it must not keep state in what it captures.
using program = std::function<awaitable<void>(environment&)>;

class node {
  public:
    node(world& in, node_index index, std::string name);
    node(const node&) = delete;
    node& operator=(const node&) = delete;
    ~node();

    /// Boots the process. Requires: not running.
    void start(program main);
    /// Boots it again with the same program, once the one before has unwound. Requires: not
    /// running.
    void restart();
    /// Kills the process as SIGKILL does: what it wrote stays written, its connections are reset.
    void crash();
    /// Stops the machine: as `crash`, but what was not synced is lost, torn or kept by chance, and
    /// the peers hear nothing.
    void power_loss();

    /// Between `start` or `restart` and the end of the process.
    [[nodiscard]] bool running() const;
    /// Returns once no coroutine of a former process is left. Killed ones need no virtual time.
    awaitable<void> until_stopped();
    /// What the last process' program threw, if it ended so.
    [[nodiscard]] std::exception_ptr failure() const { return failure_; }
    /// How often it was started.
    [[nodiscard]] std::uint64_t starts() const { return starts_; }

    /// Runs both clocks fast or slow, in millionths.
    void set_clock_drift(std::int64_t ppm);
    void jump_wall_clock(duration by);
    [[nodiscard]] const node_clock& clocks() const { return clock_; }

    /// The disk at "/".
    [[nodiscard]] sim::disk& disk() { return *mounts_.front().second; }
    /// Another disk, with faults of its own, holding all below `at`. Requires: not running.
    sim::disk& add_disk(const std::filesystem::path& at);
    /// The disk that holds the path.
    [[nodiscard]] sim::disk& disk_of(const std::filesystem::path& path);

    /// Of the running process. Requires: running.
    [[nodiscard]] environment& current();

    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] node_index index() const { return index_; }
    [[nodiscard]] world& home() const { return world_; }

  private:
    friend class process;

    void boot();
    void kill(death how);
    void ended(process& which, std::exception_ptr failure);
    /// No process runs, and none is left unwinding.
    [[nodiscard]] bool stopped() const;

    world& world_;
    node_index index_;
    std::string name_;
    node_clock clock_;
    program main_;
    std::vector<std::pair<std::filesystem::path, std::unique_ptr<sim::disk>>> mounts_;
    std::unique_ptr<process> current_;
    std::vector<std::unique_ptr<process>> former_;
    notification stopped_changed_;
    std::exception_ptr failure_;
    std::uint64_t starts_ = 0;
    std::size_t unwinding_ = 0;
    bool boot_when_stopped_ = false;
};

}  // namespace verdikt::runtime::sim
