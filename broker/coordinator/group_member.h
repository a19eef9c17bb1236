/// A member as its group sees it.
#pragma once

#include "broker/coordinator/group_types.h"

#include <optional>
#include <string>
#include <vector>

namespace verdikt::broker::coordinator {

struct group_member {
    std::string id = {};
    std::optional<std::string> instance_id = {};
    std::string client_id = {};
    std::string client_host = {};
    milliseconds session_timeout{};
    milliseconds rebalance_timeout{};
    std::vector<member_protocol> protocols = {};  ///< The one it likes best first.
    std::vector<std::byte> assignment = {};       ///< Told to the member once it is durable.

    std::optional<ticket> waiting_join = {};
    std::optional<ticket> waiting_sync = {};
    /// A static member that replaced itself is told this once its new id is written down.
    std::optional<join_reply> reply_when_stored = {};
    /// It waits for its first generation.
    bool is_new = true;
    /// It was told of the generation and has not synced yet.
    bool sync_due = false;
    bool session_armed = false;

    [[nodiscard]] bool waiting() const { return waiting_join || waiting_sync; }
    [[nodiscard]] bool supports(const std::string& protocol) const {
        return metadata_for(protocol) != nullptr;
    }
    /// Nothing if the member does not know the protocol.
    [[nodiscard]] const std::vector<std::byte>* metadata_for(const std::string& protocol) const {
        for (const member_protocol& known : protocols) {
            if (known.name == protocol) return &known.metadata;
        }
        return nullptr;
    }
};

}  // namespace verdikt::broker::coordinator
