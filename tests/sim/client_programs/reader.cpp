#include "tests/sim/client_programs/reader.h"

#include "client/closing.h"
#include "client/consumer.h"
#include "tests/sim/client_programs/value_or_throw.h"

#include <iterator>
#include <map>
#include <stdexcept>

namespace verdikt::tests {

using runtime::awaitable;

namespace {

/// By position: what was deleted up to the end, or holds nothing but markers there, has no record
/// that could tell.
awaitable<void> drop_those_at_their_end(client::consumer& from,
                                        std::map<client::topic_partition, kafka::offset>& left) {
    for (auto each = left.begin(); each != left.end();) {
        auto asking = from.position(each->first);
        const kafka::offset reached = value_or_throw(co_await std::move(asking));
        each = reached >= each->second ? left.erase(each) : std::next(each);
    }
}

awaitable<void> read_all(client::consumer& from,
                         std::string topic,
                         std::vector<found_record>& into) {
    auto asking = from.partitions_of(topic);
    const auto partitions = value_or_throw(co_await std::move(asking));
    auto ending = from.end_offsets(partitions);
    auto left = value_or_throw(co_await std::move(ending));
    if (auto assigned = from.assign(partitions); !assigned) {
        throw std::runtime_error(assigned.error().message());
    }
    std::erase_if(left, [](const auto& each) { return each.second == kafka::offset(0); });
    for (int polls = 0; !left.empty(); ++polls) {
        if (polls > 10'000) throw std::runtime_error("the end of the topic is never reached");
        auto polling = from.poll(std::chrono::seconds(1));
        const auto records = value_or_throw(co_await std::move(polling));
        for (const client::consumed_record& each : records) {
            const client::topic_partition where{.topic = topic, .partition = each.partition};
            into.push_back({.name = record_name::read(client::as_text(*each.value)),
                            .where = where,
                            .offset = each.offset});
        }
        co_await drop_those_at_their_end(from, left);
    }
}

}  // namespace

awaitable<std::vector<found_record>> read_topic(runtime::environment& world,
                                                client::client_config config,
                                                std::string topic) {
    config.auto_offset_reset = "earliest";
    client::consumer reading(world, std::move(config));
    std::vector<found_record> found;
    co_await client::use_and_close(reading, read_all(reading, std::move(topic), found));
    co_return found;
}

}  // namespace verdikt::tests
