/// What a client is told when storage does not do what it was asked to.
#pragma once

#include "broker/storage/errc.h"
#include "kafka/error_codes.h"

namespace verdikt::broker::server {

[[nodiscard]] kafka::error_code to_error_code(storage::errc error);

}  // namespace verdikt::broker::server
