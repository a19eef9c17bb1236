/// What the tools that talk to a cluster share: flags, the loop they run in, how they fail.
#pragma once

#include "cli/subcommand.h"
#include "client/configuration.h"
#include "client/error.h"
#include "runtime/real/world.h"

#include <exception>
#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace verdikt::cli {

/// What was asked for could not be done: exit code 1.
class tool_failure : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// `--bootstrap-server` and the file of further client settings.
struct cluster_flags {
    std::string bootstrap_server;
    std::string settings_file;

    /// `file_flag` is what Kafka calls the settings file here: `--command-config` and the like.
    void declare(flags& app, const std::string& file_flag);

    /// The settings of the file, then of `extra`, which win. Throws bad_arguments.
    [[nodiscard]] client::client_config settings(
        client::role who, const std::map<std::string, std::string>& extra = {}) const;
};

/// `key=value` items as a map. Throws bad_arguments.
[[nodiscard]] std::map<std::string, std::string> settings_of(const std::vector<std::string>& items);

/// Lines of `key=value`; empty lines and comments (`#`, `!`) are passed over. Throws bad_arguments.
[[nodiscard]] std::map<std::string, std::string> read_settings_file(const std::string& path);

using tool_body = std::function<runtime::awaitable<int>(runtime::real::world&)>;

/// Runs `body` to its end in the real world. Warnings and errors are logged to stderr.
[[nodiscard]] int run_tool(const tool_body& body);

/// Ends early, by cancelling `work`, when SIGINT or SIGTERM arrives. True if `work` ended by
/// itself.
[[nodiscard]] runtime::awaitable<bool> until_terminated(runtime::real::world& world,
                                                        runtime::awaitable<void> work);

/// Throws tool_failure with the error's message, and `what` was being done, if there is one.
template <typename T>
T value_or_fail(client::result<T> outcome, std::string_view what) {
    if (!outcome) throw tool_failure(std::string(what) + ": " + outcome.error().message());
    if constexpr (!std::is_void_v<T>) return std::move(*outcome);
}

/// Makes a producer, consumer or admin, and closes it whatever happens in `body`.
template <typename Client, typename Body>
runtime::awaitable<int> with_client(runtime::environment& world,
                                    client::client_config config,
                                    Body body) {
    Client connected(world, std::move(config));
    std::exception_ptr failure;
    int exit_code = 0;
    try {
        exit_code = co_await body(connected);
    } catch (...) {
        failure = std::current_exception();
    }
    co_await connected.close();
    if (failure) std::rethrow_exception(failure);
    co_return exit_code;
}

}  // namespace verdikt::cli
