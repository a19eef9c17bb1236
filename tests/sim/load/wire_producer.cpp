#include "tests/sim/load/wire_producer.h"

#include "kafka/messages/fetch.h"
#include "kafka/messages/init_producer_id.h"
#include "kafka/messages/metadata.h"
#include "kafka/records/record.h"
#include "runtime/deadline.h"
#include "tests/raw_wire/sample_batch.h"
#include "tests/sim/load/broker_program.h"

namespace verdikt::tests {

namespace {

using namespace std::chrono_literals;
namespace messages = kafka::messages;
using runtime::awaitable;
using runtime::environment;

constexpr std::string_view topic_name = "orders";
constexpr std::int32_t partitions = 3;
constexpr auto patience = 5s;

/// The answer, or nothing if the connection is lost or too slow, and of no more use.
template <typename Response, typename Request>
awaitable<std::optional<Response>> ask(environment& world,
                                       wire_client& client,
                                       Request request,
                                       std::int16_t version) {
    auto answer = client.try_ask<Response>(std::move(request), version);
    auto kept = co_await runtime::with_deadline(world, world.now() + patience, std::move(answer));
    if (!kept) co_return std::nullopt;
    co_return std::move(*kept);
}

awaitable<std::optional<wire_client>> connect(environment& world) {
    auto attempt = world.net().connect({"broker", broker_port});
    auto wire = co_await runtime::with_deadline(world, world.now() + patience, std::move(attempt));
    if (!wire || !*wire) co_return std::nullopt;
    co_return wire_client(std::move(**wire));
}

}  // namespace

wire_producer::wire_producer(environment& world,
                             produce_history& history,
                             std::string name,
                             delivery kind)
    : world_(world), history_(history), name_(std::move(name)), kind_(kind) {
    if (kind_ == delivery::exactly_once) history_.promises_exactly_once(name_);
}

awaitable<void> wire_producer::run(runtime::instant until) {
    while (world_.now() < until) {
        co_await converse(until);
        co_await world_.sleep_for(100ms);
    }
}

awaitable<void> wire_producer::converse(runtime::instant until) {
    auto client = co_await connect(world_);
    if (!client || !co_await prepare(*client)) co_return;
    while (world_.now() < until) {
        if (!unsettled_) unsettled_ = next_batch();
        const batch sending = *unsettled_;
        const outcome how = co_await deliver(*client, sending);
        settled(sending, how);
        if (how == outcome::unknown) co_return;
        co_await world_.sleep_for(runtime::duration(world_.random().between(0, 20'000'000)));
    }
}

/// The topic is there, and an idempotent producer has its id.
awaitable<bool> wire_producer::prepare(wire_client& client) {
    messages::metadata_request make;
    make.topics->push_back({.topic_id = {}, .name = std::string(topic_name)});
    const auto made = co_await ask<messages::metadata_response>(world_, client, make, 9);
    if (!made || made->topics.at(0).error_code != 0) co_return false;
    if (kind_ == delivery::at_most_once || producer_id_ >= 0) co_return true;
    const auto given = co_await ask<messages::init_producer_id_response>(
        world_, client, messages::init_producer_id_request{.transactional_id = std::nullopt}, 4);
    if (!given || given->error_code != 0) co_return false;
    producer_id_ = given->producer_id;
    producer_epoch_ = given->producer_epoch;
    co_return true;
}

wire_producer::batch wire_producer::next_batch() {
    batch next{.partition = static_cast<std::int32_t>(world_.random().below(partitions)),
               .value = fmt::format("{}-{}", name_, sent_++)};
    if (kind_ == delivery::exactly_once) next.base_sequence = next_sequence_[next.partition];
    return next;
}

void wire_producer::settled(const batch& what, outcome how) {
    const bool again = kind_ == delivery::exactly_once && how != outcome::stored;
    if (again) return;
    unsettled_.reset();
    next_sequence_[what.partition] += what.count;
}

awaitable<wire_producer::outcome> wire_producer::deliver(wire_client& client, batch what) {
    const auto records = batch_of(what.value,
                                  what.count,
                                  world_.wall_time().time_since_epoch().count(),
                                  {.producer_id = kafka::producer_id(producer_id_),
                                   .producer_epoch = kafka::producer_epoch(producer_epoch_),
                                   .base_sequence = kafka::sequence(what.base_sequence)});
    messages::produce_request request{
        .transactional_id = std::nullopt, .acks = -1, .timeout_ms = 3'000, .topic_data = {}};
    request.topic_data.push_back(
        {.name = std::string(topic_name),
         .partition_data = {{.index = what.partition, .records = messages::record_data(records)}}});
    const auto answer = co_await ask<messages::produce_response>(world_, client, request, 9);
    if (!answer) co_return outcome::unknown;
    const auto& stored = answer->responses.at(0).partition_responses.at(0);
    if (stored.error_code != 0) co_return outcome::refused;
    history_.acknowledged(what.partition, stored.base_offset, what.value);
    co_return outcome::stored;
}

namespace {

messages::fetch_request fetch_from(std::int32_t partition, std::int64_t offset) {
    messages::fetch_request request;
    request.max_bytes = 1 << 20;
    request.topics.push_back(
        {.topic = std::string(topic_name),
         .topic_id = {},
         .partitions = {
             {.partition = partition, .fetch_offset = offset, .partition_max_bytes = 1 << 20}}});
    return request;
}

/// Adds the records to `log` and returns the offset after them.
std::int64_t read_records(std::span<const std::byte> bytes, log_content& log) {
    std::int64_t next = 0;
    kafka::records::batch_reader batches(bytes);
    while (!batches.done()) {
        const auto batch = batches.next();
        CHECK(batch.has_value() && batch->checksum_matches());
        kafka::records::record_reader records(batch->payload(), batch->record_count());
        while (!records.done()) {
            const auto record = records.next();
            CHECK(record.has_value() && record->value.has_value());
            const auto value = *record->value;
            log.emplace(record->offset_in(batch->header()).value(),
                        std::string(reinterpret_cast<const char*>(value.data()), value.size()));
        }
        next = batch->next_offset().value();
    }
    return next;
}

}  // namespace

awaitable<std::map<std::int32_t, log_content>> read_partitions(environment& world,
                                                               std::int32_t count) {
    std::map<std::int32_t, log_content> all;
    auto client = co_await wire_client::connect(world, {"broker", broker_port});
    for (std::int32_t partition = 0; partition < count; ++partition) {
        std::int64_t next = 0;
        for (;;) {
            const auto answer =
                co_await client.ask<messages::fetch_response>(fetch_from(partition, next), 12);
            const auto& fetched = answer.responses.at(0).partitions.at(0);
            // A broker to which no producer got through has no such topic.
            CHECK(fetched.error_code == 0 || fetched.error_code == 3, "{}", fetched.error_code);
            if (fetched.error_code != 0 || fetched.high_watermark <= next) break;
            next = read_records(fetched.records->bytes(), all[partition]);
        }
    }
    co_return all;
}

}  // namespace verdikt::tests
