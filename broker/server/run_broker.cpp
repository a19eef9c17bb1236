// The life of a broker from its start to its end, however it ends.
#include "broker/server/broker.h"
#include "runtime/scope.h"

#include <exception>
#include <expected>
#include <string>
#include <utility>

namespace verdikt::broker::server {

namespace {

using start_result = std::expected<void, std::string>;

runtime::awaitable<void> end_when_requested(runtime::notification& stop_requested,
                                            runtime::scope& serving) {
    co_await stop_requested.wait();
    serving.cancel();
}

runtime::awaitable<void> start_and_watch(broker& node,
                                         start_result& result,
                                         runtime::scope& serving) {
    result = co_await node.start();
    if (result) result = std::unexpected(co_await node.until_failed());
    serving.cancel();
}

/// A stop that is requested while the broker starts ends the start: recovery may take long.
runtime::awaitable<start_result> serve(runtime::environment& world,
                                       broker& node,
                                       runtime::notification& stop_requested) {
    start_result result;
    runtime::scope serving(world.get_executor());
    serving.spawn(end_when_requested(stop_requested, serving));
    serving.spawn(start_and_watch(node, result, serving));
    co_await serving.join();
    co_return result;
}

}  // namespace

runtime::awaitable<start_result> run_broker(runtime::environment& world,
                                            broker_config config,
                                            runtime::notification& stop_requested) {
    broker node(world, std::move(config));
    start_result result;
    std::exception_ptr failure;
    try {
        result = co_await serve(world, node, stop_requested);
    } catch (...) {
        failure = std::current_exception();
    }
    co_await node.stop();
    if (failure) std::rethrow_exception(failure);
    co_return result;
}

}  // namespace verdikt::broker::server
