/// How clients are told what storage answers.
#pragma once

#include "broker/storage/errc.h"
#include "kafka/error_codes.h"

namespace verdikt::broker::storage {

[[nodiscard]] kafka::error_code to_error_code(errc error);

}  // namespace verdikt::broker::storage
