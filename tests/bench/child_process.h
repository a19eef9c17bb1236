/// A program that the benchmark starts beside itself, so that what it measures runs as it would for
/// a user: in a process of its own.
///
/// Its standard output and error come through one pipe, which only `wait_for_line` reads, or go to
/// a file; it is told to die with us, and is killed when this object goes.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace verdikt::bench {

class child_process {
  public:
    /// `processor` is the only one it may use, where given. Throws if it cannot be started.
    child_process(const std::string& program,
                  const std::vector<std::string>& arguments,
                  std::optional<int> processor);
    /// What it says goes to the end of a file, for a program that says more than a pipe holds.
    child_process(const std::string& program,
                  const std::vector<std::string>& arguments,
                  std::optional<int> processor,
                  const std::filesystem::path& output);
    child_process(const child_process&) = delete;
    child_process& operator=(const child_process&) = delete;
    ~child_process();

    /// The first line of its output that contains `text`. Throws if it ends before it says so.
    /// Requires: its output comes through a pipe.
    std::string wait_for_line(std::string_view text);
    /// As by SIGKILL; returns once it is gone. Idempotent.
    void kill();
    /// As by SIGTERM; returns once it is gone.
    void terminate();
    /// Without waiting for what comes of it. Requires: it was not killed or terminated.
    void send_signal(int number);

    /// CPU time that all its threads have used.
    [[nodiscard]] double cpu_seconds() const;
    /// Memory that is its own: heap and stacks, no files, no kernel buffers.
    [[nodiscard]] std::uint64_t own_memory() const;
    [[nodiscard]] std::size_t open_descriptors() const;

  private:
    void start(const std::string& program,
               const std::vector<std::string>& arguments,
               int output,
               std::optional<int> processor);
    void end(int signal);
    [[nodiscard]] std::optional<std::string> take_line();

    pid_t id_ = -1;
    int output_ = -1;
    std::string unread_;
};

/// The path of a program that was built beside this one.
[[nodiscard]] std::string program_beside_us(std::string_view name);

/// Binds the calling process to one processor, or to those it had at the start of the program.
void run_on(std::optional<int> processor);

/// Where the programs under test run while they are pinned, and where what loads them runs; nothing
/// where there are not two processors.
[[nodiscard]] std::optional<int> processor_of_servers();
[[nodiscard]] std::optional<int> processor_of_load();

}  // namespace verdikt::bench
