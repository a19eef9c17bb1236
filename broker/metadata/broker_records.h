/// Broker registrations and the records that describe them.
#pragma once

#include "broker/metadata/cluster.h"
#include "kafka/messages/metadata_broker_records.h"
#include "kafka/types.h"

namespace verdikt::broker::metadata {

[[nodiscard]] broker_registration to_registration(
    const kafka::messages::register_broker_record& from);
[[nodiscard]] kafka::messages::register_broker_record to_record(kafka::node_id which,
                                                                const broker_registration& from);

[[nodiscard]] broker_registration changed_by(
    const kafka::messages::broker_registration_change_record& change, broker_registration before);

}  // namespace verdikt::broker::metadata
