/// Another program, run beside this one.
///
/// It never outlives us: the kernel kills it when the thread that started it ends, however that
/// happens (PR_SET_PDEATHSIG), so start it from the thread that runs the loop. It stands in a
/// process group of its own, so that Ctrl-C reaches us alone and we decide how it ends. Its
/// standard input is empty, output and errors are appended to one file; or it speaks with us.
///
/// Requires: lives on one executor, and no `wait_for_end` is under way when it is destroyed.
#pragma once

#include "runtime/awaitable.h"
#include "runtime/environment.h"

#include <sys/types.h>
#include <boost/asio/posix/basic_stream_descriptor.hpp>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace verdikt::runtime::real {

struct program_call {
    std::filesystem::path program;
    std::vector<std::string> arguments;  ///< Without the program's name.
    std::filesystem::path output;        ///< Created where it is missing.
    /// Becomes its standard input and output; errors still go to the file. -1: none.
    int channel = -1;
};

/// How a process ended: by itself with a code, or by a signal.
struct process_end {
    int exit_code = 0;
    int signal = 0;  ///< 0: it ended by itself.

    bool operator==(const process_end&) const = default;
};

/// `with exit code 1`, `by signal 9 (Killed)`.
[[nodiscard]] std::string describe(const process_end& end);

class child_process {
  public:
    /// Throws std::system_error if there is no process or no output file to be had. A program that
    /// cannot be run shows as one that ended with exit code 127.
    child_process(const executor& loop, const program_call& call);
    child_process(const child_process&) = delete;
    child_process& operator=(const child_process&) = delete;
    /// Kills it, if it still runs, and waits for that.
    ~child_process();

    /// Returns once it has ended, at once if it has. Throws `operation_aborted` when cancelled. One
    /// caller at a time.
    awaitable<process_end> wait_for_end();

    /// No effect once it has ended.
    void send_signal(int number) noexcept;

    [[nodiscard]] pid_t id() const { return id_; }
    /// Nothing while it runs, as far as anybody has waited.
    [[nodiscard]] const std::optional<process_end>& end() const { return end_; }

  private:
    pid_t id_;
    boost::asio::posix::basic_stream_descriptor<executor> watched_;  ///< Readable once it ended.
    std::optional<process_end> end_;
};

/// The file that this very program was started from.
[[nodiscard]] std::filesystem::path own_program();

}  // namespace verdikt::runtime::real
