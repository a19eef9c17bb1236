#include "tests/unit/client/toy_broker.h"

#include "client/record.h"
#include "kafka/buffer_reader.h"
#include "kafka/buffer_writer.h"
#include "kafka/messages/alter_configs.h"
#include "kafka/messages/api_versions.h"
#include "kafka/messages/create_topics.h"
#include "kafka/messages/describe_configs.h"
#include "kafka/messages/find_coordinator.h"
#include "kafka/messages/heartbeat.h"
#include "kafka/messages/incremental_alter_configs.h"
#include "kafka/messages/init_producer_id.h"
#include "kafka/messages/join_group.h"
#include "kafka/messages/leave_group.h"
#include "kafka/messages/list_groups.h"
#include "kafka/messages/list_offsets.h"
#include "kafka/messages/metadata.h"
#include "kafka/messages/offset_commit.h"
#include "kafka/messages/offset_fetch.h"
#include "kafka/messages/offset_for_leader_epoch.h"
#include "kafka/messages/sync_group.h"
#include "kafka/records/batch.h"
#include "kafka/records/compression.h"
#include "tests/unit/client/toy_wire.h"

#include <array>
#include <string>

namespace verdikt::client {

using namespace kafka::messages;
using kafka::api_key;
using kafka::error_code;

namespace {

const std::map<api_key, const message_schema*>& served_apis() {
    static const std::map<api_key, const message_schema*> apis{
        {api_key::produce, &produce_request::schema},
        {api_key::fetch, &fetch_request::schema},
        {api_key::list_offsets, &list_offsets_request::schema},
        {api_key::metadata, &metadata_request::schema},
        {api_key::offset_commit, &offset_commit_request::schema},
        {api_key::offset_fetch, &offset_fetch_request::schema},
        {api_key::find_coordinator, &find_coordinator_request::schema},
        {api_key::join_group, &join_group_request::schema},
        {api_key::heartbeat, &heartbeat_request::schema},
        {api_key::leave_group, &leave_group_request::schema},
        {api_key::sync_group, &sync_group_request::schema},
        {api_key::create_topics, &create_topics_request::schema},
        {api_key::describe_configs, &describe_configs_request::schema},
        {api_key::alter_configs, &alter_configs_request::schema},
        {api_key::incremental_alter_configs, &incremental_alter_configs_request::schema},
        {api_key::list_groups, &list_groups_request::schema},
        {api_key::offset_for_leader_epoch, &offset_for_leader_epoch_request::schema},
        {api_key::api_versions, &api_versions_request::schema},
        {api_key::init_producer_id, &init_producer_id_request::schema},
    };
    return apis;
}

runtime::awaitable<bool> read_exactly(runtime::stream& from, runtime::mutable_bytes into) {
    while (!into.empty()) {
        const auto got = co_await from.read_some(into);
        if (!got || *got == 0) co_return false;
        into = into.subspan(*got);
    }
    co_return true;
}

std::vector<int> numbers_of(std::span<const std::byte> bytes) {
    std::vector<int> numbers;
    const auto batch = kafka::records::batch_view::parse(bytes);
    CHECK(batch.has_value() && batch->checksum_matches());
    kafka::records::byte_buffer scratch;
    const auto payload = kafka::records::uncompressed_payload(
        *batch, kafka::records::compression::of_this_thread(), 1U << 20U, scratch);
    CHECK(payload.has_value());
    kafka::records::record_reader records(*payload, batch->record_count());
    while (!records.done()) {
        const auto record = records.next();
        CHECK(record.has_value());
        numbers.push_back(std::stoi(std::string(as_text(*record->value))));
    }
    return numbers;
}

}  // namespace

std::vector<int> numbers_in(const toy_log& log) {
    std::vector<int> all;
    for (const stored_batch& each : log.batches) {
        for (const int number : numbers_of(each.bytes)) all.push_back(number);
    }
    return all;
}

runtime::awaitable<void> toy_broker::serve() {
    runtime::scope talking(world_.get_executor());
    talking.spawn(accept(talking));
    co_await talking.join();
}

runtime::awaitable<void> toy_broker::accept(runtime::scope& talking) {
    auto listener = co_await world_.net().listen({.host = "broker", .port = 9092});
    CHECK(listener.has_value());
    for (;;) {
        auto accepted = co_await (*listener)->accept();
        if (!accepted) co_return;
        talking.spawn(talk(std::move(*accepted)));
    }
}

runtime::awaitable<void> toy_broker::talk(std::unique_ptr<runtime::stream> with) {
    bool mute = false;  // Answers come in order, so behind one that never comes there is none.
    for (;;) {
        std::array<std::byte, 4> size{};
        if (!co_await read_exactly(*with, size)) co_return;
        std::vector<std::byte> frame(
            static_cast<std::size_t>(kafka::load_big_endian<std::int32_t>(size.data())));
        if (!co_await read_exactly(*with, frame)) co_return;
        kafka::buffer_reader reader(frame);
        const auto key = static_cast<api_key>(reader.read<std::int16_t>());
        const auto version = reader.read<std::int16_t>();
        const auto correlation = reader.read<std::int32_t>();
        reader.skip(static_cast<std::size_t>(reader.read<std::int16_t>()));
        const message_schema& schema = *served_apis().at(key);
        const bool flexible = schema.is_flexible(version);
        if (flexible) reader.read_uvarint();
        const asked what{.key = key,
                         .version = version,
                         .body = std::span<const std::byte>(frame).subspan(reader.position())};
        const manners how = behave(key, ++counts_[key]);
        if (how.ignore) co_return;
        if (how.delay.count() > 0) co_await world_.sleep_for(how.delay);
        if (key == api_key::fetch && log_.end == awaited_end(what)) {
            co_await world_.sleep_for(std::chrono::milliseconds(50));
        }
        const std::vector<std::byte> body = carry_out(what, how.error);
        if (how.swallow) co_return;
        mute |= how.silent;
        if (mute || body.empty()) continue;
        std::vector<std::byte> answer;
        kafka::buffer_writer writer(answer);
        writer.write<std::int32_t>(0);
        writer.write<std::int32_t>(correlation);
        if (flexible && key != api_key::api_versions) writer.write_uvarint(0);
        writer.write_bytes(body);
        writer.patch<std::int32_t>(0, static_cast<std::int32_t>(answer.size() - 4));
        const std::array<runtime::const_bytes, 1> pieces{answer};
        if (!co_await with->write(pieces)) co_return;
    }
}

std::vector<std::byte> toy_broker::carry_out(const asked& what, std::optional<error_code> refuse) {
    switch (what.key) {
        case api_key::api_versions:
            return api_versions(what.version);
        case api_key::metadata:
            return metadata(what);
        case api_key::produce:
            return produce(what, refuse);
        case api_key::fetch:
            return fetch(what, refuse);
        case api_key::list_offsets:
            return list_offsets(what, refuse);
        case api_key::init_producer_id: {
            init_producer_id_response told;
            told.producer_id = log_.next_producer_id++;
            return encoded_body(told, what.version);
        }
        case api_key::offset_for_leader_epoch:
            return epoch_ends(what);
        default:
            break;
    }
    auto answer = log_.group.carry_out(what.key, what.version, what.body, refuse);
    if (!answer) answer = log_.controller.carry_out(what.key, what.version, what.body, refuse);
    CHECK(answer.has_value(), "a request that the toy does not serve");
    return std::move(*answer);
}

std::vector<std::byte> toy_broker::api_versions(std::int16_t version) {
    api_versions_response told;
    const bool refused = old_api_versions && version > 0;
    if (refused) told.error_code = kafka::to_wire(error_code::unsupported_version);
    for (const auto& [key, schema] : served_apis()) {
        const auto number = static_cast<std::int16_t>(key);
        const auto offered = versions.find(number);
        told.api_keys.push_back({.api_key = number,
                                 .min_version = offered == versions.end() ? schema->versions.first
                                                                          : offered->second.first,
                                 .max_version = offered == versions.end()
                                                    ? schema->versions.last
                                                    : offered->second.second});
    }
    return encoded_body(told, refused ? std::int16_t{0} : version);
}

std::vector<std::byte> toy_broker::metadata(const asked& what) {
    const auto request = decoded_body<metadata_request>(what.body, what.version);
    metadata_response told;
    told.brokers.push_back({.node_id = node, .host = "broker", .port = 9092, .rack = std::nullopt});
    told.cluster_id = "toy";
    told.controller_id = node;
    for (const auto& each :
         request.topics.value_or(std::vector<metadata_request::metadata_request_topic>())) {
        auto& topic = told.topics.emplace_back();
        topic.name = each.name;
        if (*each.name != "t") {
            topic.error_code = kafka::to_wire(error_code::unknown_topic_or_partition);
            continue;
        }
        auto& partition = topic.partitions.emplace_back();
        partition.leader_id = node;
        partition.leader_epoch = leader_epoch;
        partition.replica_nodes = {node};
        partition.isr_nodes = {node};
    }
    return encoded_body(told, what.version);
}

std::vector<std::byte> toy_broker::produce(const asked& what, std::optional<error_code> refuse) {
    const auto request = decoded_body<produce_request>(what.body, what.version);
    produce_response told;
    for (const auto& topic : request.topic_data) {
        auto& answered = told.responses.emplace_back();
        answered.name = topic.name;
        for (const auto& each : topic.partition_data) {
            auto& partition = answered.partition_responses.emplace_back();
            partition.index = each.index;
            if (refuse) {
                partition.error_code = kafka::to_wire(*refuse);
            } else {
                append(each, partition);
            }
        }
    }
    if (request.acks == 0) return {};
    return encoded_body(told, what.version);
}

void toy_broker::append(const produce_request::partition_produce_data& data,
                        produce_response::partition_produce_response& told) {
    const auto batch = kafka::records::batch_view::parse(data.records->bytes());
    CHECK(batch.has_value());
    const model_answer verdict =
        log_.producers.append({.producer_id = batch->producer_id().value(),
                               .epoch = batch->producer_epoch().value(),
                               .first_sequence = batch->base_sequence().value(),
                               .records = numbers_of(batch->bytes())});
    told.error_code = kafka::to_wire(verdict.code);
    told.base_offset = verdict.base;
    const bool appended = verdict.code == error_code::none && verdict.base == log_.end;
    if (!appended) return;
    stored_batch stored{.base = log_.end,
                        .count = batch->record_count(),
                        .bytes = {batch->bytes().begin(), batch->bytes().end()}};
    kafka::records::set_base_offset(stored.bytes, kafka::offset(log_.end));
    kafka::records::set_leader_epoch(stored.bytes, kafka::leader_epoch(leader_epoch));
    log_.end += stored.count;
    log_.batches.push_back(std::move(stored));
}

/// Where the reader stands. At the log's end it is made to wait a little, or it would never rest.
std::int64_t toy_broker::awaited_end(const asked& what) {
    const auto request = decoded_body<fetch_request>(what.body, what.version);
    return request.topics.empty() ? -1 : request.topics[0].partitions[0].fetch_offset;
}

std::vector<std::byte> toy_broker::fetch(const asked& what, std::optional<error_code> refuse) {
    const auto request = decoded_body<fetch_request>(what.body, what.version);
    fetch_response told;
    std::vector<std::byte> found;
    for (const auto& topic : request.topics) {
        auto& answered = told.responses.emplace_back();
        answered.topic = topic.topic;
        for (const auto& each : topic.partitions) {
            auto& partition = answered.partitions.emplace_back();
            partition.partition_index = each.partition;
            partition.high_watermark = log_.end;
            if (refuse) partition.error_code = kafka::to_wire(*refuse);
            const bool knows_epochs = what.version >= 9 && each.current_leader_epoch >= 0;
            if (knows_epochs && each.current_leader_epoch < leader_epoch) {
                partition.error_code = kafka::to_wire(error_code::fenced_leader_epoch);
            }
            if (each.fetch_offset < log_.start || each.fetch_offset > log_.end) {
                partition.error_code = kafka::to_wire(error_code::offset_out_of_range);
            }
            for (const stored_batch& batch : log_.batches) {
                const bool wanted = batch.base + batch.count > each.fetch_offset;
                const bool fits =
                    found.empty() || found.size() + batch.bytes.size() <=
                                         static_cast<std::size_t>(each.partition_max_bytes);
                if (partition.error_code != 0 || !wanted) continue;
                if (!fits) break;
                found.insert(found.end(), batch.bytes.begin(), batch.bytes.end());
            }
            partition.records = record_data(found);
        }
    }
    return encoded_body(told, what.version);
}

/// The log has one history only: each epoch ends where the test says, or at the end.
std::vector<std::byte> toy_broker::epoch_ends(const asked& what) {
    const auto request = decoded_body<offset_for_leader_epoch_request>(what.body, what.version);
    offset_for_leader_epoch_response told;
    for (const auto& topic : request.topics) {
        auto& answered = told.topics.emplace_back();
        answered.topic = topic.topic;
        for (const auto& each : topic.partitions) {
            auto& partition = answered.partitions.emplace_back();
            partition.partition = each.partition;
            partition.leader_epoch = each.leader_epoch;
            partition.end_offset = epoch_end.value_or(log_.end);
        }
    }
    return encoded_body(told, what.version);
}

std::vector<std::byte> toy_broker::list_offsets(const asked& what,
                                                std::optional<error_code> refuse) {
    const auto request = decoded_body<list_offsets_request>(what.body, what.version);
    list_offsets_response told;
    for (const auto& topic : request.topics) {
        auto& answered = told.topics.emplace_back();
        answered.name = topic.name;
        for (const auto& each : topic.partitions) {
            auto& partition = answered.partitions.emplace_back();
            partition.partition_index = each.partition_index;
            if (refuse) partition.error_code = kafka::to_wire(*refuse);
            partition.offset = each.timestamp == -2 ? log_.start : log_.end;
            partition.leader_epoch = leader_epoch;
        }
    }
    return encoded_body(told, what.version);
}

}  // namespace verdikt::client
