/// docs/configuration.md, written from the tables of config_key.h.
#pragma once

#include <string>

namespace verdikt::broker::server {

[[nodiscard]] std::string configuration_document();

}  // namespace verdikt::broker::server
