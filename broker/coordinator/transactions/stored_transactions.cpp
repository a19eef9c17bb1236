#include "broker/coordinator/transactions/stored_transactions.h"

#include "kafka/messages/transaction_records.h"
#include "kafka/messages/versioned.h"
#include "runtime/check.h"

#include <map>
#include <utility>

namespace verdikt::broker::coordinator::transactions {

namespace messages = kafka::messages;

namespace {

constexpr std::int16_t key_version = 0;
constexpr std::int16_t value_version = 1;

template <typename Message>
std::vector<std::byte> encode(const Message& message, std::int16_t version) {
    auto bytes = messages::encode_versioned(message, version);
    CHECK(bytes.has_value(), "{}", messages::describe(bytes.error().what));
    return std::move(*bytes);
}

std::vector<messages::transaction_log_value::partitions_schema> by_topic(const partitions& all) {
    std::map<std::string, std::vector<std::int32_t>> grouped;
    for (const kafka::topic_partition& each : all) {
        grouped[each.topic].push_back(each.partition.value());
    }
    std::vector<messages::transaction_log_value::partitions_schema> result;
    for (auto& [topic, ids] : grouped) {
        result.push_back({.topic = topic, .partition_ids = std::move(ids)});
    }
    return result;
}

std::optional<transaction_state> to_state(std::int8_t status) {
    const bool is_known = status >= static_cast<std::int8_t>(transaction_state::empty) &&
                          status <= static_cast<std::int8_t>(transaction_state::dead);
    if (!is_known) return std::nullopt;
    return static_cast<transaction_state>(status);
}

std::optional<protocol> to_protocol(std::int16_t version) {
    if (version < 0) return std::nullopt;
    // A newer one raises epochs as well.
    return version >= 2 ? protocol::epoch_bump : static_cast<protocol>(version);
}

/// What no broker writes would break the state machine that is restored from it.
bool is_sound(const stored_transaction& state) {
    const bool is_open = state.state == transaction_state::ongoing ||
                         state.state == transaction_state::prepare_commit ||
                         state.state == transaction_state::prepare_abort;
    const bool is_preparing = is_open && state.state != transaction_state::ongoing;
    return state.producer.id.value() >= 0 && state.producer.epoch.value() >= 0 &&
           (is_open || state.partitions.empty()) &&
           (is_preparing || state.next_id == kafka::no_producer_id);
}

std::optional<stored_transaction> to_stored(const messages::transaction_log_value& value) {
    const auto state = to_state(value.transaction_status);
    const auto spoken = to_protocol(value.client_transaction_version);
    if (!state || !spoken) return std::nullopt;
    stored_transaction result{
        .producer = {kafka::producer_id(value.producer_id),
                     kafka::producer_epoch(value.producer_epoch)},
        .previous_id = kafka::producer_id(value.previous_producer_id),
        .next_id = kafka::producer_id(value.next_producer_id),
        .timeout = milliseconds(value.transaction_timeout_ms),
        .state = *state,
        .started = kafka::timestamp(value.transaction_start_timestamp_ms),
        .updated = kafka::timestamp(value.transaction_last_update_timestamp_ms),
        .spoken = *spoken};
    if (value.transaction_partitions) {
        for (const auto& topic : *value.transaction_partitions) {
            for (const std::int32_t id : topic.partition_ids) {
                result.partitions.insert({topic.topic, kafka::partition_index(id)});
            }
        }
    }
    if (!is_sound(result)) return std::nullopt;
    return result;
}

}  // namespace

std::vector<std::byte> encode_key(const std::string& transactional_id) {
    return encode(messages::transaction_log_key{.transactional_id = transactional_id}, key_version);
}

std::vector<std::byte> encode_value(const stored_transaction& state) {
    messages::transaction_log_value value{
        .producer_id = state.producer.id.value(),
        .previous_producer_id = state.previous_id.value(),
        .next_producer_id = state.next_id.value(),
        .producer_epoch = state.producer.epoch.value(),
        .transaction_timeout_ms = static_cast<std::int32_t>(state.timeout.count()),
        .transaction_status = static_cast<std::int8_t>(state.state),
        .transaction_partitions = by_topic(state.partitions),
        .transaction_last_update_timestamp_ms = state.updated.value(),
        .transaction_start_timestamp_ms = state.started.value(),
        .client_transaction_version = static_cast<std::int16_t>(state.spoken)};
    if (state.state == transaction_state::empty) value.transaction_partitions.reset();
    return encode(value, value_version);
}

std::optional<read_transaction> read_record(std::span<const std::byte> key,
                                            std::optional<std::span<const std::byte>> value) {
    auto name = messages::decode_versioned<messages::transaction_log_key>(key);
    if (!name) return std::nullopt;
    read_transaction record{std::move(name->transactional_id), std::nullopt};
    if (!value) return record;
    const auto read = messages::decode_versioned<messages::transaction_log_value>(*value);
    if (!read) return std::nullopt;
    record.state = to_stored(*read);
    if (!record.state) return std::nullopt;
    return record;
}

}  // namespace verdikt::broker::coordinator::transactions
