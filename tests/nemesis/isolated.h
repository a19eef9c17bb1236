/// Runs a test's body in namespaces of its own, in a process of its own, as root or as a user.
#pragma once

#include "nemesis/labs/local_lab.h"
#include "runtime/real/world.h"

#include <filesystem>
#include <functional>
#include <string>

namespace verdikt::tests {

enum class identity { root, user };

[[nodiscard]] std::string to_text(identity who);

/// A folder that both may write, removed at the end.
class shared_folder {
  public:
    shared_folder();
    shared_folder(const shared_folder&) = delete;
    shared_folder& operator=(const shared_folder&) = delete;
    ~shared_folder();

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

using world_body = std::function<runtime::awaitable<void>(runtime::real::world&)>;

/// Why such a run is impossible here; empty if it is not.
[[nodiscard]] std::string obstacle(identity who);

/// With what exit code a process ends that does so: 1 if an expectation failed in there, 128 and
/// the signal's number if one ended it. `isolate`: in namespaces.
[[nodiscard]] int exit_code_as(identity who, bool isolate, const world_body& body);

/// Failed expectations within fail the test out here as well.
void run_as(identity who, bool isolate, const world_body& body);

/// The ids of the processes on this machine whose command line has `word`.
[[nodiscard]] std::vector<int> processes_with(const std::string& word);

}  // namespace verdikt::tests
