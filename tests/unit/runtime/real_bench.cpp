#include "tests/unit/runtime/real_bench.h"

#include "runtime/scope.h"

#include <unistd.h>

#include <exception>
#include <stdexcept>

namespace verdikt::runtime {

temporary_directory::temporary_directory() {
    std::string name = (std::filesystem::temp_directory_path() / "verdikt-runtime-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no directory " + name);
    path_ = name;
}

temporary_directory::~temporary_directory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

namespace {

awaitable<void> keep_failure(awaitable<void> main, std::exception_ptr& failure) {
    try {
        co_await std::move(main);
    } catch (...) {
        failure = std::current_exception();
    }
}

}  // namespace

void real_bench::run(awaitable<void> main) {
    std::exception_ptr failure;
    scope programs(context_.get_executor());
    programs.spawn(keep_failure(std::move(main), failure));
    context_.restart();
    context_.run();
    if (failure) std::rethrow_exception(failure);
}

}  // namespace verdikt::runtime
