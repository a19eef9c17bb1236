/// Conditions that hold unless there is a bug in this program.
///
/// `CHECK` is on in every build. `INVARIANT` may be expensive: it is on wherever VERDIKT_INVARIANTS
/// is defined (every preset but release). Both take an optional fmt format string and its
/// arguments, and abort after printing the condition, the place, the message and the failure
/// context.
///
/// Bad input and a failing disk are not bugs: they are values (`std::expected`), never a CHECK.
#pragma once

#include <fmt/format.h>

#include <functional>
#include <string>
#include <string_view>

namespace verdikt::runtime {

/// Describes where a run stands (seed, virtual time, node), so that a failed check can be replayed.
/// One a thread; pass an empty function to remove it.
void set_failure_context(std::function<std::string()> describe);

[[noreturn]] void fail_check(std::string_view condition,
                             std::string_view file,
                             int line,
                             std::string_view message);

}  // namespace verdikt::runtime

#define CHECK(condition, ...)                                                   \
    do {                                                                        \
        if (!(condition)) [[unlikely]]                                          \
            ::verdikt::runtime::fail_check(                                     \
                #condition, __FILE__, __LINE__, ::fmt::format("" __VA_ARGS__)); \
    } while (false)

#ifdef VERDIKT_INVARIANTS
#define INVARIANT(condition, ...) CHECK(condition __VA_OPT__(, ) __VA_ARGS__)
#else
#define INVARIANT(condition, ...) \
    do {                          \
    } while (false && (condition))
#endif
