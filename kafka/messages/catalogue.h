/// All messages that this folder knows.
#pragma once

#include "kafka/api_keys.h"
#include "kafka/messages/schema.h"

#include <span>

namespace verdikt::kafka::messages {

/// Requests and responses by api key, then headers, the data messages and the metadata records.
[[nodiscard]] std::span<const message_schema* const> all_messages();

/// The request or response of that key, or nullptr if this folder lacks it.
[[nodiscard]] const message_schema* find_message(api_key key, message_role role);

}  // namespace verdikt::kafka::messages
