#include "tests/sim/replica_host/storm_clients.h"

#include "kafka/messages/fetch.h"
#include "kafka/messages/list_offsets.h"
#include "kafka/messages/produce.h"
#include "kafka/records/batch_builder.h"
#include "kafka/records/record.h"
#include "runtime/check.h"

#include <fmt/format.h>

namespace verdikt::tests {

using namespace broker;
using namespace std::chrono_literals;
using kafka::error_code;
namespace messages = kafka::messages;
namespace records = kafka::records;

storm_history::values values_in(std::span<const std::byte> bytes) {
    storm_history::values found;
    records::batch_reader batches(bytes);
    while (!batches.done()) {
        const auto batch = batches.next();
        CHECK(batch && batch->checksum_matches());
        records::record_reader inside(batch->payload(), batch->record_count());
        while (!inside.done()) {
            const auto record = inside.next();
            CHECK(record.has_value());
            const auto value = record->value.value_or(std::span<const std::byte>());
            found[record->offset_in(batch->header())] =
                std::string(reinterpret_cast<const char*>(value.data()), value.size());
        }
    }
    return found;
}

storm_clients::storm_clients(runtime::environment& world,
                             const metadata_court& court,
                             storm_history& history)
    : world_(world), court_(court), history_(history), links_(world, {}) {
    for (std::int32_t node = 1; node <= 3; ++node) {
        links_.set_address(kafka::node_id(node),
                           {.host = fmt::format("broker-{}", node), .port = 9092});
    }
}

/// Now and then somebody else than the leader is asked, as by a client with old metadata.
kafka::node_id storm_clients::leader_of(const kafka::topic_partition& which) {
    const auto* topic = court_.image().find_topic(which.topic);
    const kafka::node_id anybody(static_cast<std::int32_t>(world_.random().between(1, 3)));
    if (topic == nullptr || world_.random().chance(0.05)) return anybody;
    const auto index = static_cast<std::size_t>(which.partition.value());
    const kafka::node_id leader = topic->partitions.at(index).leader;
    return leader == kafka::no_node ? anybody : leader;
}

runtime::awaitable<void> storm_clients::pause(std::int64_t ms_max) {
    co_await world_.sleep_for(std::chrono::milliseconds(world_.random().between(0, ms_max)));
}

storm_clients::batch storm_clients::make_batch(const std::string& prefix,
                                               const storm_writer* writer) {
    batch made;
    records::batch_builder builder;
    const std::int64_t count = world_.random().between(1, 4);
    for (std::int64_t at = 0; at < count; ++at) {
        made.values.push_back(fmt::format("{}.{}", prefix, at));
        builder.append({.time = kafka::timestamp(1'000),
                        .value = std::as_bytes(std::span(made.values.back()))});
    }
    records::batch_options options;
    if (writer != nullptr) {
        options.producer_id = kafka::producer_id(writer->producer);
        options.producer_epoch = kafka::producer_epoch(0);
        options.base_sequence = kafka::sequence(writer->next_sequence);
    }
    const auto built = builder.build(options, records::compression::of_this_thread());
    CHECK(built.has_value());
    made.bytes.assign(built->begin(), built->end());
    return made;
}

runtime::awaitable<std::expected<kafka::offset, error_code>> storm_clients::send(
    kafka::topic_partition to, const batch& what, std::int16_t acks) {
    messages::produce_request request{.acks = acks, .timeout_ms = 1'000};
    auto& topic = request.topic_data.emplace_back();
    topic.name = to.topic;
    topic.partition_data.push_back(
        {.index = to.partition.value(), .records = messages::record_data(what.bytes)});
    const auto answered = co_await links_.call<messages::produce_response>(
        {.node = leader_of(to), .over = link::channel::forwarding}, std::move(request), 1'500ms);
    if (!answered) co_return std::unexpected(error_code::network_exception);
    const auto& outcome = answered->message.responses.at(0).partition_responses.at(0);
    if (outcome.error_code != 0) {
        co_return std::unexpected(kafka::to_error_code(outcome.error_code));
    }
    co_return kafka::offset(outcome.base_offset);
}

runtime::awaitable<void> storm_clients::write(storm_writer& writer, const bool& over) {
    while (!over) {
        const batch next =
            make_batch(fmt::format("w{}.{}", writer.producer, writer.next_sequence), &writer);
        for (;;) {
            const auto sent = co_await send(writer.which, next, -1);
            if (sent) {
                history_.acknowledged(writer.which, *sent, next.values);
                break;
            }
            // OUT_OF_ORDER_SEQUENCE_NUMBER too: a leader that has yet to hear of its successor
            // lacks what that one acknowledged. If it were lost, no leader would take the next,
            // ever.
            co_await pause(60);
        }
        writer.next_sequence += static_cast<std::int32_t>(next.values.size());
        co_await pause(40);
    }
    writer.done = true;
}

runtime::awaitable<void> storm_clients::write_and_forget(kafka::topic_partition which,
                                                         const bool& over) {
    while (!over) {
        const batch next = make_batch(fmt::format("f{}", ++forgotten_), nullptr);
        const std::int16_t acks = world_.random().chance(0.5) ? -1 : 1;
        const auto sent = co_await send(which, next, acks);
        if (sent && acks == -1) history_.acknowledged(which, *sent, next.values);
        co_await pause(100);
    }
}

runtime::awaitable<void> storm_clients::read(kafka::topic_partition which, const bool& over) {
    kafka::offset next{0};
    while (!over) {
        messages::fetch_request request{.max_wait_ms = 200, .min_bytes = 1};
        const auto* known = court_.image().find_topic(which.topic);
        CHECK(known != nullptr);
        auto& topic = request.topics.emplace_back();
        topic.topic_id = known->id;
        topic.partitions.push_back({.partition = which.partition.value(),
                                    .fetch_offset = next.value(),
                                    .partition_max_bytes = 1 << 16});
        const auto answered = co_await links_.call<messages::fetch_response>(
            {.node = leader_of(which), .over = link::channel::replication},
            std::move(request),
            1'500ms);
        if (!answered) {
            co_await pause(50);
            continue;
        }
        const auto& answer = answered->message.responses.at(0).partitions.at(0);
        if (answer.error_code == kafka::to_wire(error_code::offset_out_of_range)) {
            // Some were deleted, or a new leader's records do not reach as far yet.
            next = kafka::offset(0);
            messages::list_offsets_request where;
            where.replica_id = -1;
            where.topics.push_back(
                {.name = which.topic,
                 .partitions = {{.partition_index = which.partition.value(), .timestamp = -2}}});
            const auto found = co_await links_.call<messages::list_offsets_response>(
                {.node = leader_of(which), .over = link::channel::replication},
                std::move(where),
                1'500ms);
            if (found) {
                const auto& told = found->message.topics.at(0).partitions.at(0);
                if (told.error_code == 0) next = kafka::offset(told.offset);
            }
        }
        if (answer.error_code != 0) {
            co_await pause(50);
            continue;
        }
        for (const auto& [at, value] : values_in(answer.records->bytes())) {
            if (at.value() >= answer.high_watermark) {
                history_.violation(
                    fmt::format("{}: {} is shown above {}", which, at, answer.high_watermark));
            }
            history_.seen(which, at, value);
            if (at >= next) next = at.next();
        }
    }
}

}  // namespace verdikt::tests
