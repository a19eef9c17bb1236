/// Metadata: which brokers and topics there are. Asking for a topic may create it.
#include "broker/metadata/client_view.h"
#include "broker/metadata/topic_names.h"
#include "broker/server/api_table.h"
#include "broker/server/forwarding.h"
#include "broker/server/handlers.h"

#include <algorithm>
#include <utility>

namespace verdikt::broker::server {

namespace {

using kafka::error_code;
using metadata::told_topic;

/// From here on a topic in an answer may lack its name.
constexpr std::int16_t nameless_version = 12;

/// Until topic ids are what clients fetch by, a topic asked for by id alone is looked up by it.
struct wanted_topic {
    std::optional<std::string> name;
    kafka::uuid id;
};

told_topic refuse(const wanted_topic& wanted, error_code code) {
    told_topic answer;
    answer.error_code = kafka::to_wire(code);
    answer.name = wanted.name;
    answer.topic_id = wanted.id;
    return answer;
}

/// Has the controller make it with the cluster's defaults. Metadata that nobody has applied here
/// yet is asked for again: LEADER_NOT_AVAILABLE.
runtime::awaitable<told_topic> create_automatically(node_services& here,
                                                    wanted_topic wanted,
                                                    std::string listener) {
    messages::create_topics_request request;
    request.topics.push_back(
        {.name = *wanted.name, .num_partitions = -1, .replication_factor = -1});
    request.timeout_ms = static_cast<std::int32_t>(forwarding_patience.count());
    const auto made = co_await ask_controller<messages::create_topics_response>(here, request);
    const auto code = made.topics.empty() ? error_code::not_controller
                                          : kafka::to_error_code(made.topics.front().error_code);
    // Somebody else may have been faster.
    const bool exists = code == error_code::none || code == error_code::topic_already_exists;
    // So few brokers is what a cluster is while it starts: clients have to ask again, as Kafka has
    // them do (AutoTopicCreationManager), and the log says why where it stays so.
    if (code == error_code::invalid_replication_factor) {
        const auto& why = made.topics.front().error_message;
        here.world.log().write(runtime::log_level::warning,
                               "topic_not_created",
                               {{"topic", *wanted.name}, {"why", why.value_or("no reason given")}});
        co_return refuse(wanted, error_code::unknown_topic_or_partition);
    }
    if (!exists && !kafka::retriable(code)) co_return refuse(wanted, code);
    if (exists) co_await settle(here);
    const metadata::topic* found = here.metadata.image().find_topic(*wanted.name);
    if (found == nullptr) co_return refuse(wanted, error_code::leader_not_available);
    co_return metadata::topic_for(here.metadata.image(), *found, listener);
}

runtime::awaitable<told_topic> look_up(node_services& here,
                                       wanted_topic wanted,
                                       std::string listener,
                                       bool create) {
    const metadata::image& image = here.metadata.image();
    const bool by_id = !wanted.id.is_zero();
    const metadata::topic* found =
        by_id ? image.find_topic(wanted.id) : image.find_topic(*wanted.name);
    if (found != nullptr) co_return metadata::topic_for(image, *found, listener);
    if (by_id) co_return refuse(wanted, error_code::unknown_topic_id);
    if (metadata::topic_name_fault(*wanted.name)) {
        co_return refuse(wanted, error_code::invalid_topic_exception);
    }
    if (!create || metadata::is_internal_topic(*wanted.name)) {
        co_return refuse(wanted, error_code::unknown_topic_or_partition);
    }
    co_return co_await create_automatically(here, std::move(wanted), std::move(listener));
}

/// What was asked for by its id and not found has no name.
void give_names(messages::metadata_response& answer) {
    for (told_topic& topic : answer.topics) {
        if (!topic.name) topic.name = "";
    }
}

bool wants_all(const messages::metadata_request& request, std::int16_t version) {
    // Version 0 has no null: there an empty list means all, later it means none.
    return !request.topics || (version == 0 && request.topics->empty());
}

}  // namespace

runtime::awaitable<messages::metadata_response> handle_metadata(
    node_services& here, const request_context& asked, messages::metadata_request request) {
    const std::string& listener = asked.listener->name;
    messages::metadata_response answer;
    answer.cluster_id = here.cluster_id;
    if (wants_all(request, asked.version)) {
        for (const auto& [name, which] : here.topics.all()) {
            const metadata::topic* found = here.metadata.image().find_topic(which->id);
            if (found != nullptr) {
                answer.topics.push_back(
                    metadata::topic_for(here.metadata.image(), *found, listener));
            }
        }
    } else {
        const bool create =
            request.allow_auto_topic_creation && here.config.boolean("auto.create.topics.enable");
        for (auto& topic : *request.topics) {
            wanted_topic wanted{std::move(topic.name), topic.topic_id};
            if (!wanted.name && wanted.id.is_zero()) {
                answer.topics.push_back(refuse(wanted, error_code::invalid_request));
                continue;
            }
            answer.topics.push_back(co_await look_up(here, std::move(wanted), listener, create));
        }
    }
    answer.brokers = metadata::brokers_for(here.metadata.image(), listener);
    answer.controller_id = here.metadata.leader().value_or(kafka::no_node).value();
    if (asked.version < nameless_version) give_names(answer);
    co_return answer;
}

}  // namespace verdikt::broker::server
