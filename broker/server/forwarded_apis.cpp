/// The requests that brokers only carry to the active controller.
#include "broker/server/api_entry.h"
#include "broker/server/forwarding.h"

namespace verdikt::broker::server {

namespace {

using kafka::api_key;
using messages::between;

template <typename Request, typename Response>
api forwarded(api_key key, messages::version_range versions) {
    return entry<Request, &forward<Response, Request>>(key, versions);
}

}  // namespace

std::vector<api> forwarded_apis() {
    return {
        forwarded<messages::alter_configs_request, messages::alter_configs_response>(
            api_key::alter_configs, between(0, 2)),
        forwarded<messages::incremental_alter_configs_request,
                  messages::incremental_alter_configs_response>(api_key::incremental_alter_configs,
                                                                between(0, 1)),
        forwarded<messages::elect_leaders_request, messages::elect_leaders_response>(
            api_key::elect_leaders, between(0, 2)),
        forwarded<messages::alter_partition_reassignments_request,
                  messages::alter_partition_reassignments_response>(
            api_key::alter_partition_reassignments, between(0, 0)),
        forwarded<messages::list_partition_reassignments_request,
                  messages::list_partition_reassignments_response>(
            api_key::list_partition_reassignments, between(0, 0)),
        forwarded<messages::update_features_request, messages::update_features_response>(
            api_key::update_features, between(0, 1)),
        forwarded<messages::unregister_broker_request, messages::unregister_broker_response>(
            api_key::unregister_broker, between(0, 0)),
    };
}

}  // namespace verdikt::broker::server
