/// For readers of what a storm left, to whom nothing may fail.
#pragma once

#include "client/error.h"

#include <stdexcept>
#include <utility>

namespace verdikt::tests {

template <typename T>
T value_or_throw(client::result<T> outcome) {
    if (!outcome) throw std::runtime_error("reading failed: " + outcome.error().message());
    return std::move(*outcome);
}

}  // namespace verdikt::tests
