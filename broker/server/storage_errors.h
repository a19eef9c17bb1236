/// What a client is told when storage does not do what it was asked to.
#pragma once

#include "broker/storage/wire_errors.h"

namespace verdikt::broker::server {

using storage::to_error_code;

}  // namespace verdikt::broker::server
