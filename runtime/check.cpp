#include "runtime/check.h"

#include <cstdio>
#include <cstdlib>

namespace verdikt::runtime {

namespace {
thread_local std::function<std::string()> failure_context;
}

void set_failure_context(std::function<std::string()> describe) {
    failure_context = std::move(describe);
}

void fail_check(std::string_view condition,
                std::string_view file,
                int line,
                std::string_view message) {
    const std::string context = failure_context ? failure_context() : std::string();
    fmt::print(stderr, "check failed: {}\n  at {}:{}\n", condition, file, line);
    if (!message.empty()) fmt::print(stderr, "  {}\n", message);
    if (!context.empty()) fmt::print(stderr, "  {}\n", context);
    std::fflush(stderr);
    std::abort();
}

}  // namespace verdikt::runtime
