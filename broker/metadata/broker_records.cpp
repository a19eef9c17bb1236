#include "broker/metadata/broker_records.h"

namespace verdikt::broker::metadata {

namespace messages = kafka::messages;

broker_registration to_registration(const messages::register_broker_record& from) {
    broker_registration result{.epoch = kafka::broker_epoch(from.broker_epoch),
                               .incarnation = from.incarnation_id,
                               .endpoints = {},
                               .features = {},
                               .rack = from.rack,
                               .log_dirs = from.log_dirs,
                               .fenced = from.fenced,
                               .in_controlled_shutdown = from.in_controlled_shutdown};
    for (const auto& point : from.end_points) {
        result.endpoints.push_back({.name = point.name,
                                    .host = point.host,
                                    .port = point.port,
                                    .security_protocol = point.security_protocol});
    }
    for (const auto& feature : from.features) {
        result.features[feature.name] = {.min = feature.min_supported_version,
                                         .max = feature.max_supported_version};
    }
    return result;
}

messages::register_broker_record to_record(kafka::node_id which, const broker_registration& from) {
    messages::register_broker_record result;
    result.broker_id = which.value();
    result.incarnation_id = from.incarnation;
    result.broker_epoch = from.epoch.value();
    for (const endpoint& point : from.endpoints) {
        result.end_points.push_back({.name = point.name,
                                     .host = point.host,
                                     .port = point.port,
                                     .security_protocol = point.security_protocol});
    }
    for (const auto& [feature, levels] : from.features) {
        result.features.push_back({.name = feature,
                                   .min_supported_version = levels.min,
                                   .max_supported_version = levels.max});
    }
    result.rack = from.rack;
    result.fenced = from.fenced;
    result.in_controlled_shutdown = from.in_controlled_shutdown;
    result.log_dirs = from.log_dirs;
    return result;
}

broker_registration changed_by(const messages::broker_registration_change_record& change,
                               broker_registration before) {
    if (change.fenced != 0) before.fenced = change.fenced > 0;
    if (change.in_controlled_shutdown > 0) before.in_controlled_shutdown = true;
    if (!change.log_dirs.empty()) before.log_dirs = change.log_dirs;
    return before;
}

}  // namespace verdikt::broker::metadata
