#include "nemesis/roles/client_roles.h"

#include <stdexcept>
#include <utility>

namespace verdikt::nemesis::roles {

namespace {

/// Roles are asked for while things are broken: a stale answer now is better than a fresh one late.
client::client_config settings(const std::string& bootstrap_servers) {
    auto parsed = client::client_config::parse(client::role::admin,
                                               {{"bootstrap.servers", bootstrap_servers},
                                                {"client.id", "verdikt-nemesis"},
                                                {"request.timeout.ms", "1000"},
                                                {"default.api.timeout.ms", "2000"}});
    if (!parsed) throw std::invalid_argument(parsed.error());
    return std::move(*parsed);
}

}  // namespace

client_roles::client_roles(runtime::environment& world,
                           const std::string& bootstrap_servers,
                           std::set<std::int32_t> nodes)
    : known_{.nodes = std::move(nodes),
             .controller = {},
             .partitions = {},
             .group_coordinators = {},
             .transaction_coordinators = {}},
      admin_(std::make_unique<client::admin>(world, settings(bootstrap_servers))) {}

client_roles::~client_roles() = default;

runtime::awaitable<cluster_view> client_roles::look(selector wanted) {
    switch (wanted.who) {
        case role::leader:
        case role::followers:
        case role::in_sync:
        case role::lagging:
            co_await look_at_partition(wanted.partition);
            break;
        case role::controller:
            co_await look_at_controller();
            break;
        case role::group_coordinator:
            co_await look_at_group(wanted.id);
            break;
        case role::transaction_coordinator:
            co_await look_at_transaction(wanted.id);
            break;
        case role::one:
        case role::minority:
        case role::majority:
        case role::all:
        case role::node:
        case role::clients:
            break;
    }
    co_return known_;
}

runtime::awaitable<void> client_roles::look_at_partition(kafka::topic_partition which) {
    const auto topics = co_await admin_->describe_topics({which.topic});
    if (!topics || !topics->contains(which.topic)) co_return;
    const auto& topic = topics->at(which.topic);
    if (!topic) co_return;
    for (const client::partition_description& each : topic->partitions) {
        known_.partitions[{.topic = which.topic, .partition = kafka::partition_index(each.index)}] =
            {.leader = each.leader, .replicas = each.replicas, .isr = each.isr};
    }
}

runtime::awaitable<void> client_roles::look_at_controller() {
    const auto quorum = co_await admin_->describe_quorum();
    if (quorum && quorum->leader >= 0) known_.controller = quorum->leader;
}

runtime::awaitable<void> client_roles::look_at_group(std::string id) {
    const auto groups = co_await admin_->describe_groups({id});
    if (!groups || !groups->contains(id)) co_return;
    const auto& group = groups->at(id);
    if (group) known_.group_coordinators[id] = group->coordinator;
}

runtime::awaitable<void> client_roles::look_at_transaction(std::string id) {
    const auto listed = co_await admin_->list_transactions();
    if (!listed) co_return;
    for (const client::transaction_listing& each : *listed) {
        if (each.transactional_id == id) known_.transaction_coordinators[id] = each.coordinator;
    }
}

runtime::awaitable<void> client_roles::close() {
    co_await admin_->close();
}

}  // namespace verdikt::nemesis::roles
