/// The file that a clean stop leaves in a log directory, as Kafka reads and writes it.
#pragma once

#include "kafka/types.h"

#include <string>
#include <string_view>

namespace verdikt::broker::storage {

[[nodiscard]] std::string print_clean_marker(kafka::broker_epoch epoch);
/// The broker epoch that it names; -1 if it names none, or is none of ours.
[[nodiscard]] kafka::broker_epoch parse_clean_marker(std::string_view text);

}  // namespace verdikt::broker::storage
