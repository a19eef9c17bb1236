/// Requests that mean something, for every message and version, made by walking the codec's tables:
/// what a field is given follows from its name.
#pragma once

#include "kafka/messages/schema.h"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace verdikt::broker::server {

/// About the topic "orders" and the group "group". Records in it live as long as the program.
std::shared_ptr<void> sample_request(const kafka::messages::message_schema& schema,
                                     std::int16_t version);

/// Replaces times to wait for and acks by what keeps a test short and answered.
void shorten_waits(const kafka::messages::message_schema& schema,
                   std::int16_t version,
                   void* request);

/// Every `error_code` in the message, at any depth, in wire order.
std::vector<std::int16_t> error_codes_in(const kafka::messages::message_schema& schema,
                                         std::int16_t version,
                                         const void* message);

}  // namespace verdikt::broker::server
