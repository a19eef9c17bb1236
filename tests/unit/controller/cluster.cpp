#include "tests/unit/controller/cluster.h"

#include <algorithm>
#include "runtime/parse_number.h"

namespace verdikt::broker::controller::testing {

using kafka::error_code;

std::expected<std::string, fault> few_rules::checked(const metadata::config_resource& /*of*/,
                                                     const std::string& key,
                                                     const std::string& value) const {
    if (key == "cleanup.policy" || key == "unclean.leader.election.enable") return value;
    const bool is_number = runtime::parse_number<int>(value).has_value();
    if ((key == "min.insync.replicas" || key == "retention.ms") && is_number) return value;
    return std::unexpected(fault{error_code::invalid_config, key + " cannot be " + value});
}

std::optional<std::string> few_rules::default_list(const metadata::config_resource& /*of*/,
                                                   const std::string& key) const {
    if (key == "cleanup.policy") return "delete";
    return std::nullopt;
}

std::optional<fault> few_rules::conflict(const metadata::config_resource& /*of*/,
                                         const metadata::config_values& values) const {
    if (values.contains("retention.ms") && values.contains("cleanup.policy") &&
        values.at("cleanup.policy") == "compact")
        return fault{error_code::invalid_config, "retention.ms without deletion"};
    return std::nullopt;
}

controller_settings plain_settings() {
    controller_settings settings{.cluster_id = "court"};
    settings.auto_leader_rebalance_enable = false;
    return settings;
}

kafka::uuid uuid_of(int number) {
    kafka::uuid result;
    result.bytes[14] = static_cast<std::byte>(number >> 8);
    result.bytes[15] = static_cast<std::byte>(number);
    return result;
}

cluster::cluster(controller_settings settings) : controller(std::move(settings), rules) {
    metadata::image empty;
    empty.skip_to({kafka::offset(0), kafka::leader_epoch(1)});
    replayed_ = empty;
    take(controller.activate(empty, kafka::leader_epoch(1), when()));
}

messages::broker_registration_request cluster::registration(std::int32_t id,
                                                            std::int64_t previous_epoch) {
    process& which = processes[id];
    which.incarnation = uuid_of(++incarnations_);
    if (which.log_dirs.empty()) which.log_dirs = {uuid_of(100 + id)};
    messages::broker_registration_request request{.broker_id = id,
                                                  .cluster_id = "court",
                                                  .incarnation_id = which.incarnation,
                                                  .rack = which.rack,
                                                  .log_dirs = which.log_dirs,
                                                  .previous_broker_epoch = previous_epoch};
    request.listeners.push_back({.name = "PLAINTEXT", .host = "host", .port = 9092});
    return request;
}

messages::broker_registration_response cluster::enroll(std::int32_t id,
                                                       std::int64_t previous_epoch) {
    return enroll(registration(id, previous_epoch));
}

messages::broker_registration_response cluster::enroll(
    const messages::broker_registration_request& request) {
    const auto answer = take(controller.register_broker(request, when()));
    if (answer.error_code == 0) processes[request.broker_id].epoch = answer.broker_epoch;
    return answer;
}

void cluster::start(std::int32_t id, std::int64_t previous_epoch) {
    ASSERT_EQ(enroll(id, previous_epoch).error_code, 0);
    ASSERT_FALSE(beat(id).is_fenced);
}

void cluster::start_all(const ids& brokers) {
    for (const std::int32_t id : brokers) start(id);
}

messages::broker_heartbeat_request cluster::heartbeat_of(std::int32_t id) const {
    return {.broker_id = id,
            .broker_epoch = processes.at(id).epoch,
            .current_metadata_offset = log_end.value() - 1};
}

messages::broker_heartbeat_response cluster::beat(std::int32_t id) {
    return beat(heartbeat_of(id));
}

messages::broker_heartbeat_response cluster::beat(
    const messages::broker_heartbeat_request& request) {
    return take(controller.heartbeat(request, when()));
}

void cluster::pass_session(const ids& heard) {
    for (int step = 0; step < 10; ++step) {
        now += seconds(1);
        for (const std::int32_t id : heard) beat(id);
        tick();
    }
}

void cluster::fence(std::int32_t id) {
    auto request = heartbeat_of(id);
    request.want_fence = true;
    ASSERT_TRUE(beat(request).is_fenced);
}

kafka::uuid cluster::create(const std::string& name, const std::vector<ids>& replicas) {
    messages::create_topics_request request;
    auto& topic = request.topics.emplace_back();
    topic.name = name;
    topic.num_partitions = -1;
    topic.replication_factor = -1;
    for (const ids& brokers : replicas) {
        const auto index = static_cast<std::int32_t>(topic.assignments.size());
        topic.assignments.push_back({.partition_index = index, .broker_ids = brokers});
    }
    const auto answer = create(request).topics.at(0);
    EXPECT_EQ(answer.error_code, 0) << answer.error_message.value_or("");
    return answer.topic_id;
}

messages::create_topics_response cluster::create(messages::create_topics_request request) {
    return take(controller.create_topics(request, when(), chance));
}

void cluster::set_config(std::int8_t type,
                         const std::string& name,
                         const std::string& key,
                         std::optional<std::string> value) {
    messages::incremental_alter_configs_request request;
    auto& resource = request.resources.emplace_back();
    resource.resource_type = type;
    resource.resource_name = name;
    const std::int8_t operation = value ? 0 : 1;
    resource.configs.push_back(
        {.name = key, .config_operation = operation, .value = std::move(value)});
    const auto answer = take(controller.incremental_alter_configs(request, when()));
    ASSERT_EQ(answer.responses.at(0).error_code, 0);
}

const metadata::partition& cluster::partition(const std::string& topic, std::int32_t index) const {
    return image().find_topic(topic)->partitions.at(static_cast<std::size_t>(index));
}

messages::alter_partition_request cluster::proposal(const std::string& topic,
                                                    const ids& isr) const {
    const metadata::partition& present = partition(topic);
    messages::alter_partition_request request{.broker_id = present.leader.value()};
    if (processes.contains(request.broker_id))
        request.broker_epoch = processes.at(request.broker_id).epoch;
    auto& of_topic = request.topics.emplace_back();
    of_topic.topic_id = image().find_topic(topic)->id;
    auto& asked = of_topic.partitions.emplace_back();
    asked.leader_epoch = present.leader_epoch.value();
    asked.partition_epoch = present.epoch.value();
    for (const std::int32_t member : isr) {
        const auto known = processes.find(member);
        asked.new_isr_with_epochs.push_back(
            {.broker_id = member,
             .broker_epoch = known == processes.end() ? 0 : known->second.epoch});
    }
    return request;
}

messages::alter_partition_response cluster::alter(
    const messages::alter_partition_request& request) {
    return take(controller.alter_partition(request, when()));
}

error_code cluster::alter_error(const messages::alter_partition_request& request) {
    const auto answer = alter(request);
    if (answer.error_code != 0) return kafka::to_error_code(answer.error_code);
    return kafka::to_error_code(answer.topics.at(0).partitions.at(0).error_code);
}

error_code cluster::reassign(const std::string& topic, std::optional<ids> replicas) {
    messages::alter_partition_reassignments_request request;
    auto& of_topic = request.topics.emplace_back();
    of_topic.name = topic;
    of_topic.partitions.push_back({.partition_index = 0, .replicas = std::move(replicas)});
    const auto answer = take(controller.reassign_partitions(request, when()));
    return kafka::to_error_code(answer.responses.at(0).partitions.at(0).error_code);
}

error_code cluster::elect(const std::string& topic, std::int8_t type) {
    messages::elect_leaders_request request{.election_type = type};
    request.topic_partitions->push_back({.topic = topic, .partitions = {0}});
    const auto answer = take(controller.elect_leaders(request, when()));
    if (answer.error_code != 0) return kafka::to_error_code(answer.error_code);
    return kafka::to_error_code(
        answer.replica_election_results.at(0).partition_result.at(0).error_code);
}

void cluster::change_controller() {
    controller.deactivate();
    const kafka::leader_epoch next = replayed_.position().epoch.next();
    replayed_.skip_to({log_end, next});
    log_end = log_end.next();
    take(controller.activate(replayed_, next, when()));
}

void cluster::accept(const std::vector<metadata::record>& records) {
    const metadata::image before = replayed_;
    metadata::changes changed;
    for (const metadata::record& each : records) {
        const metadata::log_position where{log_end, image().position().epoch};
        ASSERT_TRUE(replayed_.apply(each, where, changed).has_value());
        log.emplace_back(each, where);
        log_end = log_end.next();
    }
    last_count_ = records.size();
    controller.check_invariants();
    ASSERT_EQ(replayed_, image());
    for (const auto& [id, topic] : before.topics()) {
        const metadata::topic* after = replayed_.find_topic(id);
        if (after == nullptr) continue;
        for (std::size_t index = 0; index < topic.partitions.size(); ++index) {
            ASSERT_GE(after->partitions[index].epoch, topic.partitions[index].epoch);
            ASSERT_GE(after->partitions[index].leader_epoch, topic.partitions[index].leader_epoch);
        }
    }
}

}  // namespace verdikt::broker::controller::testing
