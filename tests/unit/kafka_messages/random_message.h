/// Messages with random content, made by walking the same tables that the codec walks.
#pragma once

#include "kafka/messages/schema.h"
#include "runtime/random.h"

#include <memory>

namespace verdikt::kafka::messages {

/// A message that `version` can carry: fields of other versions keep their defaults. Its records,
/// if it has any, borrow memory that lives as long as the program.
std::shared_ptr<void> random_message(const message_schema& schema,
                                     std::int16_t version,
                                     runtime::random_source& chance);

}  // namespace verdikt::kafka::messages
