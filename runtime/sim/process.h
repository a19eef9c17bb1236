/// One life of a node's program, and the environment that it runs in.
///
/// Kept by its node until the world ends, because coroutines and test code may still hold
/// references when it is long dead.
///
/// Invariants: a dead process has no socket, no lock and no pending operation; nothing that is
/// called on it has an effect.
#pragma once

#include "runtime/environment.h"
#include "runtime/scope.h"
#include "runtime/sim/death.h"
#include "runtime/sim/network.h"
#include "runtime/sim/node.h"
#include "runtime/sim/pending_wait.h"
#include "runtime/sim/process_files.h"
#include "runtime/sim/process_log.h"

#include <functional>
#include <memory>

namespace verdikt::runtime::sim {

class process final : public environment {
  public:
    process(node& on, std::uint64_t seed, program main);
    ~process() override;

    /// Runs the program. Called once.
    void start();
    /// Ends every effect and every wait of it, and asks its coroutines to end.
    void die(death how);

    [[nodiscard]] bool alive() const { return alive_; }
    /// Throws `operation_aborted` if it is dead: the first thing that every operation does.
    void require_life() const {
        if (!alive_) throw_aborted();
    }
    /// Lists a wait until it dies.
    void enlist(pending_wait& wait) { waits_.push_back(wait); }

    [[nodiscard]] executor get_executor() override;
    [[nodiscard]] instant now() const override;
    [[nodiscard]] wall_instant wall_time() const override;
    awaitable<void> sleep_until(instant until) override;
    [[nodiscard]] std::unique_ptr<alarm> set_alarm(instant at, std::function<void()> ring) override;
    [[nodiscard]] runtime::network& net() override { return network_; }
    [[nodiscard]] file_system& files() override { return files_; }
    [[nodiscard]] random_source& random() override { return random_; }
    [[nodiscard]] log_sink& log() override { return log_; }

    [[nodiscard]] node& home() { return node_; }
    [[nodiscard]] world& universe() { return world_; }
    [[nodiscard]] process_network& sockets() { return network_; }
    [[nodiscard]] process_files& disk_jobs() { return files_; }

  private:
    awaitable<void> live();

    node& node_;
    world& world_;
    program main_;
    random_source random_;
    process_network network_;
    process_files files_;
    process_log log_;
    linked_list<pending_wait> waits_;
    scope root_;
    bool alive_ = true;
};

}  // namespace verdikt::runtime::sim
