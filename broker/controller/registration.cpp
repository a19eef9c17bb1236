#include "broker/controller/registration.h"

#include "broker/controller/broker_states.h"
#include "kafka/error_codes.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace verdikt::broker::controller {

namespace messages = kafka::messages;
using kafka::error_code;
using metadata::broker_registration;

namespace {

bool has_levels(const messages::broker_registration_request& request,
                const std::string& feature,
                std::int16_t level) {
    return std::ranges::any_of(request.features, [&](const auto& supported) {
        return supported.name == feature && supported.min_supported_version <= level &&
               level <= supported.max_supported_version;
    });
}

bool names_are_distinct(const messages::broker_registration_request& request) {
    std::set<std::string_view> names;
    return std::ranges::all_of(request.listeners, [&](const auto& listener) {
        return names.insert(listener.name).second;
    });
}

/// Directories are how a wiped or swapped disk is told from the one that was there.
bool directories_are_its_own(const metadata::image& image,
                             const messages::broker_registration_request& request) {
    std::set<kafka::uuid> seen;
    for (const kafka::uuid& directory : request.log_dirs) {
        if (directory == metadata::unassigned_directory || !seen.insert(directory).second)
            return false;
    }
    return std::ranges::none_of(image.brokers(), [&](const auto& other) {
        return other.first.value() != request.broker_id &&
               std::ranges::any_of(other.second.log_dirs, [&](const kafka::uuid& directory) {
                   return seen.contains(directory);
               });
    });
}

error_code check(const draft& into, const messages::broker_registration_request& request) {
    if (request.cluster_id != into.settings().cluster_id)
        return error_code::inconsistent_cluster_id;
    if (request.broker_id < 0 || request.listeners.empty() || !names_are_distinct(request))
        return error_code::invalid_registration;
    if (!directories_are_its_own(into.image(), request)) return error_code::invalid_registration;
    for (const auto& [feature, level] : into.image().features()) {
        if (!has_levels(request, feature, level)) return error_code::unsupported_version;
    }
    return error_code::none;
}

messages::register_broker_record record_of(const messages::broker_registration_request& request,
                                           kafka::offset where) {
    messages::register_broker_record record{.broker_id = request.broker_id,
                                            .incarnation_id = request.incarnation_id,
                                            .broker_epoch = where.value(),
                                            .rack = request.rack,
                                            .fenced = true,
                                            .log_dirs = request.log_dirs};
    for (const auto& listener : request.listeners) {
        record.end_points.push_back({.name = listener.name,
                                     .host = listener.host,
                                     .port = listener.port,
                                     .security_protocol = listener.security_protocol});
    }
    for (const auto& feature : request.features) {
        record.features.push_back({.name = feature.name,
                                   .min_supported_version = feature.min_supported_version,
                                   .max_supported_version = feature.max_supported_version});
    }
    return record;
}

}  // namespace

messages::broker_registration_response register_broker(
    draft& into,
    broker_sessions& sessions,
    const messages::broker_registration_request& request,
    runtime::instant now) {
    messages::broker_registration_response answer;
    const kafka::node_id which(request.broker_id);
    answer.error_code = kafka::to_wire(check(into, request));
    if (answer.error_code != 0) return answer;
    const broker_registration* present = into.image().find_broker(which);
    if (present != nullptr && present->incarnation == request.incarnation_id) {
        answer.broker_epoch = present->epoch.value();
        return answer;
    }
    if (present != nullptr && sessions.is_live(which, now)) {
        answer.error_code = kafka::to_wire(error_code::duplicate_broker_registration);
        return answer;
    }
    const bool stopped_cleanly =
        present != nullptr && request.previous_broker_epoch == present->epoch.value();
    answer.broker_epoch = into.next_offset().value();
    into.append(record_of(request, into.next_offset()));
    if (stopped_cleanly) {
        retire_replicas(into, which);
    } else {
        drop_replicas(into, which);
    }
    sessions.start(which, now);
    return answer;
}

messages::unregister_broker_response unregister_broker(
    draft& into, broker_sessions& sessions, const messages::unregister_broker_request& request) {
    messages::unregister_broker_response answer;
    answer.error_message.reset();
    const kafka::node_id which(request.broker_id);
    const broker_registration* present = into.image().find_broker(which);
    if (present == nullptr) {
        answer.error_code = kafka::to_wire(error_code::broker_id_not_registered);
        answer.error_message = fmt::format("broker {} is not registered", which);
        return answer;
    }
    const messages::unregister_broker_record record{.broker_id = request.broker_id,
                                                    .broker_epoch = present->epoch.value()};
    into.append(record);
    drop_replicas(into, which);
    sessions.end(which);
    return answer;
}

}  // namespace verdikt::broker::controller
