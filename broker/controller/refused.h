/// What a rule of the controller answers where it refuses.
#pragma once

#include "broker/controller/decision.h"

#include <expected>
#include <string>
#include <utility>

namespace verdikt::broker::controller {

inline std::unexpected<fault> refused(kafka::error_code code, std::string message) {
    return std::unexpected(fault{.code = code, .message = std::move(message)});
}

}  // namespace verdikt::broker::controller
