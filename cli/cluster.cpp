/// `verdikt cluster`: starts a local cluster, and asks or changes what concerns a cluster as a
/// whole, as kafka-cluster does.
#include "cli/cluster_up.h"
#include "cli/subcommands.h"
#include "cli/tool.h"
#include "client/admin.h"

#include <fmt/format.h>

#include <memory>

namespace verdikt::cli {

namespace {

struct cluster_options {
    bool show_id = false;
    bool unregister = false;
    bool up = false;
    cluster_flags cluster;
    std::int32_t broker = -1;
    cluster_up_options local;
};

runtime::awaitable<int> print_id(client::admin& admin) {
    const auto cluster = value_or_fail(co_await admin.describe_cluster(), "describe the cluster");
    fmt::print("Cluster ID: {}\n", cluster.cluster_id);
    co_return 0;
}

runtime::awaitable<int> unregister(client::admin& admin, std::int32_t broker) {
    value_or_fail(co_await admin.unregister_broker(broker),
                  fmt::format("cannot unregister broker {}", broker));
    fmt::print("Broker {} is no longer registered.\n", broker);
    co_return 0;
}

int run(const cluster_options& options) {
    if (options.up) return run_cluster(options.local);
    auto settings = options.cluster.settings(client::role::admin);
    return run_tool([&](runtime::real::world& world) {
        return with_client<client::admin>(world, settings, [&](client::admin& admin) {
            return options.unregister ? unregister(admin, options.broker) : print_id(admin);
        });
    });
}

}  // namespace

action declare_cluster(flags& app) {
    const auto options = std::make_shared<cluster_options>();
    flags show_id = app.act("cluster-id", options->show_id, "print the id of a cluster");
    options->cluster.declare(show_id, "--config");
    flags unregister =
        app.act("unregister", options->unregister, "forget a broker that will not come back");
    options->cluster.declare(unregister, "--config");
    unregister.add_option("--id", options->broker, "its node id").required().non_negative();
    flags up = app.act("up", options->up, "run a cluster on this machine, in the foreground");
    up.add_option("--brokers", options->local.brokers, "how many nodes").positive();
    up.add_option("--dir", options->local.folder, "keep everything there; else it is removed");
    up.add_option("--port", options->local.first_port, "the first of two ports a node")
        .non_negative();
    up.add_option("--override", options->local.overrides, "key=value for every node");
    app.require_act();
    return [options] { return run(*options); };
}

}  // namespace verdikt::cli
