#include "client/closing.h"
#include "tests/interop/verdikt/conversation.h"

namespace verdikt::interop {

namespace {

client::topic_partition partition_of(const std::string& topic) {
    return {.topic = topic, .partition = kafka::partition_index(0)};
}

/// Errors are about a leader that is not there just now.
runtime::awaitable<kafka::offset> end_of(runtime::environment& world,
                                         client::consumer& reader,
                                         client::topic_partition where) {
    const runtime::instant deadline = world.now() + patience;
    for (;;) {
        const auto found = co_await reader.end_offsets({where});
        if (found) co_return found->at(where);
        require(world.now() < deadline, "the end of the topic: " + found.error().message());
    }
}

runtime::awaitable<void> read_into(runtime::environment& world,
                                   client::consumer& reader,
                                   std::string topic,
                                   std::vector<std::string>& values) {
    const client::topic_partition where = partition_of(topic);
    require(reader.assign({where}).has_value(), "assigning " + topic);
    const kafka::offset end = co_await end_of(world, reader, where);
    const runtime::instant deadline = world.now() + patience;
    for (;;) {
        const auto position = co_await reader.position(where);
        if (position && *position >= end) co_return;
        require(world.now() < deadline, "reading " + topic + " takes too long");
        const auto records = co_await reader.poll(pace);
        if (!records) continue;
        for (const auto& each : *records) values.emplace_back(client::as_text(*each.value));
    }
}

runtime::awaitable<void> ask_committed(runtime::environment& world,
                                       client::consumer& reader,
                                       client::topic_partition where,
                                       kafka::offset& offset) {
    const runtime::instant deadline = world.now() + patience;
    for (;;) {
        const auto found = co_await reader.committed({where});
        if (found && found->contains(where)) {
            offset = found->at(where).offset;
            co_return;
        }
        require(world.now() < deadline, "nothing is committed of " + where.topic);
    }
}

}  // namespace

runtime::awaitable<std::vector<std::string>> read_all(runtime::environment& world,
                                                      plan of,
                                                      std::string topic) {
    client::client_config config = of.config();
    config.auto_offset_reset = "earliest";
    config.isolation_level = "read_committed";
    client::consumer reader(world, config);
    std::vector<std::string> values;
    co_await client::use_and_close(reader, read_into(world, reader, topic, values));
    co_return values;
}

runtime::awaitable<kafka::offset> committed_offset(runtime::environment& world,
                                                   plan of,
                                                   std::string group,
                                                   std::string topic) {
    client::client_config config = of.config();
    config.group_id = std::move(group);
    client::consumer reader(world, config);
    kafka::offset offset = kafka::no_offset;
    co_await client::use_and_close(reader,
                                   ask_committed(world, reader, partition_of(topic), offset));
    co_return offset;
}

}  // namespace verdikt::interop
