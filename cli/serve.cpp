/// `verdikt serve`: the store as web pages.
#include "cli/store.h"
#include "cli/store_server.h"
#include "cli/subcommands.h"
#include "cli/tool.h"
#include "runtime/real/run.h"

#include <fmt/format.h>
#include <boost/asio/ip/address.hpp>

#include <cstdio>
#include <limits>
#include <memory>

namespace verdikt::cli {

namespace {

struct serve_options {
    std::string store = "store";
    std::string bind = "127.0.0.1";
    std::int32_t port = 8080;
};

/// Throws bad_arguments.
boost::asio::ip::address address_of(const serve_options& options) {
    boost::system::error_code failure;
    auto address = boost::asio::ip::make_address(options.bind, failure);
    if (failure) throw bad_arguments(fmt::format("--bind: '{}' is no IP address", options.bind));
    return address;
}

std::string url_of(const boost::asio::ip::address& address, std::uint16_t port) {
    const char* const shape = address.is_v6() ? "http://[{}]:{}/" : "http://{}:{}/";
    return fmt::format(fmt::runtime(shape), address.to_string(), port);
}

runtime::awaitable<int> serve(runtime::real::world& world,
                              store& from,
                              boost::asio::ip::address address,
                              std::uint16_t port) {
    store_server server(world, from);
    const auto there = co_await server.listen({address.to_string(), port});
    if (!there) {
        fmt::print(
            stderr, "cannot listen at {}: {}\n", url_of(address, port), describe(there.error()));
        co_return exit_failed;
    }
    fmt::print("{} at {}\n", from.root().string(), url_of(address, there->port));
    std::fflush(stdout);
    std::exception_ptr failure;
    try {
        co_await until_terminated(world, server.run());
    } catch (...) {
        failure = std::current_exception();
    }
    co_await server.stop();
    if (failure) std::rethrow_exception(failure);
    co_return 0;
}

int run_serve(const serve_options& options) {
    const auto address = address_of(options);
    if (options.port > std::numeric_limits<std::uint16_t>::max()) {
        throw bad_arguments("--port: at most 65535");
    }
    store from(options.store);
    if (!address.is_loopback()) {
        fmt::print(stderr,
                   "warning: whoever reaches {} can read every run, its logs and settings\n",
                   address.to_string());
    }
    runtime::real::world_options made;
    made.node = "verdikt";
    made.disk_roots = {from.root()};
    made.log.level = runtime::log_level::warning;
    return runtime::real::run(std::move(made), [&](runtime::real::world& world) {
        return serve(world, from, address, static_cast<std::uint16_t>(options.port));
    });
}

}  // namespace

action declare_serve(flags& app) {
    const auto options = std::make_shared<serve_options>();
    app.add_option("--store", options->store, "The folder of all runs");
    app.add_option("--bind", options->bind, "The address; only this machine reaches the default");
    app.add_option("--port", options->port, "0: a free one").non_negative();
    return [options] { return run_serve(*options); };
}

}  // namespace verdikt::cli
