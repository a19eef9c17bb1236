/// Requests that several tests send, in one version each.
#pragma once

#include "kafka/messages/create_topics.h"
#include "kafka/messages/fetch.h"
#include "kafka/messages/list_offsets.h"
#include "kafka/messages/metadata.h"
#include "kafka/messages/produce.h"
#include "tests/raw_wire/wire_client.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

namespace verdikt::broker::server {

namespace messages = kafka::messages;

/// Requires: `batch` outlives the request.
inline messages::produce_request produce_of(std::string topic,
                                            std::int32_t partition,
                                            const std::vector<std::byte>& batch,
                                            std::int16_t acks = -1) {
    messages::produce_request request{
        .transactional_id = std::nullopt, .acks = acks, .timeout_ms = 10'000, .topic_data = {}};
    request.topic_data.push_back(
        {.name = std::move(topic),
         .partition_data = {{.index = partition, .records = messages::record_data(batch)}}});
    return request;
}

inline messages::fetch_request fetch_of(std::string topic, std::int64_t offset) {
    messages::fetch_request request;
    request.max_wait_ms = 500;
    request.min_bytes = 1;
    request.max_bytes = 1 << 20;
    request.topics.push_back(
        {.topic = std::move(topic),
         .topic_id = {},
         .partitions = {{.partition = 0, .fetch_offset = offset, .partition_max_bytes = 1 << 20}}});
    return request;
}

/// By asking for it.
inline runtime::awaitable<void> make_topic(tests::wire_client& client, std::string name) {
    messages::metadata_request request;
    request.topics->push_back({.topic_id = {}, .name = std::move(name)});
    const auto answer = co_await client.ask<messages::metadata_response>(request, 9);
    EXPECT_EQ(answer.topics.at(0).error_code, 0);
}

using produced = messages::produce_response::partition_produce_response;

inline runtime::awaitable<produced> produce(tests::wire_client& client,
                                            messages::produce_request request) {
    auto answer = co_await client.ask<messages::produce_response>(std::move(request), 9);
    co_return std::move(answer.responses.at(0).partition_responses.at(0));
}

inline runtime::awaitable<std::int16_t> produce_code(tests::wire_client& client,
                                                     messages::produce_request request) {
    co_return (co_await produce(client, std::move(request))).error_code;
}

using listed = messages::list_offsets_response::list_offsets_partition_response;

/// Of partition 0; -1 asks for the end, -2 for the start, -3 for the newest time.
inline runtime::awaitable<listed> list_offset(tests::wire_client& client,
                                              std::string topic,
                                              std::int64_t time) {
    messages::list_offsets_request request{.replica_id = -1};
    request.topics.push_back({.name = std::move(topic), .partitions = {{.timestamp = time}}});
    const auto answer = co_await client.ask<messages::list_offsets_response>(request, 7);
    co_return answer.topics.at(0).partitions.at(0);
}

inline runtime::awaitable<std::int64_t> end_of(tests::wire_client& client, std::string topic) {
    co_return (co_await list_offset(client, std::move(topic), -1)).offset;
}

}  // namespace verdikt::broker::server
