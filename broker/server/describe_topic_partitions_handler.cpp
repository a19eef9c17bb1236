/// DescribeTopicPartitions: partitions with their eligible leaders, a page at a time (KIP-966).
#include "broker/metadata/client_view.h"
#include "broker/server/handlers.h"

namespace verdikt::broker::server {

runtime::awaitable<messages::describe_topic_partitions_response> handle_describe_topic_partitions(
    node_services& here,
    const request_context& /*asked*/,
    messages::describe_topic_partitions_request request) {
    co_return metadata::describe_topic_partitions(here.metadata.image(), request);
}

}  // namespace verdikt::broker::server
