#include "broker/link/link_types.h"

#include "runtime/check.h"

namespace verdikt::broker::link {

std::string_view name(channel which) {
    switch (which) {
        case channel::quorum:
            return "quorum";
        case channel::quorum_fetch:
            return "quorum_fetch";
        case channel::heartbeat:
            return "heartbeat";
        case channel::controller:
            return "controller";
        case channel::forwarding:
            return "forwarding";
        case channel::replication:
            return "replication";
        case channel::transactions:
            return "transactions";
    }
    CHECK(false, "a channel of value {}", static_cast<int>(which));
    return {};
}

std::string_view describe(link_errc what) {
    switch (what) {
        case link_errc::unknown_node:
            return "nobody has said where the node is";
        case link_errc::refused:
            return "nobody listens there";
        case link_errc::unreachable:
            return "no connection could be made";
        case link_errc::connection_lost:
            return "the connection broke";
        case link_errc::timed_out:
            return "no answer in time";
        case link_errc::too_many_calls:
            return "too many calls are under way";
        case link_errc::not_expressible:
            return "the request cannot be written in that version";
        case link_errc::malformed_answer:
            return "the answer is malformed";
        case link_errc::stopped:
            return "this node stops";
    }
    CHECK(false, "a link error of value {}", static_cast<int>(what));
    return {};
}

}  // namespace verdikt::broker::link
