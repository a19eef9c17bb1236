#include "broker/server/config_key.h"

#include "runtime/check.h"

#include <algorithm>

namespace verdikt::broker::server {

const config_key* find_key(std::span<const config_key> keys, std::string_view name) {
    const auto found = std::ranges::find(keys, name, &config_key::name);
    return found == keys.end() ? nullptr : &*found;
}

std::string_view type_name(config_type type) {
    switch (type) {
        case config_type::boolean:
            return "boolean";
        case config_type::int16:
            return "short";
        case config_type::int32:
            return "int";
        case config_type::int64:
            return "long";
        case config_type::real:
            return "double";
        case config_type::text:
            return "string";
        case config_type::list:
            return "list";
    }
    CHECK(false, "a config type of value {}", static_cast<int>(type));
    return {};
}

}  // namespace verdikt::broker::server
