/// The JSON lines by which Kafka's verifiable clients tell a harness what they do.
#pragma once

#include "runtime/environment.h"

#include <nlohmann/json.hpp>

#include <string_view>

namespace verdikt::cli {

/// Prints `{"timestamp": …, "name": …, fields}` on one line and flushes it: a harness reads along.
void print_event(const runtime::environment& world,
                 std::string_view name,
                 nlohmann::ordered_json fields = {});

}  // namespace verdikt::cli
