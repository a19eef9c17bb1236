/// What a controller needs of the metadata log.
#pragma once

#include "broker/quorum/frames.h"
#include "broker/quorum/quorum_host.h"
#include "broker/raft/types.h"
#include "kafka/error_codes.h"
#include "kafka/types.h"
#include "runtime/awaitable.h"

#include <chrono>
#include <expected>
#include <span>
#include <utility>
#include <vector>

namespace verdikt::broker::controller::host {

class metadata_log {
  public:
    virtual ~metadata_log() = default;

    /// Of everything appended, the quorum's own records included.
    [[nodiscard]] virtual kafka::offset end() const = 0;
    /// One batch, committed whole or not at all, at exactly that end; the offset of its first
    /// record. Refused where this node does not lead that epoch any more.
    [[nodiscard]] virtual std::expected<kafka::offset, kafka::error_code> append(
        kafka::leader_epoch epoch,
        kafka::offset expected_end,
        std::span<const quorum::frame> frames) = 0;
    /// Lets somebody else lead.
    [[nodiscard]] virtual runtime::awaitable<void> resign() = 0;

    /// Whether a snapshot of all below `id.end` would be taken now.
    [[nodiscard]] virtual bool may_snapshot(const raft::snapshot_id& id) const = 0;
    /// True once it is durable. `time` is that of the last record in it.
    [[nodiscard]] virtual runtime::awaitable<bool> take_snapshot(raft::snapshot_id id,
                                                                 std::vector<quorum::frame> frames,
                                                                 kafka::timestamp time) = 0;
};

/// The log that the quorum replicates. Lives as long as its host.
class quorum_log final : public metadata_log {
  public:
    explicit quorum_log(quorum::quorum_host& replica) : replica_(replica) {}

    [[nodiscard]] kafka::offset end() const override { return replica_.replica().log().end(); }
    [[nodiscard]] std::expected<kafka::offset, kafka::error_code> append(
        kafka::leader_epoch epoch,
        kafka::offset expected_end,
        std::span<const quorum::frame> frames) override {
        return replica_.append(epoch, expected_end, frames);
    }
    [[nodiscard]] runtime::awaitable<void> resign() override {
        return replica_.resign(std::chrono::seconds(1));
    }
    [[nodiscard]] bool may_snapshot(const raft::snapshot_id& id) const override {
        return replica_.may_snapshot(id);
    }
    [[nodiscard]] runtime::awaitable<bool> take_snapshot(raft::snapshot_id id,
                                                         std::vector<quorum::frame> frames,
                                                         kafka::timestamp time) override {
        return replica_.take_snapshot(id, std::move(frames), time);
    }

  private:
    quorum::quorum_host& replica_;
};

}  // namespace verdikt::broker::controller::host
