/// Frames of other people's clients, captured from their connections: read, compared, written
/// again.
///
/// The requests are of librdkafka (kcat), kafka-python and @platformatic/kafka; the responses are
/// of the mock broker that librdkafka carries. None of them shares a line of code with ours.
#include "kafka/messages/catalogue.h"
#include "kafka/messages/create_topics.h"
#include "kafka/messages/decode.h"
#include "kafka/messages/describe_configs.h"
#include "kafka/messages/fetch.h"
#include "kafka/messages/frame.h"
#include "kafka/messages/join_group.h"
#include "kafka/messages/metadata.h"
#include "kafka/messages/offset_fetch.h"
#include "kafka/messages/produce.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace verdikt::kafka::messages {
namespace {

struct frame {
    std::string client;
    message_role role{};
    api_key key{};
    std::int16_t version = 0;
    std::vector<std::byte> bytes;
};

std::vector<std::byte> from_hex(const std::string& text) {
    std::vector<std::byte> bytes;
    for (std::size_t at = 0; at + 1 < text.size(); at += 2)
        bytes.push_back(static_cast<std::byte>(std::stoi(text.substr(at, 2), nullptr, 16)));
    return bytes;
}

std::vector<frame> frames_in(const std::filesystem::path& path) {
    std::vector<frame> frames;
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with('#')) continue;
        std::istringstream words(line);
        std::string role;
        std::int16_t key = 0;
        std::string hex;
        frame read{.client = path.stem().string()};
        words >> role >> key >> read.version >> hex;
        read.role = role == "request" ? message_role::request : message_role::response;
        read.key = static_cast<api_key>(key);
        read.bytes = from_hex(hex);
        frames.push_back(std::move(read));
    }
    return frames;
}

std::vector<frame> all_frames() {
    std::vector<frame> frames;
    const auto directory =
        std::filesystem::path(VERDIKT_SOURCE_DIR) / "tests/unit/kafka_messages/golden";
    for (const auto& entry : std::filesystem::directory_iterator(directory)) {
        auto more = frames_in(entry.path());
        frames.insert(frames.end(), more.begin(), more.end());
    }
    return frames;
}

/// Reads header and message, expects nothing after them, and writes both again.
void expect_same_after_a_round_trip(const frame& captured) {
    const message_schema& schema = *find_message(captured.key, captured.role);
    const auto message = schema.make();
    buffer_reader reader(captured.bytes);
    encoded again;
    if (captured.role == message_role::request) {
        auto header = decode_request_header(reader);
        ASSERT_TRUE(header.has_value());
        EXPECT_EQ(header->request_api_version, captured.version);
        decode_object(reader, schema, captured.version, message.get());
        ASSERT_TRUE(encode_request_frame(*header, message.get(), schema, captured.version, again));
    } else {
        const auto header = decode_response_header(reader, schema, captured.version);
        ASSERT_TRUE(header.has_value());
        decode_object(reader, schema, captured.version, message.get());
        ASSERT_TRUE(encode_response_frame(
            header->correlation_id, message.get(), schema, captured.version, again));
    }
    ASSERT_FALSE(reader.failed()) << reader.error()->where << ": " << describe(reader.error()->what)
                                  << " at " << reader.error()->position;
    EXPECT_EQ(reader.remaining(), 0U);
    EXPECT_EQ(std::vector(again.bytes.begin() + frame_prefix_size, again.bytes.end()),
              captured.bytes);
}

TEST(captured_frames, are_written_again_as_they_were_read) {
    const auto frames = all_frames();
    EXPECT_GT(frames.size(), 80U);
    for (const frame& captured : frames) {
        SCOPED_TRACE(fmt::format("{} {} {} version {}",
                                 captured.client,
                                 name(captured.key),
                                 captured.role == message_role::request ? "request" : "response",
                                 captured.version));
        expect_same_after_a_round_trip(captured);
    }
}

/// The captured message of that client, key and version.
template <typename Message>
Message message_of(std::string_view client, std::int16_t version) {
    static const auto frames = all_frames();
    const auto key = static_cast<api_key>(Message::schema.key);
    for (const frame& captured : frames) {
        if (!captured.client.starts_with(client) || captured.key != key ||
            captured.role != Message::schema.role || captured.version != version)
            continue;
        buffer_reader reader(captured.bytes);
        if (captured.role == message_role::request) {
            EXPECT_TRUE(decode_request_header(reader).has_value());
        } else {
            EXPECT_TRUE(decode_response_header(reader, Message::schema, version).has_value());
        }
        const auto message = decode<Message>(reader, version);
        EXPECT_TRUE(message.has_value());
        return message.value_or(Message{});
    }
    ADD_FAILURE() << "no such frame";
    return {};
}

TEST(captured_frames, of_librdkafka_say_what_kcat_was_asked_to_do) {
    const auto produce = message_of<produce_request>("librdkafka", 7);
    EXPECT_EQ(produce.transactional_id, std::nullopt);
    EXPECT_EQ(produce.acks, -1);
    ASSERT_EQ(produce.topic_data.size(), 1U);
    EXPECT_EQ(produce.topic_data[0].name, "orders");
    EXPECT_EQ(produce.topic_data[0].partition_data[0].records->size(), 117U);

    const auto join = message_of<join_group_request>("librdkafka", 5);
    EXPECT_EQ(join.group_id, "readers");
    EXPECT_EQ(join.session_timeout_ms, 6000);
    EXPECT_EQ(join.group_instance_id, "static-1");
    ASSERT_EQ(join.protocols.size(), 2U);
    EXPECT_EQ(join.protocols[0].name, "range");
    EXPECT_EQ(join.protocols[1].name, "roundrobin");
}

TEST(captured_frames, of_librdkafkas_mock_broker_say_what_it_holds) {
    const auto metadata = message_of<metadata_response>("librdkafka", 2);
    ASSERT_EQ(metadata.topics.size(), 1U);
    EXPECT_EQ(metadata.topics[0].name, "orders");
    ASSERT_EQ(metadata.topics[0].partitions.size(), 4U);
    EXPECT_EQ(metadata.topics[0].partitions[3].partition_index, 3);
    EXPECT_EQ(metadata.topics[0].partitions[3].replica_nodes, (std::vector<std::int32_t>{1}));

    const auto fetch = message_of<fetch_response>("librdkafka", 11);
    ASSERT_EQ(fetch.responses.size(), 1U);
    const auto& partition = fetch.responses[0].partitions[0];
    EXPECT_EQ(partition.high_watermark, 2);
    EXPECT_EQ(partition.preferred_read_replica, -1);
    EXPECT_EQ(partition.records->size(), 117U);
}

TEST(captured_frames, of_kafka_python_say_what_its_admin_client_was_asked_to_do) {
    const auto configs = message_of<describe_configs_request>("kafka-python", 2);
    ASSERT_EQ(configs.resources.size(), 1U);
    EXPECT_EQ(configs.resources[0].resource_type, 2);
    EXPECT_EQ(configs.resources[0].resource_name, "orders");
    EXPECT_EQ(configs.resources[0].configuration_keys, (std::vector<std::string>{"retention.ms"}));
}

TEST(captured_frames, of_platformatic_kafka_in_flexible_versions_say_what_was_put_in) {
    const auto produce = message_of<produce_request>("platformatic", 11);
    ASSERT_EQ(produce.topic_data[0].partition_data.size(), 2U);
    EXPECT_EQ(produce.topic_data[0].partition_data[1].index, 2);
    EXPECT_EQ(produce.topic_data[0].partition_data[1].records->size(), 69U);

    const auto fetch = message_of<fetch_request>("platformatic", 17);
    EXPECT_EQ(fetch.rack_id, "rack");
    EXPECT_EQ(fetch.topics[0].topic_id.bytes[1], std::byte{0x11});
    EXPECT_EQ(fetch.topics[0].partitions[0].fetch_offset, 42);
    EXPECT_EQ(fetch.topics[0].partitions[0].last_fetched_epoch, 4);
    EXPECT_EQ(fetch.replica_state.replica_id, -1);

    const auto topics = message_of<create_topics_request>("platformatic", 7);
    EXPECT_TRUE(topics.validate_only);
    EXPECT_EQ(topics.topics[0].configs[0].value, "1000");
    EXPECT_EQ(topics.topics[1].assignments[0].broker_ids, (std::vector<std::int32_t>{1, 2}));

    const auto offsets = message_of<offset_fetch_request>("platformatic", 9);
    EXPECT_TRUE(offsets.require_stable);
    EXPECT_EQ(offsets.groups[0].member_id, std::nullopt);
    EXPECT_EQ(offsets.groups[0].topics->at(0).partition_indexes, (std::vector<std::int32_t>{0, 1}));

    EXPECT_EQ(message_of<metadata_request>("platformatic", 9).topics, std::nullopt);
}

}  // namespace
}  // namespace verdikt::kafka::messages
