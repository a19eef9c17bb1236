#include "cli/event_lines.h"

#include <fmt/format.h>

#include <cstdio>

namespace verdikt::cli {

void print_event(const runtime::environment& world,
                 std::string_view name,
                 nlohmann::ordered_json fields) {
    nlohmann::ordered_json line{{"timestamp", world.wall_time().time_since_epoch().count()},
                                {"name", name}};
    if (fields.is_object()) line.update(fields);
    // Keys and values are bytes to Kafka; what is not UTF-8 must not end the tool.
    fmt::print("{}\n", line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
    std::fflush(stdout);
}

}  // namespace verdikt::cli
