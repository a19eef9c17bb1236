/// The names of log levels, as they stand in log lines and in settings.
#pragma once

#include "runtime/check.h"
#include "runtime/log.h"

#include <string_view>

namespace verdikt::runtime {

[[nodiscard]] inline std::string_view describe(log_level level) {
    switch (level) {
        case log_level::debug:
            return "debug";
        case log_level::info:
            return "info";
        case log_level::warning:
            return "warning";
        case log_level::error:
            return "error";
    }
    CHECK(false, "a log level of value {}", static_cast<int>(level));
    return {};
}

}  // namespace verdikt::runtime
