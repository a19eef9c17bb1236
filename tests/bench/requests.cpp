#include "requests.h"

#include "wire_versions.h"

#include "kafka/messages/api_versions.h"
#include "kafka/messages/create_topics.h"
#include "kafka/messages/decode.h"
#include "kafka/messages/fetch.h"
#include "kafka/messages/frame.h"
#include "kafka/messages/produce.h"

#include <fmt/format.h>
#include <stdexcept>
#include <string>

namespace verdikt::bench {

namespace messages = kafka::messages;

namespace {

// The newest that are not flexible: their answers end with the records, and have no tags to skip.
constexpr std::int16_t produce_version = 8;
constexpr std::int16_t fetch_version = 11;
constexpr std::int16_t api_versions_version = 2;

template <typename Request>
frame framed(const Request& request, std::int16_t version) {
    messages::request_header header;
    header.client_id = "bench";
    messages::encoded out;
    if (!messages::encode_request_frame(std::move(header), request, version, out)) {
        throw std::logic_error("a request that cannot be encoded");
    }
    return std::move(out.bytes);
}

template <typename Response>
frame answered(const Response& response, std::int16_t version) {
    messages::encoded out;
    if (!messages::encode_response_frame(0, response, version, out)) {
        throw std::logic_error("an answer that cannot be encoded");
    }
    return std::move(out.bytes);
}

/// `head` begins with the response header; the size in front is gone.
template <typename Response>
Response decoded(bytes head, std::int16_t version) {
    kafka::buffer_reader reader(head);
    const auto header = messages::decode_response_header(reader, Response::schema, version);
    auto response = messages::decode<Response>(reader, version);
    if (!header || !response) throw std::runtime_error("an answer that cannot be decoded");
    return std::move(*response);
}

void refuse_error(std::int16_t code) {
    if (code != 0) throw std::runtime_error(fmt::format("the broker answered error {}", code));
}

}  // namespace

frame produce_request_of(bytes batch, acknowledged_by acks) {
    messages::produce_request request;
    request.acks = static_cast<std::int16_t>(acks);
    request.timeout_ms = 30'000;
    auto& topic = request.topic_data.emplace_back();
    topic.name = bench_topic;
    topic.partition_data.push_back({.index = 0, .records = messages::record_data(batch)});
    return framed(request, produce_version);
}

frame fetch_request_of(std::int64_t offset, std::size_t size) {
    messages::fetch_request request;
    request.min_bytes = 1;
    request.max_bytes = static_cast<std::int32_t>(size);
    auto& topic = request.topics.emplace_back();
    topic.topic = bench_topic;
    topic.partitions.push_back(
        {.fetch_offset = offset, .partition_max_bytes = static_cast<std::int32_t>(size)});
    return framed(request, fetch_version);
}

frame create_topic_request(std::int32_t partitions) {
    messages::create_topics_request request;
    request.topics.push_back({.name = std::string(bench_topic),
                              .num_partitions = partitions,
                              .replication_factor = 1,
                              .assignments = {},
                              .configs = {}});
    return framed(request, create_topics_version);
}

frame api_versions_request_of_a_client() {
    return framed(messages::api_versions_request{}, api_versions_version);
}

void check_produce_answer(bytes head, std::size_t /*size*/) {
    const auto answer = decoded<messages::produce_response>(head, produce_version);
    refuse_error(answer.responses.at(0).partition_responses.at(0).error_code);
}

void check_create_topic_answer(bytes head, std::size_t /*size*/) {
    const auto answer = decoded<messages::create_topics_response>(head, create_topics_version);
    refuse_error(answer.topics.at(0).error_code);
}

void check_fetch_answer(bytes head, std::size_t size) {
    // Only the head is here, so the records are cut off: what is before them is enough.
    static const std::size_t head_size = fetch_answer_head(0).size() - messages::frame_prefix_size;
    const std::size_t records_size = size - head_size;
    if (size < head_size || records_size == 0) throw std::runtime_error("a fetch brought nothing");
    frame whole(head.begin(), head.begin() + static_cast<std::ptrdiff_t>(head_size));
    std::fill(whole.end() - sizeof(std::int32_t), whole.end(), std::byte{0});
    const auto answer = decoded<messages::fetch_response>(whole, fetch_version);
    refuse_error(answer.error_code);
    refuse_error(answer.responses.at(0).partitions.at(0).error_code);
}

void accept_any_answer(bytes /*head*/, std::size_t /*size*/) {}

frame fetch_answer_head(std::size_t record_bytes) {
    messages::fetch_response response;
    auto& topic = response.responses.emplace_back();
    topic.topic = bench_topic;
    auto& partition = topic.partitions.emplace_back();
    partition.aborted_transactions.reset();
    partition.records = messages::record_data::spliced(record_bytes, 0);
    return answered(response, fetch_version);
}

frame produce_answer() {
    messages::produce_response response;
    auto& topic = response.responses.emplace_back();
    topic.name = bench_topic;
    topic.partition_responses.emplace_back();
    return answered(response, produce_version);
}

std::size_t batch_position() {
    static const std::size_t position = produce_request_of({}, acknowledged_by::leader).size();
    return position;
}

}  // namespace verdikt::bench
