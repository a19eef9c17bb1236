#include "tests/sim/replica_host/storm_broker.h"

#include "kafka/messages/list_offsets.h"
#include "kafka/messages/produce.h"
#include "runtime/check.h"

#include <exception>

namespace verdikt::tests {

using namespace broker;
using namespace std::chrono_literals;
using kafka::error_code;
using replication::host::partition_ptr;
using replication::host::partition_settings;
namespace messages = kafka::messages;
namespace host = replication::host;

namespace {

constexpr runtime::duration heartbeat_interval = 50ms;
constexpr runtime::duration controller_patience = 1s;

}  // namespace

/// What one process has.
struct storm_broker::life {
    life(storm_broker& of, runtime::environment& environment, storage::log_directory& log_directory)
        : broker(of),
          world(environment),
          directory(log_directory),
          links(environment, {}),
          here(environment, {.self = of.id_, .tick_interval = 20ms}, surroundings()),
          living(environment.get_executor()) {}

    storm_broker& broker;
    runtime::environment& world;
    storage::log_directory& directory;
    link::node_links links;
    metadata::image image;
    std::size_t batches_applied = 0;
    bool is_loaded = false;
    bool has_failed = false;
    runtime::notification failed;
    host::replicas here;
    runtime::scope living;

    host::replicas_surroundings surroundings() {
        return {.directories = {&directory},
                .links = links,
                .alter_partition =
                    [this](messages::alter_partition_request request) {
                        return alter_partition(std::move(request));
                    },
                .settings_of = [this](const metadata::image&,
                                      const std::string&) { return topic_settings(); },
                .exists =
                    [this](const kafka::topic_partition& which) {
                        const auto* topic = image.find_topic(which.topic);
                        return topic != nullptr &&
                               which.partition.value() <
                                   static_cast<std::int32_t>(topic->partitions.size());
                    },
                .exists_by_id =
                    [this](const metadata::topic_partition_id& which) {
                        return image.find_partition(which) != nullptr;
                    },
                .leadership_changed =
                    [this](const host::hosted_partition& which,
                           std::optional<kafka::leader_epoch> epoch) {
                        if (epoch)
                            broker.history_.leads(which.topic_id(),
                                                  which.name().partition,
                                                  *epoch,
                                                  broker.id_,
                                                  here.epoch());
                    },
                .directory_failed =
                    [this](const kafka::uuid&) {
                        has_failed = true;
                        failed.notify_all();
                    }};
    }

    [[nodiscard]] partition_settings topic_settings() const {
        partition_settings settings;
        settings.log.segment_bytes = broker.settings_.segment_bytes;
        settings.log.retention_ms = std::chrono::milliseconds(-1);
        settings.log.file_delete_delay_ms = 100ms;
        if (!broker.settings_.durable) settings.log.flush_messages = INT64_MAX;
        settings.replica.replica_lag_time_max = broker.settings_.replica_lag_time_max;
        settings.replica.min_insync_replicas = broker.settings_.min_insync_replicas;
        settings.replica.replica_fetch_backoff = 200ms;
        return settings;
    }

    runtime::awaitable<std::optional<messages::alter_partition_response>> alter_partition(
        messages::alter_partition_request request) {
        auto answered = co_await links.call<messages::alter_partition_response>(
            {.node = court_node, .over = link::channel::controller}, std::move(request), 500ms);
        if (!answered) co_return std::nullopt;
        co_return std::move(answered->message);
    }

    // ---- Its standing with the controller.

    runtime::awaitable<void> stand() {
        messages::broker_registration_request registration{.broker_id = broker.id_.value(),
                                                           .cluster_id = "court",
                                                           .log_dirs = {directory.directory_id()}};
        world.random().fill(registration.incarnation_id.bytes);
        registration.listeners.push_back({.name = "PLAINTEXT", .host = "host", .port = 9092});
        for (;;) {
            const auto registered = co_await links.call<messages::broker_registration_response>(
                {.node = court_node, .over = link::channel::heartbeat}, registration, 500ms);
            if (registered && registered->message.error_code == 0) {
                const kafka::broker_epoch epoch(registered->message.broker_epoch);
                here.registered(epoch);
                follow_metadata();
                co_await beat(epoch);
            }
            co_await world.sleep_for(50ms);
        }
    }

    /// Until the controller no longer knows this registration.
    runtime::awaitable<void> beat(kafka::broker_epoch epoch) {
        runtime::instant last_contact = world.now();
        for (;;) {
            const messages::broker_heartbeat_request request{
                .broker_id = broker.id_.value(),
                .broker_epoch = epoch.value(),
                .current_metadata_offset = image.position().offset.value(),
                .offline_log_dirs = has_failed ? std::vector{directory.directory_id()}
                                               : std::vector<kafka::uuid>{}};
            const auto answered = co_await links.call<messages::broker_heartbeat_response>(
                {.node = court_node, .over = link::channel::heartbeat}, request, 500ms);
            if (answered && answered->message.error_code != 0) co_return;
            if (answered) {
                last_contact = world.now();
                follow_metadata();
            }
            here.controller_reachable(world.now() - last_contact < controller_patience);
            here.check_invariants();
            co_await world.sleep_for(heartbeat_interval);
        }
    }

    /// As if the answer of the controller had brought it.
    void follow_metadata() {
        metadata::changes changed;
        const auto& log = broker.court_.log();
        for (; batches_applied < log.size(); ++batches_applied) {
            for (const auto& [what, where] : log[batches_applied]) {
                const auto applied = image.apply(what, where, changed);
                CHECK(applied.has_value(), "{}", describe(applied.error()));
            }
        }
        if (!is_loaded) {
            is_loaded = true;
            here.load(image);
        } else {
            here.apply(image, changed);
        }
    }

    // ---- Requests.

    runtime::awaitable<reaction> react(asked what) {
        switch (what.key) {
            case kafka::api_key::produce:
                co_return co_await produce(what);
            case kafka::api_key::fetch:
                co_return co_await fetch(what);
            case kafka::api_key::list_offsets:
                co_return co_await list_offsets(what);
            default:
                CHECK(false, "this broker does not serve {}", static_cast<int>(what.key));
                co_return reaction{};
        }
    }

    runtime::awaitable<reaction> produce(asked what) {
        const auto request = what.as<messages::produce_request>();
        messages::produce_response response;
        const auto& topic = request.topic_data.at(0);
        const auto& data = topic.partition_data.at(0);
        auto& answer = response.responses.emplace_back(
            messages::produce_response::topic_produce_response{.name = topic.name});
        auto& outcome = answer.partition_responses.emplace_back();
        outcome.index = data.index;
        const auto bytes = data.records->bytes();
        std::vector<std::byte> batch(bytes.begin(), bytes.end());
        const kafka::topic_partition name{topic.name, kafka::partition_index(data.index)};
        const partition_ptr which = here.find(name);
        const auto done = which ? co_await append(*which, batch, request)
                                : std::unexpected(here.why_absent(name));
        if (done) outcome.base_offset = done->base_offset.value();
        if (!done) outcome.error_code = kafka::to_wire(done.error());
        co_return reaction{what.answered_by(response)};
    }

    runtime::awaitable<std::expected<host::appended, error_code>> append(
        host::hosted_partition& to,
        std::span<std::byte> batch,
        const messages::produce_request& request) {
        const auto acks = static_cast<replication::required_acks>(request.acks);
        const partition_ptr self = to.shared_from_this();
        const auto done = co_await self->append({.batch = batch, .acks = acks});
        if (!done || acks != replication::required_acks::all) co_return done;
        const auto committed = co_await self->wait_committed(
            done->to_commit(), world.now() + std::chrono::milliseconds(request.timeout_ms));
        if (!committed) co_return std::unexpected(committed.error());
        co_return done;
    }

    runtime::awaitable<reaction> fetch(asked what) {
        auto request = what.as<messages::fetch_request>();
        const runtime::instant deadline =
            world.now() + std::chrono::milliseconds(request.max_wait_ms);
        host::fetched result =
            co_await host::serve_fetch(here, std::move(request), {.deadline = deadline});
        std::vector<std::vector<std::byte>> records;
        for (const storage::file_slice& slice : result.slices) {
            auto& bytes = records.emplace_back(slice.size);
            const auto got = co_await slice.file->read_at(slice.position, bytes);
            if (!got) co_return reaction{.hang_up = true};
            bytes.resize(*got);
        }
        for (auto& topic : result.response.responses) {
            for (auto& each : topic.partitions) {
                if (!each.records || !each.records->is_spliced()) continue;
                each.records = messages::record_data(records.at(each.records->tag()));
            }
        }
        co_return reaction{what.answered_by(result.response)};
    }

    runtime::awaitable<reaction> list_offsets(asked what) {
        const auto request = what.as<messages::list_offsets_request>();
        const auto& topic = request.topics.at(0);
        const auto& asked = topic.partitions.at(0);
        messages::list_offsets_response response;
        auto& answer = response.topics.emplace_back(
            messages::list_offsets_response::list_offsets_topic_response{.name = topic.name});
        auto& outcome = answer.partitions.emplace_back();
        outcome.partition_index = asked.partition_index;
        const kafka::topic_partition name{topic.name,
                                          kafka::partition_index(asked.partition_index)};
        const partition_ptr which = here.find(name);
        const auto by =
            request.replica_id >= 0 ? host::asker::follower : host::asker::uncommitted_reader;
        const host::offset_wish wish{
            .time = asked.timestamp,
            .by = by,
            .current_leader_epoch = kafka::leader_epoch(asked.current_leader_epoch)};
        using found_offset =
            std::expected<std::optional<storage::timestamp_and_offset>, error_code>;
        const found_offset found = which ? co_await which->find_offset(wish)
                                         : found_offset(std::unexpected(here.why_absent(name)));
        if (!found) outcome.error_code = kafka::to_wire(found.error());
        if (found && *found) outcome.offset = (*found)->offset.value();
        co_return reaction{what.answered_by(response)};
    }

    // ---- Its course.

    /// A broker whose only directory has failed goes on for a moment, to say so.
    runtime::awaitable<void> end_when_failed() {
        while (!has_failed) co_await failed.wait();
        co_await world.sleep_for(300ms);
        living.cancel();
    }

    runtime::awaitable<void> go_on() {
        for (std::int32_t other = 1; other <= 3; ++other) {
            links.set_address(kafka::node_id(other),
                              {.host = fmt::format("broker-{}", other), .port = 9092});
        }
        links.set_address(court_node, {.host = "court", .port = 9093});
        here.start();
        request_server server(world, [this](asked what) { return react(what); });
        living.spawn(server.serve(9092));
        living.spawn(stand());
        living.spawn(end_when_failed());
        broker.life_ = this;
        std::exception_ptr ended;
        try {
            co_await living.join();
        } catch (...) {
            ended = std::current_exception();
        }
        broker.life_ = nullptr;
        co_await living.cancel_and_join();
        co_await here.stop();
        co_await links.stop();
        if (ended) std::rethrow_exception(ended);
    }
};

host::replicas* storm_broker::replicas() const {
    return life_ == nullptr ? nullptr : &life_->here;
}

bool storm_broker::is_caught_up() const {
    return life_ != nullptr && life_->image.position() == court_.image().position();
}

void storm_broker::delete_records(partition_ptr which, kafka::offset up_to) {
    CHECK(life_ != nullptr);
    life_->living.spawn([](runtime::environment& world,
                           storm_history& history,
                           partition_ptr from,
                           kafka::offset below) -> runtime::awaitable<void> {
        const auto here = co_await from->delete_records(below);
        if (!here) co_return;
        const auto everywhere = co_await from->wait_deleted(*here, world.now() + 5s);
        if (everywhere) history.deleted(from->name(), here->log_start);
    }(life_->world, history_, std::move(which), up_to));
}

runtime::awaitable<void> storm_broker::run(runtime::environment& world) {
    auto opened = co_await storage::log_directory::open(world,
                                                        "/data",
                                                        {.cluster_id = "court",
                                                         .node = id_,
                                                         .reserved_bytes = 4'096,
                                                         .space_check_interval = 100ms});
    // The disk may be broken still.
    if (!opened) co_return;
    const std::unique_ptr<storage::log_directory> directory = std::move(*opened);
    std::exception_ptr ended;
    {
        life one(*this, world, *directory);
        try {
            co_await one.go_on();
        } catch (...) {
            ended = std::current_exception();
        }
    }
    co_await directory->stop();
    if (ended) std::rethrow_exception(ended);
}

}  // namespace verdikt::tests
