/// What becomes of a system call that failed where no measurement makes sense without it.
#pragma once

#include <cerrno>
#include <system_error>

namespace verdikt::bench {

/// Throws what errno says. `call`: the call that failed.
[[noreturn]] inline void fail(const char* call) {
    throw std::system_error(errno, std::generic_category(), call);
}

}  // namespace verdikt::bench
