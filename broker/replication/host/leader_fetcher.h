/// Fetches from one leader node for all partitions that follow it.
///
/// One request at a time, over one connection: a leader keeps a request that it has nothing for,
/// and a second one behind it would wait as long. So each request should name every partition that
/// follows that leader; those that still write what the last answer brought are waited for, but
/// not longer than `gather_max`. A request that some partition has to be left out of does not let
/// the leader wait long either.
///
/// Lives in `replicas`, which runs it. Invariants: a partition waits for one fetch at most.
#pragma once

#include "broker/link/node_links.h"
#include "broker/replication/host/replicas.h"
#include "kafka/messages/fetch.h"
#include "kafka/messages/list_offsets.h"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace verdikt::broker::replication::host {

class leader_fetcher {
  public:
    leader_fetcher(replicas& of, link::node_links& links, kafka::node_id leader)
        : of_(of), links_(links), leader_(leader) {}

    /// Until cancelled.
    runtime::awaitable<void> run();
    void want(partition_ptr by, const send_fetch& what);
    /// Asks where the leader's log starts and ends, beside the fetches.
    runtime::awaitable<void> ask_bounds(partition_ptr by, ask_leader_bounds what);

  private:
    struct wanted_fetch {
        partition_ptr by;
        send_fetch what;
    };
    using partition_answer = kafka::messages::fetch_response::partition_data;

    [[nodiscard]] runtime::awaitable<void> gather();
    [[nodiscard]] runtime::awaitable<void> everybody_here();
    [[nodiscard]] bool somebody_writes();
    [[nodiscard]] std::vector<wanted_fetch> take_wanted();
    [[nodiscard]] kafka::messages::fetch_request request_for(
        std::span<const wanted_fetch> fetches) const;
    [[nodiscard]] runtime::awaitable<void> fetch(std::vector<wanted_fetch> fetches);
    void hand_out(const wanted_fetch& to, const partition_answer& answer);
    static void fail(const wanted_fetch& which, kafka::error_code error);
    void tell_failure(std::string_view why, std::size_t partitions);
    [[nodiscard]] runtime::awaitable<std::expected<kafka::offset, kafka::error_code>> find_bound(
        partition_ptr by, kafka::leader_epoch epoch, std::int64_t which);

    replicas& of_;
    link::node_links& links_;
    kafka::node_id leader_;
    std::map<metadata::topic_partition_id, wanted_fetch> wanted_;
    /// Those that write what they were given.
    std::map<metadata::topic_partition_id, partition_ptr> writing_;
    runtime::notification changed_;
    std::size_t rotation_ = 0;
    std::optional<runtime::instant> told_failure_;  ///< When the log last spoke of one.
    std::uint64_t untold_failures_ = 0;
};

}  // namespace verdikt::broker::replication::host
