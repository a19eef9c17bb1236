/// Asks a cluster who holds which role, with our own client: Metadata, DescribeQuorum and the
/// coordinators' descriptions.
///
/// Nodes are those of the lab: a broker that is down stays a node. What the cluster does not answer
/// in time is as it was last known.
///
/// Requires: `close` has returned before it is destroyed.
#pragma once

#include "client/admin.h"
#include "nemesis/nemesis.h"

#include <memory>
#include <set>
#include <string>

namespace verdikt::nemesis::roles {

class client_roles final : public role_source {
  public:
    /// Throws std::invalid_argument if the servers cannot be read.
    client_roles(runtime::environment& world,
                 const std::string& bootstrap_servers,
                 std::set<std::int32_t> nodes);
    ~client_roles() override;

    runtime::awaitable<cluster_view> look(selector wanted) override;
    runtime::awaitable<void> close();

  private:
    runtime::awaitable<void> look_at_partition(kafka::topic_partition which);
    runtime::awaitable<void> look_at_controller();
    runtime::awaitable<void> look_at_group(std::string id);
    runtime::awaitable<void> look_at_transaction(std::string id);

    cluster_view known_;
    std::unique_ptr<client::admin> admin_;
};

}  // namespace verdikt::nemesis::roles
