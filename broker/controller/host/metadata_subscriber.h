/// Those on this node who act on what the metadata log says.
///
/// Calls come from the coroutine that follows the log, so they return at once; whoever has to wait
/// starts coroutines of its own.
#pragma once

#include "broker/metadata/changes.h"
#include "broker/metadata/image.h"
#include "kafka/types.h"

#include <optional>
#include <string_view>

namespace verdikt::broker::controller::host {

class metadata_subscriber {
  public:
    virtual ~metadata_subscriber() = default;

    /// Records were applied, or a snapshot was loaded. `changed` says where the image differs from
    /// the one announced before; it may be empty, and then only the position moved on. The image is
    /// the host's own: it changes with the next announcement.
    virtual void image_changed(const metadata::image& now, const metadata::changes& changed) = 0;
    /// Who leads the quorum as far as this node knows. The active controller is that node, or soon
    /// will be.
    virtual void controller_changed(std::optional<kafka::node_id> /*leader*/) {}
    /// Nothing will follow any more: the disk failed, or the log cannot be true. The node should
    /// give up.
    virtual void metadata_failed(std::string_view /*why*/) {}
};

}  // namespace verdikt::broker::controller::host
