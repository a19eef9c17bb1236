/// Our own client while leaders are killed. See try_failover.py for how it speaks.
#include "runtime/real/run.h"
#include "tests/interop/verdikt/conversation.h"

#include <cstdlib>
#include <string>

namespace verdikt::interop {
namespace {

std::vector<std::string> split(const std::string& addresses) {
    std::vector<std::string> found;
    for (std::size_t from = 0; from <= addresses.size();) {
        const std::size_t to = std::min(addresses.find(',', from), addresses.size());
        found.push_back(addresses.substr(from, to - from));
        from = to + 1;
    }
    return found;
}

std::chrono::milliseconds time_of_a_feature() {
    const char* const wanted = std::getenv("VERDIKT_FAILOVER_SECONDS");
    return std::chrono::milliseconds(
        static_cast<std::int64_t>(1000 * std::strtod(wanted != nullptr ? wanted : "6", nullptr)));
}

runtime::awaitable<int> try_everything(runtime::environment& world, plan of) {
    say("version of this build");
    co_await try_writes_and_group(world, of);
    co_await try_transactions(world, of);
    co_return 0;
}

}  // namespace
}  // namespace verdikt::interop

int main(int count, char** words) {
    using namespace verdikt;
    if (count != 2) {
        fmt::print(stderr, "usage: interop-verdikt HOST:PORT,...\n");
        return 2;
    }
    const interop::plan plan{.brokers = interop::split(words[1]),
                             .time = interop::time_of_a_feature()};
    return runtime::real::run(
        {}, [&plan](auto& world) { return interop::try_everything(world, plan); });
}
