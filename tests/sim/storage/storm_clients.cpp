#include "tests/sim/storage/storm_clients.h"

#include "kafka/records/batch_builder.h"
#include "kafka/records/control.h"

#include <fmt/format.h>

#include <utility>

namespace verdikt::broker::storage {

using runtime::awaitable;

void storm_clients::check(const kafka::topic_partition& which,
                          const naive::log& truth,
                          const stored_log& log) {
    const kafka::offset deleted = deleted_below_[which];
    if (log.log_start() < deleted) note_violation_("deleted records came back");
    std::map<kafka::offset, const naive::batch*> found;
    for (const auto& segment : truth.segments) {
        for (const auto& each : segment.batches) found[each.header.base_offset] = &each;
    }
    for (const auto& [offset, batch] : acknowledged_[which]) {
        if (offset < log.log_start()) continue;
        const auto here = found.find(offset);
        if (here == found.end()) {
            note_violation_(fmt::format("{}: acknowledged offset {} is lost; the log ends at {}",
                                        which,
                                        offset,
                                        log.log_end()));
            return;
        }
        if (here->second->bytes != batch.bytes) {
            note_violation_(fmt::format("{}: acknowledged offset {} changed", which, offset));
            return;
        }
    }
}

awaitable<void> storm_clients::repeat_acknowledged(partition_log& log) {
    auto& last = last_of_producer_[log.partition()];
    for (const auto& [producer, batch] : last) {
        std::vector<std::byte> again = batch.bytes;
        const auto done = co_await log.append(again, append_origin::client, kafka::leader_epoch(0));
        if (!done) {
            note_violation_(fmt::format("a repeated batch of producer {} is refused: {}",
                                        producer,
                                        describe(done.error())));
        } else if (!done->duplicate || done->base_offset != kafka::offset(batch.base)) {
            note_violation_(fmt::format("producer {}'s batch is appended twice", producer));
        } else {
            ++report_.duplicates;
        }
    }
    last.clear();
}

awaitable<void> storm_clients::write(runtime::environment& env,
                                     std::shared_ptr<partition_log> log,
                                     kafka::leader_epoch epoch) {
    auto dice = env.random().fork();
    producer me;
    me.epoch = epoch;
    if (dice.chance(0.7)) {
        me.id = kafka::producer_id(next_producer_++);
        me.next = kafka::sequence(0);
        me.transactional = dice.chance(0.4);
    }
    for (;;) {
        const bool marker = me.in_transaction && dice.chance(0.3);
        std::vector<std::byte> bytes = marker ? make_marker(me, dice) : make_data(me, dice);
        if (!co_await write_until_acknowledged(*log, bytes, me, marker, env, dice)) co_return;
        co_await env.sleep_for(runtime::duration(dice.between(0, 12'000'000)));
    }
}

awaitable<bool> storm_clients::write_until_acknowledged(partition_log& log,
                                                        std::vector<std::byte>& bytes,
                                                        producer& me,
                                                        bool marker,
                                                        runtime::environment& env,
                                                        runtime::random_source& dice) {
    const bool idempotent = me.id > kafka::no_producer_id && !marker;
    // From here on it is unknown what of this producer is in the log.
    last_of_producer_[log.partition()].erase(me.id);
    for (;;) {
        const auto done = co_await log.append(
            bytes, marker ? append_origin::internal : append_origin::client, me.epoch);
        if (done) {
            if (!co_await log.wait_committed(done->last_offset.next())) co_return false;
            remember(log.partition(), bytes, *done, me, marker);
            co_return true;
        }
        ++report_.failed_appends;
        if (done.error() == errc::offline || done.error() == errc::stopped) co_return false;
        const bool may_retry = done.error() == errc::no_space || done.error() == errc::write_failed;
        if (!may_retry) {
            note_violation_(fmt::format(
                "an append of producer {} is refused: {}", me.id, describe(done.error())));
            co_return false;
        }
        co_await env.sleep_for(runtime::duration(dice.between(1'000'000, 20'000'000)));
        if (!idempotent && !marker && dice.chance(0.5)) co_return true;  // Gives it up.
    }
}

void storm_clients::remember(const kafka::topic_partition& which,
                             const std::vector<std::byte>& bytes,
                             const append_result& done,
                             producer& me,
                             bool marker) {
    if (done.duplicate) {
        ++report_.duplicates;
        return;
    }
    ++report_.acknowledged;
    const auto header = kafka::records::parse_batch_header(bytes);
    const batch kept{.bytes = bytes, .base = done.base_offset.value()};
    acknowledged_[which][done.base_offset] = kept;
    if (marker) {
        me.in_transaction = false;
    } else if (me.id > kafka::no_producer_id) {
        me.next = header->last_sequence().next();
        me.in_transaction = me.transactional;
        last_of_producer_[which][me.id] = kept;
    }
}

awaitable<void> storm_clients::disturb(runtime::environment& env,
                                       std::shared_ptr<partition_log> log) {
    auto dice = env.random().fork();
    for (;;) {
        co_await env.sleep_for(runtime::duration(dice.between(1'000'000, 80'000'000)));
        switch (dice.below(5)) {
            case 0:
                (void)co_await log->roll();
                break;
            case 1:
                (void)co_await log->flush();
                break;
            case 2:
                co_await delete_some(*log, dice);
                break;
            default:
                co_await read_some(*log, dice);
                break;
        }
        dynamic_cast<const stored_log&>(*log).check_invariants();
    }
}

awaitable<void> storm_clients::delete_some(partition_log& log, runtime::random_source& dice) {
    const std::int64_t span = log.high_watermark() - log.log_start();
    const kafka::offset up_to =
        log.log_start() +
        static_cast<std::int64_t>(dice.below(static_cast<std::uint64_t>(span) / 2 + 1));
    const kafka::topic_partition which = log.partition();
    const auto deleted = co_await log.delete_records(up_to);
    if (deleted) deleted_below_[which] = *deleted;
}

awaitable<void> storm_clients::read_some(partition_log& log, runtime::random_source& dice) {
    const kafka::offset start = log.log_start();
    const kafka::offset end = log.high_watermark();
    const kafka::offset from =
        start + static_cast<std::int64_t>(dice.below(static_cast<std::uint64_t>(end - start) + 1));
    const auto bytes =
        co_await log.read_bytes({.from = from, .max_bytes = dice.below(5000), .bound = end});
    if (!bytes) co_return;
    kafka::records::batch_reader batches(*bytes);
    while (!batches.done()) {
        const auto batch = batches.next();
        if (!batch || !batch->checksum_matches()) {
            note_violation_("a read gave a damaged batch");
            co_return;
        }
        if (batch->last_offset() >= end) note_violation_("a read passed its bound");
    }
}
std::vector<std::byte> storm_clients::make_data(const producer& me, runtime::random_source& dice) {
    kafka::records::batch_builder builder;
    std::vector<std::byte> value(dice.below(dice.chance(0.1) ? 3000 : 200));
    dice.fill(value);
    const auto count = 1 + dice.below(4);
    for (std::uint64_t record = 0; record < count; ++record) {
        builder.append({.time = kafka::timestamp(dice.between(1'000'000, 1'010'000)),
                        .key = std::nullopt,
                        .value = value});
    }
    const bool idempotent = me.id > kafka::no_producer_id;
    const auto built = builder.build({.producer_id = me.id,
                                      .producer_epoch = kafka::producer_epoch(idempotent ? 0 : -1),
                                      .base_sequence = idempotent ? me.next : kafka::sequence(),
                                      .transactional = me.transactional},
                                     kafka::records::compression::of_this_thread());
    return {built->begin(), built->end()};
}

std::vector<std::byte> storm_clients::make_marker(const producer& me,
                                                  runtime::random_source& dice) {
    const auto batch = kafka::records::make_marker_batch(
        {.producer_id = me.id,
         .producer_epoch = kafka::producer_epoch(0),
         .outcome = dice.chance(0.5) ? kafka::records::control_type::abort
                                     : kafka::records::control_type::commit,
         .coordinator_epoch = 1,
         .time = kafka::timestamp(1'005'000)});
    return {batch.bytes().begin(), batch.bytes().end()};
}

}  // namespace verdikt::broker::storage
