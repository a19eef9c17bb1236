#include "broker/server/broker_keys.h"

#include <vector>

namespace verdikt::broker::server {

namespace {

std::vector<config_key> join_keys() {
    std::vector<config_key> all;
    for (const auto part : {identity_and_network_keys(),
                            cluster_keys(),
                            log_keys(),
                            coordinator_keys(),
                            transaction_keys(),
                            compatibility_keys()}) {
        all.insert(all.end(), part.begin(), part.end());
    }
    return all;
}

}  // namespace

std::span<const config_key> broker_keys() {
    static const std::vector<config_key> all = join_keys();
    return all;
}

}  // namespace verdikt::broker::server
