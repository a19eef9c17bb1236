/// The metadata image of a node, made of what the quorum has committed.
///
/// Pure: no clock, no log, no network. After an error the image is of no more use: the log, or this
/// program, is broken.
#pragma once

#include "broker/metadata/changes.h"
#include "broker/metadata/image.h"
#include "broker/quorum/frames.h"
#include "broker/quorum/quorum_listener.h"
#include "broker/raft/types.h"
#include "kafka/types.h"

#include <cstddef>
#include <expected>
#include <span>
#include <string>
#include <vector>

namespace verdikt::broker::controller::host {

class metadata_follower {
  public:
    using result = std::expected<metadata::changes, std::string>;

    /// What the batches change. Requires: they follow what was applied before.
    [[nodiscard]] result apply(std::span<const quorum::committed_batch> batches);
    /// Where the snapshot differs from what was there.
    [[nodiscard]] result load(const quorum::loaded_snapshot& from);

    [[nodiscard]] const metadata::image& image() const { return image_; }
    /// Everything below its end is in the image.
    [[nodiscard]] const raft::log_position& position() const { return position_; }
    /// Of the last batch applied, or -1.
    [[nodiscard]] kafka::timestamp time() const { return time_; }
    /// Applied since the last snapshot was loaded or begun.
    [[nodiscard]] std::size_t bytes_since_snapshot() const { return bytes_since_snapshot_; }

    /// The image as the records of a snapshot that ends at `position()`.
    [[nodiscard]] std::vector<quorum::frame> begin_snapshot();

  private:
    [[nodiscard]] std::expected<void, std::string> apply(const quorum::committed_batch& batch,
                                                         metadata::changes& changed);

    metadata::image image_;
    raft::log_position position_;
    kafka::timestamp time_ = kafka::no_timestamp;
    std::size_t bytes_since_snapshot_ = 0;
};

}  // namespace verdikt::broker::controller::host
