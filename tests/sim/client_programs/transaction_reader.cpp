#include "tests/sim/client_programs/transaction_reader.h"

#include "client/admin.h"
#include "client/closing.h"
#include "client/consumer.h"
#include "tests/sim/client_programs/value_or_throw.h"

#include <stdexcept>
#include <utility>

namespace verdikt::tests {

using namespace std::chrono_literals;
using runtime::awaitable;

namespace {

using end_offsets = std::map<client::topic_partition, kafka::offset>;

/// Markers end partitions, so positions tell and records do not.
awaitable<bool> is_at(client::consumer& from, const end_offsets& ends) {
    for (const auto& [where, end] : ends) {
        auto asking = from.position(where);
        if (value_or_throw(co_await std::move(asking)) < end) co_return false;
    }
    co_return true;
}

awaitable<void> read_all(client::consumer& from,
                         std::string topic,
                         end_offsets& ends,
                         found_transactions& into) {
    auto asking = from.partitions_of(topic);
    const auto partitions = value_or_throw(co_await std::move(asking));
    auto ending = from.end_offsets(partitions);
    ends = value_or_throw(co_await std::move(ending));
    if (const auto assigned = from.assign(partitions); !assigned) {
        throw std::runtime_error(assigned.error().message());
    }
    for (int polls = 0;; ++polls) {
        if (polls > 10'000) throw std::runtime_error("the end of the topic is never reached");
        auto polling = from.poll(100ms);
        const auto records = value_or_throw(co_await std::move(polling));
        for (const client::consumed_record& each : records) {
            into.records.push_back(
                {.what = transactional_record::read(client::as_text(*each.value)),
                 .where = {topic, each.partition},
                 .offset = each.offset});
        }
        auto looking = is_at(from, ends);
        if (co_await std::move(looking)) co_return;
    }
}

awaitable<void> compare_ends(client::consumer& from,
                             std::string topic,
                             const end_offsets& committed,
                             found_transactions& into) {
    auto asking = from.partitions_of(topic);
    const auto partitions = value_or_throw(co_await std::move(asking));
    auto ending = from.end_offsets(partitions);
    into.anything_open = value_or_throw(co_await std::move(ending)) != committed;
}

awaitable<void> read_offsets(client::admin& asking, int programs, found_transactions& into) {
    for (int index = 0; index < programs; ++index) {
        auto listing = asking.list_group_offsets("group-" + std::to_string(index));
        const auto offsets = value_or_throw(co_await std::move(listing));
        auto& found = into.offsets[index];
        for (const auto& [where, offset] : offsets) found = static_cast<int>(offset.offset.value());
    }
}

}  // namespace

awaitable<found_transactions> read_transactions(runtime::environment& world,
                                                client::client_config config,
                                                std::string topic,
                                                int programs) {
    found_transactions found;
    end_offsets ends;
    config.auto_offset_reset = "earliest";
    config.isolation_level = "read_committed";
    client::consumer committed(world, config);
    co_await client::use_and_close(committed, read_all(committed, topic, ends, found));
    config.isolation_level = "read_uncommitted";
    client::consumer all(world, config);
    co_await client::use_and_close(all, compare_ends(all, topic, ends, found));
    client::admin asking(world, config);
    co_await client::use_and_close(asking, read_offsets(asking, programs, found));
    co_return found;
}

}  // namespace verdikt::tests
