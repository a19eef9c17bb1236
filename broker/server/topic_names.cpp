#include "broker/server/topic_names.h"

#include <fmt/format.h>

namespace verdikt::broker::server {

std::optional<std::string> topic_name_warning(std::string_view name) {
    if (name.find_first_of("._") == std::string_view::npos) return std::nullopt;
    return fmt::format(
        "'{}' has a period or an underscore, and metric names take both for the same: it is best "
        "to use one of them only",
        name);
}

}  // namespace verdikt::broker::server
