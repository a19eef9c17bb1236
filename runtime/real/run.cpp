#include "runtime/real/run.h"

#include "runtime/scope.h"

#include <sys/resource.h>

#include <exception>
#include <string>
#include <utility>

namespace verdikt::runtime::real {

namespace {

constexpr int failure_code = 1;

std::string describe_failure(const std::exception_ptr& failure) {
    try {
        std::rethrow_exception(failure);
    } catch (const std::exception& error) {
        return error.what();
    } catch (...) {
        return "unknown exception";
    }
}

/// A broker holds one for each log and connection. What a process gets without asking is meant for
/// programs that use select(2).
void allow_many_descriptors() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    (void)::setrlimit(RLIMIT_NOFILE, &limit);
}

awaitable<void> keep_exit_code(const std::function<awaitable<int>(world&)>& main,
                               world& here,
                               int& code) {
    std::exception_ptr failure;
    try {
        code = co_await main(here);
    } catch (...) {
        failure = std::current_exception();
    }
    if (!failure) co_return;
    here.log().write(log_level::error, "program_failed", {{"reason", describe_failure(failure)}});
    code = failure_code;
}

}  // namespace

int run(world_options options, std::function<awaitable<int>(world&)> main) {
    allow_many_descriptors();
    // One thread runs it; others (disk workers, the resolver) only post to it.
    boost::asio::io_context context(1);
    world here(context, std::move(options));
    scope programs(context.get_executor());
    int code = failure_code;
    programs.spawn(keep_exit_code(main, here, code));
    context.run();
    return code;
}

}  // namespace verdikt::runtime::real
