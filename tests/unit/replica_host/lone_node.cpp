#include "tests/unit/replica_host/lone_node.h"

#include <exception>

namespace verdikt::broker::replication::host {

std::vector<std::byte> make_batch(const sample_batch& wish) {
    kafka::records::batch_builder builder;
    const std::string_view text = "value";
    for (int record = 0; record < wish.records; ++record) {
        builder.append(
            {.time = kafka::timestamp(1'000 + record), .value = std::as_bytes(std::span(text))});
    }
    const auto built = builder.build({.producer_id = kafka::producer_id(wish.producer),
                                      .producer_epoch = kafka::producer_epoch(
                                          static_cast<std::int16_t>(wish.producer < 0 ? -1 : 0)),
                                      .base_sequence = kafka::sequence(wish.sequence),
                                      .transactional = wish.transactional},
                                     kafka::records::compression::of_this_thread());
    CHECK(built.has_value());
    return {built->begin(), built->end()};
}

kafka::uuid uuid_of(int number) {
    kafka::uuid id;
    id.bytes[15] = static_cast<std::byte>(number);
    return id;
}

void lone_node::change(const std::vector<metadata::record>& records) {
    metadata::changes changed;
    for (const metadata::record& each : records) {
        CHECK(image.apply(each, {log_end_, kafka::leader_epoch(1)}, changed));
        log_end_ = log_end_.next();
    }
    if (here != nullptr) here->apply(image, changed);
}

void lone_node::create_topic(const std::string& name, int id, std::vector<std::int32_t> replicas) {
    change({kafka::messages::topic_record{.name = name, .topic_id = uuid_of(id)},
            kafka::messages::partition_record{
                .partition_id = 0,
                .topic_id = uuid_of(id),
                .replicas = replicas,
                .isr = replicas,
                .leader = replicas.front(),
                .leader_epoch = 0,
                .partition_epoch = 0,
                .directories = std::vector<kafka::uuid>(replicas.size())}});
}

void lone_node::elect(int topic, std::int32_t leader) {
    change({kafka::messages::partition_change_record{
        .partition_id = 0, .topic_id = uuid_of(topic), .leader = leader}});
}

void lone_node::delete_topic(int id) {
    change({kafka::messages::remove_topic_record{.topic_id = uuid_of(id)}});
}

void lone_node::run(body what) {
    node.start([this, what](runtime::environment& env) { return live(env, what); });
    universe.run(node.until_stopped());
    if (node.failure()) std::rethrow_exception(node.failure());
}

runtime::awaitable<void> lone_node::live(runtime::environment& env, body what) {
    auto opened = co_await storage::log_directory::open(
        env, "/data", {.cluster_id = "cluster", .reserved_bytes = 0});
    CHECK(opened.has_value());
    directory = opened->get();
    world = &env;
    link::node_links links(env, {});
    change({kafka::messages::register_broker_record{
        .broker_id = 1, .broker_epoch = log_end_.value(), .fenced = false}});
    const auto topic_of = [this](const kafka::topic_partition& which) {
        const auto* found = image.find_topic(which.topic);
        return found != nullptr && which.partition == kafka::partition_index(0);
    };
    replicas owned(
        env,
        {.self = kafka::node_id(1)},
        {.directories = {directory},
         .links = links,
         .alter_partition = [this](kafka::messages::alter_partition_request request)
             -> runtime::awaitable<std::optional<kafka::messages::alter_partition_response>> {
             return answer_alteration(std::move(request));
         },
         .settings_of = [this](const metadata::image&, const std::string&) { return settings; },
         .exists = topic_of,
         .exists_by_id =
             [this](const metadata::topic_partition_id& which) {
                 return image.find_partition(which) != nullptr;
             },
         .leadership_changed =
             [this](const hosted_partition& which, std::optional<kafka::leader_epoch> epoch) {
                 leaderships.push_back(fmt::format(
                     "{} {}", which.name(), epoch ? fmt::to_string(epoch->value()) : "none"));
             },
         .directory_failed = [this](const kafka::uuid& id) { failed_directories.push_back(id); }});
    owned.start();
    owned.registered(image.brokers().at(kafka::node_id(1)).epoch);
    owned.load(image);
    here = &owned;
    std::exception_ptr failure;
    try {
        co_await owned.until_settled();
        // The epoch has to be on the disk first.
        co_await env.sleep_for(20ms);
        co_await what();
        owned.check_invariants();
    } catch (...) {
        failure = std::current_exception();
    }
    here = nullptr;
    co_await owned.stop();
    co_await links.stop();
    co_await directory->stop();
    if (failure) std::rethrow_exception(failure);
}

runtime::awaitable<std::optional<kafka::messages::alter_partition_response>>
lone_node::answer_alteration(kafka::messages::alter_partition_request request) {
    alterations.push_back(std::move(request));
    co_await world->sleep_for(10ms);
    co_return std::nullopt;
}

runtime::awaitable<std::expected<appended, error_code>> lone_node::append(
    sample_batch wish, required_acks acks, std::optional<guard> verified) {
    std::vector<std::byte> batch = make_batch(wish);
    const partition_ptr to = partition();
    co_return co_await to->append({.batch = batch, .acks = acks, .verified = verified});
}

runtime::awaitable<error_code> lone_node::produce(sample_batch wish, runtime::duration timeout) {
    const auto done = co_await append(wish);
    if (!done) co_return done.error();
    const partition_ptr to = partition();
    const auto committed = co_await to->wait_committed(done->to_commit(), world->now() + timeout);
    co_return committed ? error_code::none : committed.error();
}

kafka::messages::fetch_request lone_node::consumer_request(std::int64_t from,
                                                           const std::string& topic) {
    kafka::messages::fetch_request request{.min_bytes = 1};
    request.topics.push_back(
        {.topic = topic,
         .partitions = {{.partition = 0, .fetch_offset = from, .partition_max_bytes = 10'000}}});
    return request;
}

runtime::awaitable<kafka::messages::fetch_response> lone_node::fetch(
    kafka::messages::fetch_request what, runtime::duration wait) {
    fetched result =
        co_await serve_fetch(*here, std::move(what), {.deadline = world->now() + wait});
    co_return std::move(result.response);
}

}  // namespace verdikt::broker::replication::host
