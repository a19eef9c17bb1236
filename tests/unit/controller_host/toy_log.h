/// A metadata log of one node that commits when and if the test wants it to.
#pragma once

#include "broker/controller/host/metadata_log.h"
#include "broker/quorum/quorum_listener.h"
#include "runtime/environment.h"
#include "runtime/notification.h"
#include "runtime/scope.h"

#include <deque>
#include <optional>
#include <vector>

namespace verdikt::broker::controller::host {

class toy_log final : public metadata_log {
  public:
    toy_log(runtime::environment& world, quorum::quorum_listener& listener)
        : world_(world), listener_(listener), working_(world.get_executor()) {
        working_.spawn(deliver());
    }

    // ---- What the test does.

    /// A new epoch begins with a record of the quorum's own; ready once that is committed.
    void lead();
    /// What is not committed is lost.
    void lose_leadership();
    /// A record of the quorum's own.
    void append_control();
    /// Appends such bytes as a batch of one record, committed like any other.
    void append_frames(std::vector<quorum::frame> frames);
    /// Waits until all that was appended is committed and applied.
    runtime::awaitable<void> settle();
    runtime::awaitable<void> stop() { co_await working_.cancel_and_join(); }

    runtime::duration commit_delay = std::chrono::milliseconds(10);
    bool refuses_appends = false;
    int resignations = 0;
    std::vector<quorum::loaded_snapshot> snapshots;
    /// Of everything committed.
    std::vector<quorum::committed_batch> committed;

    // ---- What the host sees.

    [[nodiscard]] kafka::offset end() const override { return end_; }
    [[nodiscard]] std::expected<kafka::offset, kafka::error_code> append(
        kafka::leader_epoch epoch,
        kafka::offset expected_end,
        std::span<const quorum::frame> frames) override;
    [[nodiscard]] runtime::awaitable<void> resign() override;
    [[nodiscard]] bool may_snapshot(const raft::snapshot_id& id) const override;
    [[nodiscard]] runtime::awaitable<bool> take_snapshot(raft::snapshot_id id,
                                                         std::vector<quorum::frame> frames,
                                                         kafka::timestamp time) override;

  private:
    struct appended {
        quorum::committed_batch batch;
        runtime::instant commits_at;
        bool makes_ready = false;
    };

    runtime::awaitable<void> deliver();
    void push(quorum::committed_batch batch, bool makes_ready = false);

    runtime::environment& world_;
    quorum::quorum_listener& listener_;
    kafka::leader_epoch epoch_{0};
    bool leads_ = false;
    kafka::offset end_{0};
    std::deque<appended> waiting_;
    runtime::notification moved_;
    runtime::scope working_;
};

}  // namespace verdikt::broker::controller::host
